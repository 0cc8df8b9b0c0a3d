import type { Transfer } from './transfer.ts';

/**
 * A transfer as it is hashed: everything that makes it what it is, as a JSON array without white space. Counters, amounts and offsets are
 * digits in a string, because they outgrow what a JSON number can hold; times are whole milliseconds since the epoch; what a transfer does
 * not have is null. docs/ledger-proofs.md lists the fields.
 */
export function leafText(transfer: Transfer): string {
  const { debtor, creditor, origin, cause } = transfer;
  return JSON.stringify([
    'transfer.v1',
    transfer.id,
    transfer.kind,
    transfer.seq,
    transfer.ledgerSeq,
    debtor.currency,
    String(transfer.amountMinor),
    debtor.id,
    debtor.version,
    String(debtor.debitsPosted),
    String(debtor.creditsPosted),
    String(debtor.debitsPending),
    String(debtor.creditsPending),
    creditor.id,
    creditor.version,
    String(creditor.debitsPosted),
    String(creditor.creditsPosted),
    String(creditor.debitsPending),
    String(creditor.creditsPending),
    transfer.relatedTo,
    transfer.fxRate,
    transfer.effectiveAtMs,
    transfer.committedAtMs,
    origin.topic,
    origin.partition,
    String(origin.offset),
    transfer.decisionId,
    transfer.score,
    cause.actor,
    cause.model,
    cause.ruleset,
    cause.requestedBy,
    cause.approvedBy,
    cause.reason,
  ]);
}
