import { expect, test } from '@jest/globals';
import type { Outcome } from '@trancendos/contracts/outcome';
import { toInstant } from '@trancendos/platform/clock';
import fc from 'fast-check';
import { latencyBucket, scoreBucket } from './histogram.ts';
import { ALL_MERCHANTS, SPANS, sumOutcomes } from './sum-outcomes.ts';

const MINUTE_MS = 60_000;
/** A little before midnight, so that some outcomes are of one day and some of the next. */
const FROM_MS = Date.parse('2026-05-01T23:57:00.000Z');

const outcome = fc
  .record({
    merchant: fc.constantFrom('books-03', 'shoes-01'),
    amountMinor: fc.nat(9_999),
    currency: fc.constantFrom('EUR', 'USD'),
    actor: fc.constantFrom('luminous', 'policy'),
    action: fc.constantFrom('approve', 'review'),
    degraded: fc.boolean(),
    score: fc.nat(1_000),
    model: fc.constantFrom('luminous-1', null),
    codes: fc.array(fc.constantFrom('one', 'two', 'three'), { maxLength: 4 }),
    afterMs: fc.nat(8 * MINUTE_MS),
    tookMs: fc.nat(3_000),
    scoringMs: fc.option(fc.nat(40), { nil: undefined }),
  })
  .map((drawn) => ({
    transaction: {
      merchant_id: drawn.merchant,
      amount_minor: drawn.amountMinor,
      currency: drawn.currency,
      received_at: toInstant(FROM_MS + drawn.afterMs - drawn.tookMs),
    },
    actor: drawn.actor,
    action: drawn.action,
    degraded: drawn.degraded,
    score: drawn.score,
    versions: { model: drawn.model },
    reasons: drawn.codes.map((code) => ({ code })),
    committed_at: toInstant(FROM_MS + drawn.afterMs),
    timings_ms: drawn.scoringMs === undefined ? {} : { scoring: drawn.scoringMs },
  })) as unknown as fc.Arbitrary<Outcome>;

interface Place {
  readonly span: number;
  readonly begins: string;
  readonly merchant_id: string;
}

function isIn({ span, begins, merchant_id }: Place, { committed_at, transaction }: Outcome): boolean {
  const afterMs = Date.parse(committed_at) - Date.parse(begins);
  return afterMs >= 0 && afterMs < span * MINUTE_MS && [ALL_MERCHANTS, transaction.merchant_id].includes(merchant_id);
}

test('every sum is that of the outcomes of its span, merchant and kind, and every outcome is in one of each span', () => {
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 1, maxLength: 60 }), (outcomes) => {
      const { decisions, latencies, reasons } = sumOutcomes(outcomes);
      for (const sum of decisions) {
        const own = outcomes.filter(
          (one) =>
            isIn(sum, one) &&
            one.action === sum.action &&
            (one.versions.model ?? '') === sum.model &&
            one.transaction.currency === sum.currency,
        );
        expect(sum.decisions).toBe(own.length);
        expect(sum.amount_minor).toBe(String(own.reduce((total, { transaction }) => total + transaction.amount_minor, 0)));
        expect(sum.degraded).toBe(own.filter(({ degraded }) => degraded).length);
        expect(sum.fallbacks).toBe(own.filter(({ actor }) => actor === 'policy').length);
        const scored = own.filter(({ versions }) => versions.model !== null);
        expect(sum.scores).toEqual(sum.scores.map((_, bucket) => scored.filter(({ score }) => scoreBucket(score) === bucket).length));
      }
      for (const { stage, counts, ...place } of latencies) {
        const own = outcomes.filter((one) => isIn(place, one)).map((one) => durationOf(one, stage));
        expect(counts).toEqual(counts.map((_, bucket) => own.filter((ms) => ms !== undefined && latencyBucket(ms) === bucket).length));
      }
      for (const sum of reasons) {
        const own = outcomes.filter((one) => isIn(sum, one) && one.action === sum.action);
        expect(sum.decisions).toBe(own.filter((one) => one.reasons.some(({ code }) => code === sum.code)).length);
      }
      for (const span of SPANS) {
        const total = decisions.filter((sum) => sum.span === span && sum.merchant_id === ALL_MERCHANTS);
        expect(total.reduce((count, sum) => count + sum.decisions, 0)).toBe(outcomes.length);
      }
    }),
  );
});

function durationOf({ committed_at, transaction, timings_ms }: Outcome, stage: string): number | undefined {
  return stage === 'total' ? Date.parse(committed_at) - Date.parse(transaction.received_at) : timings_ms[stage as 'scoring'];
}
