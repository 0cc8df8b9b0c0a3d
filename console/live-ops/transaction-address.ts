import { archivePath } from './archive-path.ts';

/** As `TransactionId` and `MerchantId` of contracts/ids.ts have it. */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const DECISION_ID = /^dec_[0-9a-f-]{36}$/;

/** Whether it can be the id of a transaction, an account, a card, a terminal or a merchant at all. */
export function isReference(id: string): boolean {
  return REFERENCE.test(id);
}

/** Where the archive tells of the payment that a page's address names; undefined where the address does not say enough. */
export function decisionPathOf(id: string, merchant: string | undefined): string | undefined {
  if (DECISION_ID.test(id)) return archivePath(`decisions/${id}`);
  if (!isReference(id) || merchant === undefined || !isReference(merchant)) return undefined;
  return archivePath(`transactions/${encodeURIComponent(merchant)}/${encodeURIComponent(id)}`);
}
