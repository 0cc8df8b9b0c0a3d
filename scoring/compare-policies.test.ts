import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bestFixedPolicy, costOfPolicy, type JudgedPayment } from './compare-policies.ts';
import { DEFAULT_COSTS, DEFAULT_POLICY } from './weigh-costs.ts';

/** Payments whose probabilities are right: of those with p, a share p is fraud. */
const calibrated = (amounts: readonly number[]): JudgedPayment[] =>
  amounts.flatMap((amount) =>
    [0.01, 0.05, 0.2, 0.5, 0.9].flatMap((probability) =>
      Array.from({ length: 100 }, (_, index) => ({ amount, probability, fraud: index < probability * 100 })),
    ),
  );

describe('the cost of a policy', () => {
  test('is that of what it does', () => {
    const { fraud_extra, decline_friction, margin } = DEFAULT_COSTS;
    const payments = [
      { amount: 100, probability: 0, fraud: true },
      { amount: 100, probability: 1, fraud: false },
    ];
    expect(costOfPolicy(payments, DEFAULT_POLICY, DEFAULT_COSTS)).toEqual({
      cost: 100 * (1 + fraud_extra) + decline_friction + margin * 100,
      reviews: 0,
      declines: 1,
      missed: 100,
      insults: 1,
    });
  });

  test('by cost is never above that of any fixed scores, where probabilities are right', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 2_000, noNaN: true }), { minLength: 1, maxLength: 5 }), (amounts) => {
        const payments = calibrated(amounts);
        const byCost = costOfPolicy(payments, DEFAULT_POLICY, DEFAULT_COSTS).cost;
        const fixed = costOfPolicy(payments, bestFixedPolicy(payments, DEFAULT_COSTS), DEFAULT_COSTS).cost;
        expect(byCost).toBeLessThanOrEqual(fixed * (1 + 1e-9));
      }),
    );
  });

  test('by cost saves where amounts differ, against the best fixed scores with hindsight', () => {
    const payments = calibrated([5, 50, 500]);
    const byCost = costOfPolicy(payments, DEFAULT_POLICY, DEFAULT_COSTS).cost;
    expect(costOfPolicy(payments, bestFixedPolicy(payments, DEFAULT_COSTS), DEFAULT_COSTS).cost).toBeGreaterThan(byCost * 1.02);
  });
});
