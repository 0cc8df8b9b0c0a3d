import { describe, expect, test } from '@jest/globals';
import type { Costs, ThresholdPolicy } from '@trancendos/contracts/control';
import fc from 'fast-check';
import { costOf, cutoffsFor, DEFAULT_COSTS } from './weigh-costs.ts';

type Action = 'approve' | 'review' | 'decline';
const units = (max: number) => fc.double({ min: 0, max, noNaN: true });
const costs: fc.Arbitrary<Costs> = fc.record({
  review: units(50),
  review_friction: units(20),
  decline_friction: units(100),
  margin: units(1),
  fraud_extra: units(3),
  review_finds: units(1),
});
const byCost = (given: Costs): ThresholdPolicy => ({ mode: 'cost', costs: given, currencies: {} });

/** The action of least expected cost, found by trying all three. */
function leastCost(p: number, amount: number, given: Costs): Record<Action, number> {
  const expected = (action: Action) =>
    p * costOf(action, { amount, fraud: true }, given) + (1 - p) * costOf(action, { amount, fraud: false }, given);
  return { approve: expected('approve'), review: expected('review'), decline: expected('decline') };
}

describe('cutoffs by cost', () => {
  test('choose an action that no other one undercuts, for every probability, amount and policy', () => {
    fc.assert(
      fc.property(costs, units(5_000), units(1), (given, amount, p) => {
        const { review, decline } = cutoffsFor(byCost(given), amount, 'EUR');
        const chosen = p >= decline ? 'decline' : p >= review ? 'review' : 'approve';
        const expected = leastCost(p, amount, given);
        expect(expected[chosen]).toBeLessThanOrEqual(Math.min(...Object.values(expected)) * (1 + 1e-9) + 1e-9);
      }),
      { numRuns: 2_000 },
    );
  });

  test('never put a decline below a review', () => {
    fc.assert(
      fc.property(costs, units(5_000), (given, amount) => {
        const { review, decline } = cutoffsFor(byCost(given), amount, 'EUR');
        expect(decline).toBeGreaterThanOrEqual(review);
      }),
    );
  });

  test('look at large amounts earlier than at small ones', () => {
    const at = (amount: number) => cutoffsFor(byCost(DEFAULT_COSTS), amount, 'EUR').review;
    expect(at(500)).toBeLessThan(at(50));
    expect(at(50)).toBeLessThan(at(10));
    expect(at(0)).toBeGreaterThanOrEqual(1);
  });

  test('are those of the currency where it has its own', () => {
    const policy: ThresholdPolicy = { mode: 'cost', costs: DEFAULT_COSTS, currencies: { JPY: { ...DEFAULT_COSTS, review: 300 } } };
    expect(cutoffsFor(policy, 5_000, 'JPY').review).toBeGreaterThan(cutoffsFor(policy, 5_000, 'EUR').review);
  });
});

describe('fixed cutoffs', () => {
  test('are those of the scores, whatever the amount', () => {
    const policy: ThresholdPolicy = { mode: 'fixed', review: 150, decline: 1001 };
    expect(cutoffsFor(policy, 10, 'EUR')).toEqual({ review: 0.1495, decline: Infinity });
    expect(cutoffsFor(policy, 9_999, 'JPY')).toEqual(cutoffsFor(policy, 10, 'EUR'));
  });
});
