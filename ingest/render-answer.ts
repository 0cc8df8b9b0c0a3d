import type { TransactionAnswer } from '@trancendos/contracts/http';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';

/**
 * The bytes of the answer to a decided transaction. Made of the outcome alone, so that whoever renders it - for the waiting request, for
 * the database, after a restart - renders the same.
 */
export function renderAnswer(outcome: Outcome): string {
  const { transaction } = outcome;
  const answer: TransactionAnswer = {
    transaction_id: transaction.transaction_id,
    merchant_id: transaction.merchant_id,
    status: 'decided',
    decision_id: outcome.decision_id,
    action: outcome.action,
    score: outcome.score,
    reasons: outcome.reasons,
    money: outcome.money,
    amount_minor: transaction.amount_minor,
    currency: transaction.currency,
    versions: outcome.versions,
    degraded: outcome.degraded,
    degraded_causes: outcome.degraded_causes,
    decided_at: outcome.decided_at,
    timings_ms: outcome.timings_ms,
    request_id: transaction.request_id,
  };
  return JSON.stringify(answer);
}

/** The bytes of the answer while the decision is on its way. */
export function renderPendingAnswer(transaction: PaymentTransaction): string {
  const answer: TransactionAnswer = {
    transaction_id: transaction.transaction_id,
    merchant_id: transaction.merchant_id,
    status: 'pending',
    decision_id: null,
    action: null,
    score: null,
    reasons: [],
    money: null,
    amount_minor: transaction.amount_minor,
    currency: transaction.currency,
    versions: null,
    degraded: false,
    degraded_causes: [],
    decided_at: null,
    timings_ms: {},
    request_id: transaction.request_id,
  };
  return JSON.stringify(answer);
}
