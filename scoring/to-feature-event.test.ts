import { describe, expect, test } from '@jest/globals';
import { sampleLabel, samplePayment } from './sample-messages.ts';
import { toFeatureEvent, toPaymentLabel } from './to-feature-event.ts';

describe('a transaction as the features see it', () => {
  test.each([
    ['EUR', 1249, 12_490],
    ['JPY', 1249, 1_249_000],
    ['KWD', 1249, 1_249],
  ] as const)('has its %s amount in thousandths of the unit', (currency, amount_minor, thousandths) => {
    expect(toFeatureEvent(samplePayment('t', { currency, amount_minor })).amountThousandths).toBe(thousandths);
  });

  test('is known under its merchant, so that two merchants may use one id and one terminal name', () => {
    const one = toFeatureEvent(samplePayment('t'));
    const other = toFeatureEvent(samplePayment('t', { merchant_id: 'grocery-07' }));
    expect(one.id).not.toBe(other.id);
    expect(one.terminal).not.toBe(other.terminal);
  });

  test('is found again by its label', () => {
    const payment = samplePayment('t');
    const { subject, id, terminal, timeMs } = toFeatureEvent(payment);
    expect(toPaymentLabel(sampleLabel(payment, true))).toEqual({ subject, id, terminal, timeMs, fraud: true, countsFromMs: -Infinity });
  });
});
