import type { Reason } from '@trancendos/contracts/decision';
import type { TransactionAnswer } from '@trancendos/contracts/http';
import type { Outcome } from '@trancendos/contracts/outcome';
import { toInstant } from '@trancendos/platform/clock';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** By then the payments of the last day, which velocity counts, have left its window. */
const VELOCITY_CLEARS_MS = DAY_MS;
const FUNDS_MAY_ARRIVE_MS = DAY_MS;

type Advice = Pick<TransactionAnswer, 'retry' | 'next_step'>;

/**
 * What to do after a decision: a blind repetition of a declined payment costs fees and trust, and most end the same way.
 *
 * A rule or list that blocks is final. What the deadline declined may be tried again soon, what velocity or missing funds declined the day
 * after, and what only the score declined may pass when the customer proves who they are.
 */
export function adviseRetry({
  action,
  decided_at,
  degraded_causes,
  reasons,
}: Pick<Outcome, 'action' | 'decided_at' | 'degraded_causes' | 'reasons'>): Advice {
  if (action === 'approve') return NEVER;
  if (action === 'review') return { ...NEVER, next_step: 'await_review' };
  const delayMs = degraded_causes.includes('deadline') ? MINUTE_MS : delayAfter(reasons[0]);
  if (delayMs === 'never') return NEVER;
  if (delayMs === 'with_step_up') return { retry: { advice: delayMs, not_before: null }, next_step: 'challenge' };
  return { retry: { advice: 'after', not_before: toInstant(Date.parse(decided_at) + delayMs) }, next_step: null };
}

const NEVER: Advice = { retry: { advice: 'never', not_before: null }, next_step: null };

function delayAfter(decisive: Reason | undefined): number | 'never' | 'with_step_up' {
  if (decisive?.category === 'ledger') return decisive.code === 'insufficient_funds' ? FUNDS_MAY_ARRIVE_MS : 'never';
  if (decisive?.category === 'velocity') return VELOCITY_CLEARS_MS;
  return decisive?.effect === 'blocks' ? 'never' : 'with_step_up';
}
