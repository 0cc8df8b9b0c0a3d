import type { SettlementFile } from '@trancendos/contracts/reconciliation';
import type { Currency } from '@trancendos/contracts/money';
import type { Postgres } from '@trancendos/platform/postgres';
import { newId } from '@trancendos/platform/new-id';
import type pg from 'pg';
import { matchAccount } from './match-account.ts';
import { HashedBody } from './read-body.ts';
import { readSettlementLines, type LineFault, type SettlementEntry } from './read-settlement-lines.ts';
import { readSettlementFile } from './read-settlement-files.ts';

export interface SettlementImport {
  /** The account that the file is about, such as `settlement:bank:EUR`. */
  readonly accountId: string;
  readonly name: string;
  /** How many days a transfer may lie before or after the day of its line. */
  readonly windowDays: number;
  readonly body: AsyncIterable<Uint8Array>;
  readonly nowMs: number;
}

export type ImportResult =
  | { readonly kind: 'imported'; readonly file: SettlementFile }
  | { readonly kind: 'account_unknown' }
  | { readonly kind: 'faulty'; readonly faults: readonly LineFault[] };

/** Of a file: about 200,000 lines. */
export const FILE_MAX_BYTES = 33_554_432;
const INSERT_LINES = 5_000;

/**
 * Imports a settlement file for an account and matches its lines. All of it or nothing: a file with a faulty line is refused with all its faults,
 * and a file that was imported before is answered as it stands. Throws `BodyTooLargeError`, and `TypeError` where it is not UTF-8.
 */
export async function importSettlement(postgres: Postgres, given: SettlementImport): Promise<ImportResult> {
  const account = await findAccount(postgres.pool, given.accountId);
  if (!account) return { kind: 'account_unknown' };
  const body = new HashedBody(given.body, FILE_MAX_BYTES);
  const { entries, faults } = await readSettlementLines(body, account.currency);
  if (faults.length > 0) return { kind: 'faulty', faults };
  const file = { ...given, account: account.number, sha256: body.digest(), entries };
  const kept = await postgres.inTransaction((client) => keepFile(client, file));
  // Also of one that was imported before: what could not be matched then may be now.
  await matchAccount(postgres, account.number, given.nowMs);
  const imported = await readSettlementFile(postgres.pool, `set_${kept.id}`);
  if (!imported) throw new Error('the file that was just imported is not there');
  return { kind: 'imported', file: { ...imported, repeated: kept.repeated } };
}

async function findAccount(pool: Pick<pg.Pool, 'query'>, accountId: string) {
  const { rows } = await pool.query<{ number: string; currency: Currency }>('SELECT number, currency FROM ledger.accounts WHERE id = $1', [
    accountId,
  ]);
  return rows[0];
}

interface NewFile extends SettlementImport {
  readonly account: string;
  readonly sha256: Buffer;
  readonly entries: readonly SettlementEntry[];
}

async function keepFile(client: pg.PoolClient, file: NewFile): Promise<{ id: string; repeated: boolean }> {
  const { account, name, sha256, entries, windowDays, nowMs } = file;
  const days = entries.map(({ day }) => day).sort();
  const id = newId('set').slice('set_'.length);
  const made = await client.query(
    `INSERT INTO ledger.settlement_files (id, account, name, sha256, lines, first_day, last_day, window_days, imported_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account, sha256) DO NOTHING`,
    [id, account, name, sha256, entries.length, days[0], days.at(-1), windowDays, new Date(nowMs)],
  );
  if (made.rowCount === 0) {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM ledger.settlement_files WHERE account = $1 AND sha256 = $2', [
      account,
      sha256,
    ]);
    return { id: rows[0]?.id ?? id, repeated: true };
  }
  for (let from = 0; from < entries.length; from += INSERT_LINES) {
    await keepLines(client, { id, account }, entries.slice(from, from + INSERT_LINES));
  }
  return { id, repeated: false };
}

async function keepLines(client: pg.PoolClient, file: { id: string; account: string }, entries: readonly SettlementEntry[]): Promise<void> {
  await client.query(
    `INSERT INTO ledger.settlement_lines (file_id, account, line, day, amount_minor, reference, description)
     SELECT $1, $2, * FROM unnest($3::int[], $4::date[], $5::bigint[], $6::text[], $7::text[])`,
    [
      file.id,
      file.account,
      entries.map(({ line }) => line),
      entries.map(({ day }) => day),
      entries.map(({ amountMinor }) => String(amountMinor)),
      entries.map(({ reference }) => reference),
      entries.map(({ description }) => description),
    ],
  );
}
