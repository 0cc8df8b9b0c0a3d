import type { Outcome } from '@trancendos/contracts/outcome';
import type { FeedRow } from '@trancendos/contracts/socket';
import { totalOf } from './total-of.ts';

/** The row of the live feed that shows `outcome`. The feature vector stays behind: nobody reads it on a screen. */
export function makeFeedRow(outcome: Outcome): FeedRow {
  const { transaction } = outcome;
  return {
    transaction_id: transaction.transaction_id,
    decision_id: outcome.decision_id,
    merchant_id: transaction.merchant_id,
    terminal_id: transaction.terminal_id ?? null,
    payer: transaction.payer,
    occurred_at: transaction.occurred_at,
    decided_at: outcome.decided_at,
    amount_minor: transaction.amount_minor,
    currency: transaction.currency,
    score: outcome.score,
    action: outcome.action,
    reasons: outcome.reasons,
    money: outcome.money,
    ledger_seq: outcome.ledger_seq,
    model: outcome.versions.model,
    degraded: outcome.degraded,
    timings_ms: outcome.timings_ms,
    total_ms: totalOf(outcome.timings_ms),
  };
}
