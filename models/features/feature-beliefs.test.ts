import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FEATURE_COUNT, featureIndex, FEATURES, type FeatureName } from './declare-features.ts';
import type { SpellBeliefs } from './describe-beliefs.ts';
import { FeatureKernel, type FeatureEvent } from './feature-kernel.ts';
import { DAY_MS } from './feature-windows.ts';
import type { PaymentLabel } from './park-labels.ts';
import { SAMPLE_BELIEFS } from './sample-beliefs.ts';
import { readSnapshot, writeSnapshot } from './snapshot-features.ts';

const START_MS = Date.UTC(2026, 2, 2);
const HOUR_MS = 3_600_000;
const KNOWN_MS = 7 * DAY_MS;
/**
 * Each piece of evidence is rounded to 2^-24, so by 3e-8 at most; sixty payments add up, and what explains a fraud brings the error of the other
 * belief along: 60 * 60 / 2 * 3e-8 is about 5e-5.
 */
const DIGITS = 4;

type Step = { readonly kind: 'payment'; readonly event: FeatureEvent } | { readonly kind: 'label'; readonly label: PaymentLabel };

/** A payment with what was noted when it arrived, and the last two again when its label came. */
interface Noted {
  readonly event: FeatureEvent;
  fraud: boolean;
  readonly likelihood: number;
  readonly expected: number;
  /** That it was by a thief, its amount aside. */
  readonly theft: number;
  theftOdds: number;
  compromise: number;
}

const CHECKED: readonly FeatureName[] = [
  'customer_expected_amount',
  'customer_theft_likelihood',
  'customer_theft_log_odds',
  'customer_spell_log_odds',
  'customer_known_spell_log_odds',
  'customer_unlabelled_evidence',
  'customer_unlabelled_payments',
  'terminal_compromise_log_odds',
  'terminal_known_compromise_log_odds',
];

/** The beliefs by filtering everything anew for every payment, from lists, without bases, fronts or rings. */
class NaiveBeliefs {
  readonly #payments: Noted[] = [];

  label({ id, fraud }: PaymentLabel): void {
    const payment = this.#payments.find(({ event }) => event.id === id);
    if (!payment || payment.fraud === fraud) return;
    payment.fraud = fraud;
    if (fraud) this.#explain(payment);
  }

