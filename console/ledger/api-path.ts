/** An address of the ledger behind the gateway; parameters that are undefined or empty are left out. */
export function apiPath(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  const text = new URLSearchParams(given).toString();
  return `/api/ledger/v1/${path}${text === '' ? '' : `?${text}`}`;
}
