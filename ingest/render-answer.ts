import { hash } from 'node:crypto';
import type { MerchantReason, TransactionAnswer } from '@trancendos/contracts/http';
import type { Decision, Reason } from '@trancendos/contracts/decision';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { Mode, PaymentTransaction } from '@trancendos/contracts/transaction';
import { adviseRetry } from './advise-retry.ts';
import { canonicalJson } from './canonical-json.ts';
import { moneyOfDecision } from './operations/fold-money.ts';

/**
 * The bytes of the answer to a decided transaction. Made of the outcome alone, so that whoever renders it - for the waiting request, for
 * the database, after a restart - renders the same. What tells how rules and model decide (weights, thresholds, features) stays inside.
 */
export function renderAnswer(outcome: Outcome): string {
  return JSON.stringify(answerOf(outcome, 'enforce'));
}

/** The answer to a dry run: the decision, and no money. */
export function renderPreview(decision: Decision): string {
  return JSON.stringify(answerOf({ ...decision, money: { state: 'none', transfer_id: null, expires_at: null } }, 'dry_run'));
}

type Answered = Omit<Outcome, 'ledger_seq' | 'committed_at'>;

/** The answer to a decided transaction, before it is written. */
export function answerOf(outcome: Answered, mode: Mode): TransactionAnswer {
  const { transaction, versions } = outcome;
  const { retry, next_step } = adviseRetry(outcome);
  return {
    transaction_id: transaction.transaction_id,
    merchant_id: transaction.merchant_id,
    status: 'new',
    mode,
    decision_id: outcome.decision_id,
    action: outcome.action,
    next_step,
    score: versions.model === null ? null : outcome.score,
    band: outcome.band ?? null,
    reasons: outcome.reasons.map(forMerchant),
    retry,
    money: moneyOfDecision(outcome.money, transaction.amount_minor),
    amount_minor: transaction.amount_minor,
    currency: transaction.currency,
    versions: { model: versions.model, ruleset: versions.ruleset, features: versions.features },
    degraded: outcome.degraded,
    degraded_causes: outcome.degraded_causes,
    decided_at: outcome.decided_at,
    superseded: null,
    timings_ms: outcome.timings_ms,
    receipt: receiptOf(outcome),
    request_id: transaction.request_id,
  };
}

/**
 * SHA-256 of the decision in its canonical spelling (RFC 8785): every field of the outcome but the timings, which are measured and not
 * decided, and the ledger's position and moment of commit, which say when it was written and not what.
 */
export function receiptOf(outcome: Answered & Partial<Outcome>): string {
  const decided = { ...outcome, timings_ms: undefined, ledger_seq: undefined, committed_at: undefined };
  return `sha256:${hash('sha256', canonicalJson(decided))}`;
}

export function forMerchant({ code, category, effect, message }: Reason): MerchantReason {
  return { code, category, effect, message };
}

/** The stored answer to a transaction that was sent again under another key. */
export function asDuplicate(answer: string): string {
  return answer.replace('"status":"new"', '"status":"duplicate"');
}

/** The bytes of the answer while the decision is on its way. */
export function renderPendingAnswer(transaction: PaymentTransaction): string {
  const answer: TransactionAnswer = {
    transaction_id: transaction.transaction_id,
    merchant_id: transaction.merchant_id,
    status: 'pending',
    mode: 'enforce',
    decision_id: null,
    action: null,
    next_step: null,
    score: null,
    band: null,
    reasons: [],
    retry: null,
    money: null,
    amount_minor: transaction.amount_minor,
    currency: transaction.currency,
    versions: null,
    degraded: false,
    degraded_causes: [],
    decided_at: null,
    superseded: null,
    timings_ms: {},
    receipt: null,
    request_id: transaction.request_id,
  };
  return JSON.stringify(answer);
}
