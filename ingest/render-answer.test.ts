import { describe, expect, test } from '@jest/globals';
import { TransactionAnswer } from '@trancendos/contracts/http';
import { decideByPolicy } from './decide-by-policy.ts';
import { asDuplicate, receiptOf, renderAnswer, renderPendingAnswer } from './render-answer.ts';
import { sampleOutcome, samplePayment } from './sample-outcome.ts';

describe('an answer', () => {
  const outcome = sampleOutcome(samplePayment(), 7);

  test('says what was decided, and not how much each reason weighed', () => {
    const text = renderAnswer(outcome);
    expect(TransactionAnswer.parse(JSON.parse(text))).toMatchObject({ status: 'new', action: 'approve', score: 12, next_step: null });
    expect(text).not.toMatch(/weight|"features":\[|probability|cutoffs/);
    expect(TransactionAnswer.parse(JSON.parse(asDuplicate(text)))).toMatchObject({ status: 'duplicate' });
    expect(TransactionAnswer.parse(JSON.parse(renderPendingAnswer(outcome.transaction)))).toMatchObject({
      status: 'pending',
      receipt: null,
    });
  });

  test('has no score where the policy decided', () => {
    const decision = decideByPolicy(samplePayment(), [], Date.now());
    const answer = TransactionAnswer.parse(JSON.parse(renderAnswer({ ...outcome, ...decision })));
    expect(answer).toMatchObject({ action: 'review', score: null, band: null, degraded: true, degraded_causes: ['deadline'] });
  });
});

describe('a receipt', () => {
  const outcome = sampleOutcome(samplePayment(), 7);

  test('is the same for the same decision, however its fields are ordered and however long it took', () => {
    const turned = Object.fromEntries(Object.entries(outcome).reverse()) as typeof outcome;
    expect(receiptOf({ ...turned, timings_ms: { ingest: 99 }, ledger_seq: 8 })).toBe(receiptOf(outcome));
  });

  test('is another one when anything that was decided is', () => {
    const others = [
      { ...outcome, score: outcome.score + 1 },
      { ...outcome, features: [12.5] },
      { ...outcome, money: { ...outcome.money, state: 'pending' as const } },
      { ...outcome, transaction: { ...outcome.transaction, amount_minor: 1 } },
    ];
    expect(new Set([outcome, ...others].map(receiptOf)).size).toBe(5);
  });
});

describe("a merchant's policy", () => {
  const bands = [
    { currency: 'JPY', action: 'decline' },
    { up_to_minor: 5_000, action: 'approve' },
    { up_to_minor: 50_000, action: 'review' },
    { action: 'decline' },
  ] as const;
  test.each([
    [5_000, 'EUR', 'approve'],
    [5_001, 'EUR', 'review'],
    [50_001, 'EUR', 'decline'],
    [1, 'JPY', 'decline'],
  ] as const)('decides on %d %s by the first band that it falls into: %s', (amount_minor, currency, action) => {
    expect(decideByPolicy({ ...samplePayment(), amount_minor, currency }, bands, 0)).toMatchObject({ action, actor: 'policy' });
  });
});
