import { describe, expect, test } from '@jest/globals';
import type { Outcome } from '@trancendos/contracts/outcome';
import { adviseRetry } from './advise-retry.ts';
import { sampleOutcome, samplePayment } from './sample-outcome.ts';

const reason = (changes: Partial<Outcome['reasons'][number]>) => [
  { code: 'amount_unusual', category: 'amount' as const, effect: 'raises' as const, message: '', weight: 1, ...changes },
];
const outcome = (changes: Partial<Outcome>): Outcome => ({
  ...sampleOutcome(samplePayment(), 1),
  decided_at: '2026-05-01T00:00:00.000Z',
  ...changes,
});
const tomorrow = { advice: 'after', not_before: '2026-05-02T00:00:00.000Z' };
const never = { advice: 'never', not_before: null };

describe('the advice after', () => {
  test.each<[string, Partial<Outcome>, object]>([
    ['an approval', { action: 'approve' }, { retry: never, next_step: null }],
    ['a review', { action: 'review' }, { retry: never, next_step: 'await_review' }],
    [
      'a rule that blocks',
      { action: 'decline', reasons: reason({ category: 'rule', effect: 'blocks' }) },
      { retry: never, next_step: null },
    ],
    [
      'a score',
      { action: 'decline', reasons: reason({}) },
      { retry: { advice: 'with_step_up', not_before: null }, next_step: 'challenge' },
    ],
    ['too many payments', { action: 'decline', reasons: reason({ category: 'velocity' }) }, { retry: tomorrow, next_step: null }],
    [
      'missing funds',
      { action: 'decline', reasons: reason({ category: 'ledger', code: 'insufficient_funds', effect: 'blocks' }) },
      { retry: tomorrow, next_step: null },
    ],
    [
      "the policy's decline",
      { action: 'decline', degraded: true, degraded_causes: ['deadline'] },
      { retry: { advice: 'after', not_before: '2026-05-01T00:01:00.000Z' }, next_step: null },
    ],
  ])('%s', (_, changes, advice) => {
    expect(adviseRetry(outcome(changes))).toEqual(advice);
  });
});
