import type { StatementLine } from '@trancendos/contracts/ledger';

export type StatementFormat = 'csv' | 'ndjson';

/** How each format is announced and named. */
export const EXPORT_TYPES: Readonly<Record<StatementFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

const COLUMNS: readonly [name: string, value: (line: StatementLine) => string | number | null][] = [
  ['seq', ({ seq }) => seq],
  ['committed_at', ({ committed_at }) => committed_at],
  ['effective_at', ({ effective_at }) => effective_at],
  ['transfer_id', ({ transfer_id }) => transfer_id],
  ['kind', ({ kind }) => kind],
  ['direction', ({ direction }) => direction],
  ['amount_minor', ({ amount_minor }) => amount_minor],
  ['currency', ({ currency }) => currency],
  ['other_account_id', ({ other_account_id }) => other_account_id],
  ['merchant_id', ({ merchant_id }) => merchant_id],
  ['transaction_id', ({ transaction_id }) => transaction_id],
  ['related_to', ({ related_to }) => related_to],
  ['debits_posted', ({ after }) => after.debits_posted],
  ['credits_posted', ({ after }) => after.credits_posted],
  ['debits_pending', ({ after }) => after.debits_pending],
  ['credits_pending', ({ after }) => after.credits_pending],
];

/** Text of a whole statement, a page at a time: CSV as RFC 4180 has it with a header, or a JSON object a line. */
export async function* exportStatement(pages: AsyncIterable<readonly StatementLine[]>, format: StatementFormat): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(COLUMNS.map(([name]) => name));
  for await (const lines of pages) yield lines.map(format === 'csv' ? asCsv : asJson).join('');
}

function asJson(line: StatementLine): string {
  return JSON.stringify(line) + '\n';
}

function asCsv(line: StatementLine): string {
  return csvLine(COLUMNS.map(([, value]) => String(value(line) ?? '')));
}

function csvLine(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',') + '\r\n';
}