  /** What explains a fraud, by what is known of the payments before it by now: the newest payment of the same payer, or at the same terminal. */
  #explain(payment: Noted): void {
    const { event, likelihood } = payment;
    const ofPayer = this.#payments.filter((other) => other.event.subject === event.subject);
    const atTerminal = this.#payments.filter((other) => event.terminal !== null && other.event.terminal === event.terminal);
    const before = (payments: Noted[]) => inOrder(payments, event).filter((other) => other !== payment);
    const { terminal_spells: terminalSpells, customer_spells: customerSpells } = SAMPLE_BELIEFS;
    if (event.terminal !== null)
      payment.compromise = filter(terminalSpells, before(atTerminal), event.timeMs, (p) => terminalRatio(p, newestOf(ofPayer)));
    if (event.terminal === null) return;
    const spell = filter(customerSpells, before(ofPayer), event.timeMs, (p) => customerRatio(p, newestOf(atTerminal)));
    payment.theftOdds = (spell * customerSpells.fraud_share * likelihood) / (1 - spell * customerSpells.fraud_share);
  }

  /** The values of `CHECKED` for a payment, which is noted unless it was before. */
  pay(event: FeatureEvent): number[] {
    const before = this.#payments.filter((other) => other.event.id !== event.id);
    const known = this.#payments.find((other) => other.event.id === event.id);
    const place =
      event.terminal === null
        ? []
        : inOrder(
            before.filter((other) => other.event.terminal === event.terminal),
            event,
          );
    const own = inOrder(
      before.filter((other) => other.event.subject === event.subject),
      event,
    );
    const { likelihood, expected } =
      known ??
      this.#weigh(
        before.filter((other) => other.event.subject === event.subject),
        event,
      );
    const { terminal_spells: terminalSpells, customer_spells: customerSpells } = SAMPLE_BELIEFS;
    const compromise = event.terminal === null ? 0 : filter(terminalSpells, place, event.timeMs, (p) => terminalRatio(p, event.timeMs));
    const spell = filter(customerSpells, own, event.timeMs, (p) => customerRatio(p, event.timeMs));
    const theft = spell * customerSpells.fraud_share;
    const odds = (theft * likelihood) / (1 - theft);
    if (!known) this.#payments.push({ event, fraud: false, likelihood, expected, theft, theftOdds: odds, compromise });
    const labelled = (list: Noted[]) => list.filter((other) => other.event.timeMs <= event.timeMs - KNOWN_MS);
    const waiting = own.filter((other) => other.event.timeMs > event.timeMs - KNOWN_MS && !other.fraud);
    return [
      expected,
      Math.log(likelihood),
      logOdds(odds / (1 + odds)),
      logOdds(spell),
      logOdds(filter(customerSpells, labelled(own), null, (p) => customerRatio(p, Infinity))),
      waiting.reduce((sum, other) => sum + Math.log(customerRatio(other, other.event.timeMs)), 0),
      waiting.length,
      event.terminal === null ? -12 : logOdds(compromise),
      event.terminal === null ? -12 : logOdds(filter(terminalSpells, labelled(place), null, (p) => terminalRatio(p, Infinity))),
    ];
  }

  /** In the order in which the payments arrived. */
  #weigh(before: readonly Noted[], event: FeatureEvent): { likelihood: number; expected: number } {
    const { first_mean, step, mean_shares } = SAMPLE_BELIEFS.amounts;
    let shares = [...mean_shares];
    const means = shares.map((_, index) => first_mean * Math.exp(step * index));
    const densities = (amount: number) =>
      means.map((mean) => [density(amount, mean), density(amount, mean, SAMPLE_BELIEFS.amounts.theft_factor)] as const);
    for (const { event: past, theft: prior } of before) {
      const product = densities(past.amountThousandths / 1000).map(
        ([own, theft], index) => (shares[index] ?? 0) * ((1 - prior) * own + prior * theft),
      );
      const sum = product.reduce((total, value) => total + value, 0);
      shares = product.map((value) => Math.max(1e-9, value / sum));
    }
    const now = densities(event.amountThousandths / 1000);
    const own = now.reduce((sum, [value], index) => sum + value * (shares[index] ?? 0), 0);
    const theft = now.reduce((sum, [, value], index) => sum + value * (shares[index] ?? 0), 0);
    return {
      likelihood: Math.min(Math.exp(14), Math.max(Math.exp(-6), theft / own)),
      expected: means.reduce((sum, mean, index) => sum + mean * (shares[index] ?? 0), 0),
    };
  }
}

function newestOf(payments: readonly Noted[]): number {
  return Math.max(...payments.map(({ event }) => event.timeMs));
}

function density(amount: number, mean: number, factor = 1): number {
  const { first_log_ratio, step, steps_a_mean, density: table } = SAMPLE_BELIEFS.amounts;
  const place = ((Math.log(Math.max(0.01, amount)) - Math.log(factor) - Math.log(mean) - first_log_ratio) * steps_a_mean) / step;
  const at = (index: number) => table[Math.max(0, Math.min(table.length - 1, index))] ?? NaN;
  const whole = Math.floor(place);
  return at(whole) + (place - whole) * (at(whole + 1) - at(whole));
}

function inOrder(payments: Noted[], event: FeatureEvent): Noted[] {
  const earlier = payments.filter((other) => other.event.timeMs <= event.timeMs);
  return earlier.sort((a, b) => a.event.timeMs - b.event.timeMs);
}

function terminalRatio({ event, fraud, theftOdds }: Noted, nowMs: number): number {
  const share = SAMPLE_BELIEFS.terminal_spells.fraud_share;
  if (!fraud) return event.timeMs <= nowMs - KNOWN_MS ? 1 - share : 1;
  if (event.amountThousandths > SAMPLE_BELIEFS.amounts.limit * 1000) return 1;
  return (share + (1 - share) * (theftOdds + 1e-6)) / (theftOdds + 1e-6);
}

