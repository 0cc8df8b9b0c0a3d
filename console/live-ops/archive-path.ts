import type { EntityType } from '@trancendos/contracts/archive';

type Query = Readonly<Record<string, string | undefined>>;

/** An address of the archive behind the gateway; parameters that are undefined or empty are left out. */
export function archivePath(path: string, query: Query = {}): string {
  return `/api/review/v1/${path}${queryText(query)}`;
}

/** The page of a payment. Ids of transactions are unique within their merchant only, so both are named. */
export function transactionHref({
  merchant_id,
  transaction_id,
}: {
  readonly merchant_id: string;
  readonly transaction_id: string;
}): string {
  return `/tx/${encodeURIComponent(transaction_id)}${queryText({ merchant: merchant_id })}`;
}

/** The page of somebody that payments are about. */
export function entityHref(type: EntityType, id: string): string {
  return `/entity/${type}/${encodeURIComponent(id)}`;
}

function queryText(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  const text = new URLSearchParams(given).toString();
  return text === '' ? '' : `?${text}`;
}
