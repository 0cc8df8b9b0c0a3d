import type { Outcome } from '@trancendos/contracts/outcome';
import type { Logger } from '@trancendos/platform/log';

/**
 * The one line that every payment has in the logs: what was decided, why, by what, and where the money stands. It is written when the answer
 * is stored, so it tells the decision that counted, whichever instance took the request and whether or not its caller still waits.
 */
export function logOutcome(log: Pick<Logger, 'info'>, outcome: Outcome, correlationId: string): void {
  const { transaction, decision_id: decisionId, action, actor, score, reasons, versions, money, degraded_causes: degraded } = outcome;
  log.info(
    {
      correlationId,
      event: 'payment-decided',
      merchantId: transaction.merchant_id,
      transactionId: transaction.transaction_id,
      decisionId,
      action,
      actor,
      score,
      reasons: reasons.map(({ code }) => code),
      model: versions.model ?? undefined,
      money: money.state,
      ...(degraded.length > 0 && { degraded }),
      ledgerSeq: outcome.ledger_seq,
      decidedAfterMs: Date.parse(outcome.committed_at) - Date.parse(transaction.received_at),
    },
    'payment decided',
  );
}