function customerRatio({ event, fraud, likelihood, compromise }: Noted, nowMs: number): number {
  const share = SAMPLE_BELIEFS.customer_spells.fraud_share;
  const over = event.amountThousandths > SAMPLE_BELIEFS.amounts.limit * 1000;
  const either = 1 - share + share * likelihood;
  if (fraud) return over ? either : (share * likelihood + (1 - share) * (compromise + 1e-6)) / (compromise + 1e-6);
  if (event.timeMs <= nowMs - KNOWN_MS) return 1 - share;
  return over ? Math.max(1, either) : either;
}

/** The probability of a spell after the payments, on the day of `nowMs`, or on that of the last payment where it is null. */
function filter(
  { hazard, length_shares: lengths }: SpellBeliefs,
  payments: readonly Noted[],
  nowMs: number | null,
  ratioOf: (payment: Noted) => number,
): number {
  let p = [
    0,
    ...lengths.map((_, left) => lengths.slice(left).reduce((sum, share, later) => sum + hazard * share * (1 - hazard) ** later, 0)),
  ];
  p[0] = 1 - p.reduce((sum, share) => sum + share, 0);
  let day: number | undefined;
  const passTo = (timeMs: number) => {
    const to = Math.floor(timeMs / DAY_MS);
    for (day ??= to; day < to; day++) {
      p = p.map((_, left) =>
        left === 0 ? (1 - hazard) * ((p[0] ?? 0) + (p[1] ?? 0)) : (1 - hazard) * (p[left + 1] ?? 0) + hazard * (lengths[left - 1] ?? 0),
      );
    }
  };
  for (const payment of payments) {
    passTo(payment.event.timeMs);
    const ratio = ratioOf(payment);
    const weighed = p.map((share, left) => (left === 0 ? share : share * ratio));
    const sum = weighed.reduce((total, share) => total + share, 0);
    p = weighed.map((share) => share / sum);
  }
  if (nowMs !== null) passTo(nowMs);
  return p.slice(1).reduce((sum, share) => sum + share, 0);
}

function logOdds(probability: number): number {
  if (probability <= 0) return -16;
  return probability >= 1 ? 16 : Math.max(-16, Math.min(16, Math.log(probability / (1 - probability))));
}

/** Payments over 36 days, so that none is forgotten, up to 11 hours late, some twice; labels early, late and taken back. */
function streams(): fc.Arbitrary<Step[]> {
  const payment = fc.record({
    hours: fc.integer({ min: 0, max: 36 * 24 }),
    lateHours: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 11 }) }),
    subject: fc.constantFrom('ACC-1', 'ACC-2'),
    terminal: fc.constantFrom('shop/T-1', 'shop/T-2', null),
    amountThousandths: fc.oneof(fc.integer({ min: 5_000, max: 60_000 }), fc.integer({ min: 60_000, max: 300_000 })),
    copyAfterHours: fc.option(fc.integer({ min: 1, max: 11 }), { nil: undefined }),
    labels: fc.array(fc.record({ fraud: fc.boolean(), afterHours: fc.integer({ min: 12, max: 20 * 24 }) }), { maxLength: 2 }),
  });
  return fc.array(payment, { minLength: 1, maxLength: 60, size: 'max' }).map((drawn) => {
    const arrivals = drawn.flatMap(({ hours, lateHours, copyAfterHours, labels, ...facts }, index) => {
      // No two at one moment: which of them came first would decide.
      const event: FeatureEvent = { ...facts, id: `t${index}`, timeMs: START_MS + hours * HOUR_MS + index };
      const arrives = hours + lateHours;
      const steps: { at: number; step: Step }[] = [{ at: arrives, step: { kind: 'payment', event } }];
      if (copyAfterHours !== undefined) steps.push({ at: arrives + copyAfterHours, step: { kind: 'payment', event: { ...event } } });
      const { subject, terminal, id, timeMs } = event;
      const said = labels.map(({ fraud, afterHours }) => ({
        subject,
        terminal,
        id,
        timeMs,
        fraud,
        countsFromMs: -Infinity,
        at: arrives + afterHours,
      }));
      return [...steps, ...said.map(({ at, ...label }) => ({ at, step: { kind: 'label' as const, label } }))];
    });
    return arrivals.sort((a, b) => a.at - b.at).map(({ step }) => step);
  });
}

