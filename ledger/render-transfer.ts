import type { TransferMade } from '@trancendos/contracts/transfer';
import { toInstant } from '@trancendos/platform/clock';
import type { Transfer } from './transfer.ts';

/** A transfer as outcomes tell it. */
export function renderTransfer(transfer: Transfer): TransferMade {
  return {
    transfer_id: transfer.id,
    kind: transfer.kind,
    seq: transfer.seq,
    debit_account_id: transfer.debtor.id,
    credit_account_id: transfer.creditor.id,
    amount_minor: String(transfer.amountMinor),
    currency: transfer.debtor.currency,
    related_to: transfer.relatedTo,
    effective_at: toInstant(transfer.effectiveAtMs),
  };
}
