import { describe, expect, test } from '@jest/globals';
import { FEATURE_COUNT, featureIndex, type FeatureName } from '@trancendos/models/features/declare-features';
import { wordReasons } from './word-reasons.ts';

/** The words for a payer that has changed. */
function wordsFor(values: Partial<Record<FeatureName, number>>): string | undefined {
  const features = new Float64Array(FEATURE_COUNT);
  features[featureIndex('customer_spell_log_odds')] = -12;
  for (const [name, value] of Object.entries(values)) features[featureIndex(name as FeatureName)] = value;
  const weights = { amount: 0, velocity: 0, terminal: 0, customer: 2, time: 0 };
  const [reason] = wordReasons(weights, { features, transaction: { occurred_at: '2026-03-02T10:00:00Z', terminal_id: 'T-1' } });
  return reason?.message;
}

describe('the words for a payer that has changed', () => {
  test.each([
    [{ customer_amount_to_usual: 4.1, customer_raised_payments_14day: 2 }, '4.1 times the usual 61.20, and 2 more far above it in 14 days'],
    [{ customer_amount_to_usual: 0.4 }, '0.4 times the usual 61.20'],
    [{ customer_amount_to_usual: 1.04 }, 'about the usual 61.20'],
    [{ customer_amount_to_usual: 1.04, customer_raised_payments_14day: 3 }, 'about the usual 61.20, after 3 far above it in 14 days'],
    [{ customer_amount_to_usual: 0.96, customer_spell_log_odds: 2 }, 'about the usual 61.20, after payments that look like theft'],
  ] as const)('tell of %j', (values, words) => {
    expect(wordsFor({ customer_usual_amount: 61.2, ...values })).toBe(words);
  });

  test('tell that there was nobody to know before', () => {
    expect(wordsFor({})).toBe('first payment of this payer');
  });
});