function apply(kernel: FeatureKernel, step: Step): Float64Array | undefined {
  if (step.kind === 'label') {
    kernel.foldLabel(step.label);
    return undefined;
  }
  const vector = new Float64Array(FEATURE_COUNT);
  kernel.fold(step.event);
  kernel.read(step.event, vector);
  return vector;
}

describe('the beliefs', () => {
  test('are what filtering the whole stream anew gives, with late payments, copies, early and late labels and corrections', () => {
    fc.assert(
      fc.property(streams(), (steps) => {
        const kernel = new FeatureKernel(SAMPLE_BELIEFS);
        const naive = new NaiveBeliefs();
        for (const step of steps) {
          const vector = apply(kernel, step);
          if (step.kind === 'label') naive.label(step.label);
          else {
            const expected = naive.pay(step.event);
            CHECKED.forEach((name, index) =>
              expect([name, vector?.[featureIndex(name)]]).toEqual([name, expect.closeTo(expected[index] ?? NaN, DIGITS)]),
            );
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test('and all other features are the same bits when read again, from a copy of the payment, and after a restart', () => {
    fc.assert(
      fc.property(streams(), fc.nat(), (steps, cut) => {
        const whole = new FeatureKernel(SAMPLE_BELIEFS);
        let parted = new FeatureKernel(SAMPLE_BELIEFS);
        steps.forEach((step, index) => {
          if (index === cut % steps.length) parted = readSnapshot(writeSnapshot(parted), SAMPLE_BELIEFS);
          const vector = apply(whole, step);
          expect(apply(parted, step)).toEqual(vector);
          if (step.kind !== 'payment' || !vector) return;
          const again = new Float64Array(FEATURE_COUNT);
          whole.read({ ...step.event }, again);
          expect(again).toEqual(vector);
        });
        expect(writeSnapshot(parted).equals(writeSnapshot(whole))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('go on from what is forgotten: over a hundred days every value stays a number, and a restart changes none', () => {
    const whole = new FeatureKernel(SAMPLE_BELIEFS);
    let parted = new FeatureKernel(SAMPLE_BELIEFS);
    for (let index = 0; index < 1_200; index++) {
      const timeMs = START_MS + index * 2 * HOUR_MS;
      const event: FeatureEvent = {
        id: `t${index}`,
        subject: `ACC-${index % 5}`,
        terminal: `T-${index % 7}`,
        timeMs,
        amountThousandths: 20_000 + (index % 13) * 9_000,
      };
      const label = { fraud: index % 7 === 3 && index % 400 < 120, countsFromMs: timeMs + KNOWN_MS };
      if (index % 300 === 299) parted = readSnapshot(writeSnapshot(parted), SAMPLE_BELIEFS);
      const [one, other] = [whole, parted].map((kernel) => {
        const vector = new Float64Array(FEATURE_COUNT);
        kernel.fold(event, label);
        kernel.read(event, vector);
        return vector;
      });
      expect(other).toEqual(one);
      expect(FEATURES.filter((_, column) => !Number.isFinite(one?.[column]))).toEqual([]);
    }
  });

  test('rise at a terminal with known frauds of usual amounts, and at nobody else', () => {
    const kernel = new FeatureKernel(SAMPLE_BELIEFS);
    const vector = new Float64Array(FEATURE_COUNT);
    const read = (terminal: string, day: number) => {
      const event = {
        id: `${terminal}-${day}`,
        subject: `ACC-${terminal}`,
        terminal,
        timeMs: START_MS + day * DAY_MS,
        amountThousandths: 30_000,
      };
      kernel.fold(event, { fraud: terminal === 'bad' && day >= 5, countsFromMs: event.timeMs + KNOWN_MS });
      kernel.read(event, vector);
      return vector[featureIndex('terminal_compromise_log_odds')] ?? NaN;
    };
    let bad = NaN;
    let good = NaN;
    for (let day = 0; day < 16; day++) [bad, good] = [read('bad', day), read('good', day)];
    expect(bad).toBeGreaterThan(0);
    expect(good).toBeLessThan(-3);
  });
});
