import type { Transfer } from './transfer.ts';

/**
 * A transfer as it is hashed: everything that makes it what it is, as a JSON array without white space. Counters and amounts are digits in
 * a string, because they outgrow what a JSON number can hold; what a transfer does not have is null.
 *
 * `contracts/transfer-leaf.ts` gives the same text for the transfer as the API shows it.
 */
export function leafText(transfer: Transfer): string {
  const { debtor, creditor } = transfer;
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
    transfer.expiresAt,
  ]);
}
