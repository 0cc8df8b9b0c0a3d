import type { LedgerBatch, LedgerTransfer, TransferSide } from './ledger.ts';

/**
 * The text that a transfer's leaf is the hash of, from the transfer as the API shows it. The fields and their order are the format: they
 * never change under `transfer/1`. docs/ledger-proofs.md describes them.
 */
export function transferLeafText(transfer: LedgerTransfer): string {
  const { debit, credit, origin, cause } = transfer;
  return JSON.stringify([
    'transfer/1',
    transfer.transfer_id,
    transfer.kind,
    transfer.seq,
    transfer.ledger_seq,
    transfer.currency,
    transfer.amount_minor,
    ...sideOf(debit),
    ...sideOf(credit),
    transfer.related_to,
    transfer.fx_rate,
    Date.parse(transfer.effective_at),
    Date.parse(transfer.committed_at),
    origin.topic,
    origin.partition,
    origin.offset,
    transfer.decision_id,
    transfer.score,
    cause.actor,
    cause.model,
    cause.ruleset,
    cause.requested_by,
    cause.approved_by,
    cause.reason,
  ]);
}

function sideOf(side: TransferSide): readonly (string | number)[] {
  return [side.account_id, side.version, side.debits_posted, side.credits_posted, side.debits_pending, side.credits_pending];
}

/** The text that a batch's hash is the hash of. */
export function batchHashText(batch: LedgerBatch): string {
  return JSON.stringify([
    'batch/1',
    batch.batch_seq,
    batch.epoch,
    batch.first_ledger_seq,
    batch.entries,
    batch.first_transfer_seq,
    batch.transfers,
    Date.parse(batch.committed_at),
    batch.inputs,
    batch.merkle_root,
    batch.previous_hash,
  ]);
}
