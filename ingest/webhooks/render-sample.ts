import type { Decision } from '@trancendos/contracts/decision';
import type { LateDecision, MerchantMoney, TransactionAnswer } from '@trancendos/contracts/http';
import type { Operation } from '@trancendos/contracts/operation';
import type { Money } from '@trancendos/contracts/outcome';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type { WebhookEvent, WebhookEventType } from '@trancendos/contracts/webhook';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import { decideByPolicy } from '../decide-by-policy.ts';
import { forceOutcome } from '../force-outcome.ts';
import { renderLate, withLateDecision } from '../keep-late-decisions.ts';
import { answerOf } from '../render-answer.ts';

/** How a sample comes about: by the test token that asks for its decision, with the money that it left, and what was done to that since. */
interface Story {
  readonly token: `tok_test_${string}`;
  readonly money: Money['state'];
  readonly then?: Operation['kind'];
}

const STORY: Record<WebhookEventType, Story> = {
  'transaction.approved': { token: 'tok_test_approve', money: 'posted' },
  'transaction.held': { token: 'tok_test_review', money: 'pending' },
  'transaction.declined': { token: 'tok_test_decline', money: 'none' },
  'transaction.captured': { token: 'tok_test_approve', money: 'pending', then: 'capture' },
  'transaction.voided': { token: 'tok_test_approve', money: 'pending', then: 'void' },
  'transaction.refunded': { token: 'tok_test_approve', money: 'posted', then: 'refund' },
  'transaction.expired': { token: 'tok_test_review', money: 'pending', then: 'expire' },
  'transaction.superseded': { token: 'tok_test_timeout', money: 'pending' },
};
const AMOUNT_MINOR = 1249;
const HOLD_MS = 7 * 86_400_000;
const RELEASED = { state: 'voided', expires_at: null, pending_minor: 0 } as const;
const MONEY_AFTER: Record<Operation['kind'], Partial<MerchantMoney>> = {
  capture: { state: 'posted', expires_at: null, pending_minor: 0, posted_minor: AMOUNT_MINOR },
  void: RELEASED,
  refund: { refunded_minor: AMOUNT_MINOR },
  expire: RELEASED,
};

/** A sample of an event: marked as one, about a payment that never was, and otherwise like those that tell of what happened. */
export function renderSample(type: WebhookEventType, asked: { readonly merchantId: string; readonly requestId: string }): WebhookEvent {
  const story = STORY[type];
  const at = toInstant(nowMs());
  const payment = samplePayment(story, asked, at);
  const decided = answerTo(payment, story);
  if (type === 'transaction.superseded') {
    return { type, timestamp: at, sample: true, data: withLateDecision(decided, lateDecisionOn(payment)) };
  }
  if (!story.then || !decided.money) return { type, timestamp: at, sample: true, data: decided };
  const data = { ...decided, money: { ...decided.money, ...MONEY_AFTER[story.then] } };
  return { type, timestamp: at, sample: true, data, operation: operationOf(story.then, at) };
}

function samplePayment({ token, then }: Story, asked: Parameters<typeof renderSample>[1], at: string): PaymentTransaction {
  return {
    kind: 'payment',
    transaction_id: newId('sample'),
    occurred_at: at,
    amount_minor: AMOUNT_MINOR,
    currency: 'EUR',
    payer: { card_token: token },
    ...(then === 'capture' || then === 'void' ? { capture: 'manual' } : {}),
    merchant_id: asked.merchantId,
    request_id: asked.requestId,
    received_at: at,
  };
}

function answerTo(payment: PaymentTransaction, { money }: Story): TransactionAnswer {
  const transferId = money === 'none' ? null : newId('tr');
  const expiresAt = money === 'pending' ? toInstant(nowMs() + HOLD_MS) : null;
  return answerOf({ ...decisionOn(payment), money: { state: money, transfer_id: transferId, expires_at: expiresAt } }, 'enforce');
}

function decisionOn(payment: PaymentTransaction): Decision {
  const forced = forceOutcome(payment);
  if (forced === undefined) throw new Error('a sample has a token that the sandbox does not know');
  return forced === 'timeout' ? decideByPolicy(payment, [], nowMs()) : forced;
}

function lateDecisionOn(payment: PaymentTransaction): LateDecision {
  return renderLate(decisionOn({ ...payment, payer: { card_token: 'tok_test_decline' } }));
}

function operationOf(kind: Operation['kind'], at: string): Operation {
  return {
    operation_id: newId(kind === 'expire' ? 'exp' : 'cmd'),
    kind,
    status: 'applied',
    amount_minor: AMOUNT_MINOR,
    transfer_ids: [newId('tr')],
    requested_by: kind === 'expire' ? 'platform' : 'merchant',
    applied_at: at,
  };
}
