import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TERMINAL_BEHAVIOUR_FEATURES } from './declare-behaviour-features.ts';
import { FEATURE_COUNT, featureIndex } from './declare-features.ts';
import { FeatureKernel, type FeatureEvent } from './feature-kernel.ts';
import { DAY_MS, HISTORY_DAYS, LABEL_DELAY_DAYS } from './feature-windows.ts';

const START_MS = Date.UTC(2026, 2, 2);
const HOUR_MS = 3_600_000;
const USUAL_AT_MOST = 2.3;

interface Seen {
  readonly event: FeatureEvent;
  /** At most so many times the usual amount of its payer, when it arrived. */
  readonly usual: boolean;
  fraud: boolean;
}

/** `TERMINAL_BEHAVIOUR_FEATURES` by their formulas, from a list of everything that came. */
function recompute(seen: readonly Seen[], { terminal, timeMs }: FeatureEvent): number[] {
  const ageOf = ({ event }: Seen): number => (timeMs - event.timeMs) / DAY_MS;
  const known = seen.filter((one) => one.event.terminal === terminal && ageOf(one) >= LABEL_DELAY_DAYS && ageOf(one) < HISTORY_DAYS);
  const frauds = known.filter(({ fraud }) => fraud);
  const usualFrauds = frauds.filter(({ usual }) => usual);
  const daysSince = (one: Seen | undefined): number => (one ? ageOf(one) : HISTORY_DAYS);
  const lastGenuine = known.findLastIndex(({ fraud }) => !fraud);
  const lastUsualFraud = known.findLastIndex(({ fraud, usual }) => fraud && usual);
  const lastOther = known.findLastIndex(({ fraud, usual }) => !fraud || !usual);
  return [
    ...[3, 7, 30].map((days) => usualFrauds.filter((one) => ageOf(one) < LABEL_DELAY_DAYS + days).length),
    daysSince(usualFrauds.at(-1)),
    daysSince(usualFrauds[0]),
    known.slice(lastUsualFraud + 1).filter(({ fraud }) => !fraud).length,
    known.length - 1 - lastOther,
    daysSince(known.at(-1)),
    daysSince(known.slice(lastGenuine + 1).find(({ usual }) => usual)),
    daysSince(known[lastGenuine]),
    daysSince(frauds.at(-1)),
  ];
}

test('the behaviour of terminals is what filtering the whole stream gives, with labels that are late and taken back', () => {
  const payment = fc.record({
    afterHours: fc.integer({ min: 1, max: 40 }),
    terminal: fc.constantFrom('T-1', 'T-2'),
    raised: fc.boolean(),
    /** Of an earlier payment, counted back from this one. */
    labels: fc.array(fc.record({ back: fc.integer({ min: 0, max: 12 }), fraud: fc.boolean() }), { maxLength: 3 }),
  });
  const columns = TERMINAL_BEHAVIOUR_FEATURES.map(({ name }) => featureIndex(name));
  fc.assert(
    fc.property(fc.array(payment, { minLength: 1, maxLength: 100, size: 'max' }), (payments) => {
      const kernel = new FeatureKernel();
      const vector = new Float64Array(FEATURE_COUNT);
      const seen: Seen[] = [];
      let timeMs = START_MS;
      for (const [index, { afterHours, terminal, raised, labels }] of payments.entries()) {
        timeMs += afterHours * HOUR_MS;
        const event = { id: `t${index}`, subject: 'ACC-1', terminal, timeMs, amountThousandths: raised ? 90_000 : 20_000 };
        kernel.fold(event);
        kernel.read(event, vector);
        expect(columns.map((column) => vector[column])).toEqual(recompute(seen, event));
        const usual = (vector[featureIndex('customer_amount_to_usual')] ?? NaN) <= USUAL_AT_MOST;
        seen.push({ event, usual, fraud: false });
        for (const { back, fraud } of labels) {
          const labelled = seen.at(-1 - back);
          if (!labelled) continue;
          labelled.fraud = fraud;
          kernel.foldLabel({ ...labelled.event, fraud, countsFromMs: -Infinity });
        }
      }
    }),
    { numRuns: 60 },
  );
});
