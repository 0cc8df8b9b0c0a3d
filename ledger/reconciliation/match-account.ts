import type { Postgres } from '@trancendos/platform/postgres';
import type pg from 'pg';
import { postedSql } from '../transfer-effect.ts';
import { matchSettlement, type Matching, type OpenLine, type OpenTransfer } from './match-settlement.ts';

const DAY_MS = 86_400_000;
/** Lines and transfers that are held against each other in one go; more of them are matched from the oldest on. */
const OPEN_MAX = 200_000;

interface LineRow {
  readonly file_id: string;
  readonly line: number;
  readonly day: string;
  readonly amount_minor: string;
  readonly reference: string | null;
  readonly window_days: number;
}

/**
 * Matches what is open on an account: its unmatched lines with the posted movements that no line stands for. One at a time for an account.
 * Returns how many lines it has matched.
 */
export async function matchAccount(postgres: Postgres, account: string, nowMs: number): Promise<number> {
  return postgres.inTransaction(async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('ledger.match_account'), hashtext($1))`, [account]);
    const rows = await readOpenLines(client, account);
    let matched = 0;
    // Files may have different windows; the surest, the narrowest, goes first.
    for (const windowDays of [...new Set(rows.map(({ window_days }) => window_days))].sort((a, b) => a - b)) {
      const lines = rows.filter(({ window_days }) => window_days === windowDays).map(lineOf);
      const transfers = await readOpenTransfers(client, account, rangeOf(lines, windowDays));
      const matching = matchSettlement(lines, transfers, windowDays);
      await keepMatching(client, { account, matching, nowMs });
      matched += matching.matches.length;
    }
    return matched;
  });
}

async function readOpenLines(client: pg.PoolClient, account: string): Promise<LineRow[]> {
  const { rows } = await client.query<LineRow>(
    `SELECT line.file_id, line.line, line.day::text AS day, line.amount_minor, line.reference, file.window_days
       FROM ledger.settlement_lines AS line JOIN ledger.settlement_files AS file ON file.id = line.file_id
      WHERE line.account = $1 AND line.rule IS NULL ORDER BY line.day, line.file_id, line.line LIMIT $2`,
    [account, OPEN_MAX],
  );
  return rows;
}

function lineOf({ file_id, line, day, amount_minor, reference }: LineRow): OpenLine {
  return { key: `${file_id}/${line}`, day: dayOf(Date.parse(day)), amountMinor: BigInt(amount_minor), reference };
}

function rangeOf(lines: readonly OpenLine[], windowDays: number): { fromMs: number; untilMs: number } {
  const days = lines.map(({ day }) => day);
  const first = days.reduce((least, day) => Math.min(least, day), Infinity);
  const last = days.reduce((most, day) => Math.max(most, day), -Infinity);
  return { fromMs: (first - windowDays) * DAY_MS, untilMs: (last + windowDays + 1) * DAY_MS };
}

/** Movements on the account that no line stands for, those of a time, by the index of each side. Credits came in, debits went out. */
const OPEN_TRANSFERS = (['debit', 'credit'] as const)
  .map(
    (side) => `
      SELECT transfer.id, transfer.seq, transfer.committed_at, ${side === 'credit' ? '' : '-'}(${postedSql('transfer')}) AS amount_minor,
             transfer.decision_id, transfer.related_to, coalesce(decided.transaction_id, held.transaction_id) AS transaction_id
        FROM ledger.transfers AS transfer
        LEFT JOIN ledger.transactions AS decided ON decided.ledger_seq = transfer.ledger_seq
        LEFT JOIN ledger.holds AS held ON held.id = transfer.related_to
       WHERE transfer.${side}_account = $1
         AND transfer.seq > ledger.transfer_seq_at($2::timestamptz - interval '1 microsecond')
         AND transfer.seq <= ledger.transfer_seq_at($3::timestamptz - interval '1 microsecond')
         AND ${postedSql('transfer')} <> 0
         AND NOT EXISTS (SELECT 1 FROM ledger.settlement_matches AS match WHERE match.account = $1 AND match.transfer_id = transfer.id)`,
  )
  .join(' UNION ALL ');

interface TransferRow {
  readonly id: string;
  readonly seq: string;
  readonly committed_at: Date;
  readonly amount_minor: string;
  readonly decision_id: string | null;
  readonly related_to: string | null;
  readonly transaction_id: string | null;
}

async function readOpenTransfers(
  client: pg.PoolClient,
  account: string,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): Promise<OpenTransfer[]> {
  const values = [account, new Date(fromMs), new Date(untilMs), OPEN_MAX];
  const { rows } = await client.query<TransferRow>(`${OPEN_TRANSFERS} ORDER BY seq LIMIT $4`, values);
  return rows.map((row) => ({
    id: row.id,
    seq: Number(row.seq),
    day: dayOf(row.committed_at.getTime()),
    amountMinor: BigInt(row.amount_minor),
    references: referencesOf(row),
  }));
}

/** What a bank may call it by: our ids, with or without what they begin with, and the merchant's id of the transaction. */
function referencesOf({ id, decision_id, related_to, transaction_id }: TransferRow): string[] {
  const named = [transaction_id, id, `tr_${id}`];
  if (decision_id !== null) named.push(`dec_${decision_id}`);
  if (related_to !== null) named.push(`tr_${related_to}`);
  return named.filter((reference) => reference !== null);
}

interface Kept {
  readonly account: string;
  readonly matching: Matching;
  readonly nowMs: number;
}

async function keepMatching(client: pg.PoolClient, { account, matching: { matches, unmatched }, nowMs }: Kept): Promise<void> {
  const placesOf = (keys: readonly string[]) => [keys.map(fileOf), keys.map(lineNumberOf)];
  await client.query(
    `UPDATE ledger.settlement_lines AS kept SET rule = found.rule, matched_at = $4, unmatched_reason = NULL
       FROM unnest($1::uuid[], $2::int[], $3::text[]) AS found (file_id, line, rule)
      WHERE kept.file_id = found.file_id AND kept.line = found.line`,
    [...placesOf(matches.map(({ line }) => line)), matches.map(({ rule }) => rule), new Date(nowMs)],
  );
  const pairs = matches.flatMap(({ line, transferIds }) => transferIds.map((id) => [line, id] as const));
  await client.query(
    `INSERT INTO ledger.settlement_matches (account, file_id, line, transfer_id)
     SELECT $1, * FROM unnest($2::uuid[], $3::int[], $4::uuid[])`,
    [account, ...placesOf(pairs.map(([line]) => line)), pairs.map(([, id]) => id)],
  );
  await client.query(
    `UPDATE ledger.settlement_lines AS kept SET unmatched_reason = left_over.reason
       FROM unnest($1::uuid[], $2::int[], $3::text[]) AS left_over (file_id, line, reason)
      WHERE kept.file_id = left_over.file_id AND kept.line = left_over.line AND kept.unmatched_reason IS DISTINCT FROM left_over.reason`,
    [...placesOf(unmatched.map(({ line }) => line)), unmatched.map(({ reason }) => reason)],
  );
}

const fileOf = (key: string) => key.slice(0, key.indexOf('/'));
const lineNumberOf = (key: string) => Number(key.slice(key.indexOf('/') + 1));

function dayOf(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS);
}
