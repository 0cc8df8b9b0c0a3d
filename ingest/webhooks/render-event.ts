import type { Action } from '@trancendos/contracts/decision';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { WebhookEventType } from '@trancendos/contracts/webhook';

const TYPE: Record<Action, WebhookEventType> = {
  approve: 'transaction.approved',
  review: 'transaction.held',
  decline: 'transaction.declined',
};

/** What is told of an outcome: `answer`, the very bytes that the merchant's request gets, under an id that is the decision's own. */
export function renderEvent(outcome: Outcome, answer: string): { eventId: string; type: WebhookEventType; body: string } {
  const type = TYPE[outcome.action];
  return {
    eventId: outcome.decision_id.replace('dec_', 'evt_'),
    type,
    body: `{"type":"${type}","timestamp":"${outcome.decided_at}","data":${answer}}`,
  };
}
