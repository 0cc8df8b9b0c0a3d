import type { Currency } from '@trancendos/contracts/money';
import type { MatchRule, ReconciliationReport, UnmatchedReason } from '@trancendos/contracts/reconciliation';
import type { TransferKind } from '@trancendos/contracts/transfer';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { postedSql } from '../transfer-effect.ts';
import { LINE_COLUMNS, lineOfRow, type LineRow } from './read-settlement-files.ts';

/** From how many days on each bucket of ages begins. */
const BUCKETS_FROM_DAYS = [0, 2, 8, 31] as const;
const OLDEST_MAX = 100;
const DAY_MS = 86_400_000;
/** It reads whatever has moved on the account in the days that files cover. */
const QUERY_TIMEOUT_MS = 60_000;

type Pool = Pick<pg.Pool, 'query'>;
type Bucket = ReconciliationReport['unmatched_lines'][number];

interface Account {
  readonly number: string;
  readonly currency: Currency;
  readonly first_day: string | null;
  readonly last_day: string | null;
}

/** What does not agree on an account, and for how long, as of `nowMs`. Undefined where there is no such account. */
export async function readReconciliationReport(pool: Pool, accountId: string, nowMs: number): Promise<ReconciliationReport | undefined> {
  const account = await findAccount(pool, accountId);
  if (!account) return undefined;
  const { number, currency, first_day, last_day } = account;
  const covered = first_day !== null && last_day !== null ? { first_day, last_day } : null;
  const counts = await countLines(pool, number);
  const unsettled = covered ? await readUnsettled(pool, number, covered) : [];
  const oldestLines = await readOldestLines(pool, number, nowMs);
  return {
    account_id: accountId,
    currency,
    as_of: toInstant(nowMs),
    covered,
    lines: {
      matched: sumCounts(counts.filter(({ rule }) => rule !== null)),
      unmatched: sumCounts(counts.filter(({ rule }) => rule === null)),
    },
    by_rule: groupCounts(counts, ({ rule }) => rule).map(([rule, lines]) => ({ rule, lines })),
    by_reason: groupCounts(counts, ({ rule, reason }) => (rule === null ? reason : null)).map(([reason, lines]) => ({ reason, lines })),
    unmatched_lines: await ageLines(pool, number, nowMs),
    unsettled_transfers: ageTransfers(unsettled, nowMs),
    oldest_lines: oldestLines,
    oldest_transfers: unsettled.slice(0, OLDEST_MAX).map((row) => ({
      transfer_id: `tr_${row.id}`,
      kind: row.kind,
      amount_minor: row.amount_minor,
      reference: row.reference,
      committed_at: toInstant(row.committed_at.getTime()),
      age_days: ageDays(row.committed_at.getTime(), nowMs),
    })),
  };
}

async function findAccount(pool: Pool, accountId: string): Promise<Account | undefined> {
  const { rows } = await pool.query<Account>(
    `SELECT account.number, account.currency, min(file.first_day)::text AS first_day, max(file.last_day)::text AS last_day
       FROM ledger.accounts AS account LEFT JOIN ledger.settlement_files AS file ON file.account = account.number
      WHERE account.id = $1 GROUP BY account.number, account.currency`,
    [accountId],
  );
  return rows[0];
}

interface Count {
  readonly rule: MatchRule | null;
  readonly reason: UnmatchedReason | null;
  readonly lines: number;
}

async function countLines(pool: Pool, account: string): Promise<Count[]> {
  const { rows } = await pool.query<Count>(
    `SELECT rule, unmatched_reason AS reason, count(*)::int AS lines FROM ledger.settlement_lines
      WHERE account = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
    [account],
  );
  return rows;
}

interface UnsettledRow {
  readonly id: string;
  readonly kind: TransferKind;
  readonly amount_minor: string;
  readonly reference: string | null;
  readonly committed_at: Date;
}

const unsettledOf = (side: 'debit' | 'credit') => `
  SELECT transfer.id, transfer.kind, ${side === 'credit' ? '' : '-'}(${postedSql('transfer')}) AS amount_minor, transfer.committed_at, transfer.seq,
         coalesce(decided.transaction_id, held.transaction_id) AS reference
    FROM ledger.transfers AS transfer
    LEFT JOIN ledger.transactions AS decided ON decided.ledger_seq = transfer.ledger_seq
    LEFT JOIN ledger.holds AS held ON held.id = transfer.related_to
   WHERE transfer.${side}_account = $1
     AND transfer.seq > ledger.transfer_seq_at($2::date::timestamptz - interval '1 microsecond')
     AND transfer.seq <= ledger.transfer_seq_at($3::date::timestamptz + interval '1 day' - interval '1 microsecond')
     AND ${postedSql('transfer')} <> 0
     AND NOT EXISTS (SELECT 1 FROM ledger.settlement_matches AS match WHERE match.account = $1 AND match.transfer_id = transfer.id)`;

/** Movements of the covered days that no line stands for, oldest first. Earlier and later ones are nothing that a file could have told. */
async function readUnsettled(pool: Pool, account: string, covered: { first_day: string; last_day: string }): Promise<UnsettledRow[]> {
  const { rows } = await pool.query<UnsettledRow>({
    text: `${unsettledOf('debit')} UNION ALL ${unsettledOf('credit')} ORDER BY seq`,
    values: [account, covered.first_day, covered.last_day],
    query_timeout: QUERY_TIMEOUT_MS,
  } as pg.QueryConfig);
  return rows;
}

async function ageLines(pool: Pool, account: string, nowMs: number): Promise<Bucket[]> {
  const { rows } = await pool.query<{ bucket: number; count: string; sum_minor: string }>(
    `SELECT width_bucket($2::date - day, $3::int[]) AS bucket, count(*) AS count, sum(amount_minor) AS sum_minor
       FROM ledger.settlement_lines WHERE account = $1 AND rule IS NULL GROUP BY 1`,
    [account, toInstant(nowMs).slice(0, 10), [...BUCKETS_FROM_DAYS]],
  );
  return BUCKETS_FROM_DAYS.map((from_days, index) => {
    // What is dated in the future counts as of today.
    const own = rows.filter(({ bucket }) => Math.max(1, bucket) === index + 1);
    return bucketOf(
      index,
      own.map(({ count, sum_minor }) => ({ count: Number(count), minor: BigInt(sum_minor) })),
      from_days,
    );
  });
}

function ageTransfers(rows: readonly UnsettledRow[], nowMs: number): Bucket[] {
  return BUCKETS_FROM_DAYS.map((from_days, index) => {
    const next = BUCKETS_FROM_DAYS[index + 1] ?? Infinity;
    const own = rows.filter((row) => {
      const age = ageDays(row.committed_at.getTime(), nowMs);
      return age >= from_days && age < next;
    });
    return bucketOf(
      index,
      own.map(({ amount_minor }) => ({ count: 1, minor: BigInt(amount_minor) })),
      from_days,
    );
  });
}

function bucketOf(index: number, parts: readonly { count: number; minor: bigint }[], from_days: number): Bucket {
  const next = BUCKETS_FROM_DAYS[index + 1];
  return {
    from_days,
    to_days: next === undefined ? null : next - 1,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    sum_minor: String(parts.reduce((sum, { minor }) => sum + minor, 0n)),
  };
}

async function readOldestLines(pool: Pool, account: string, nowMs: number): Promise<ReconciliationReport['oldest_lines']> {
  const { rows } = await pool.query<LineRow & { readonly file_id: string }>(
    `SELECT line.file_id, ${LINE_COLUMNS} FROM ledger.settlement_lines AS line
      WHERE line.account = $1 AND line.rule IS NULL ORDER BY line.day, line.file_id, line.line LIMIT ${OLDEST_MAX}`,
    [account],
  );
  return rows.map((row) => ({ ...lineOfRow(row), file_id: `set_${row.file_id}`, age_days: ageDays(Date.parse(row.day), nowMs) }));
}

function ageDays(sinceMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - sinceMs) / DAY_MS));
}

function sumCounts(counts: readonly Count[]): number {
  return counts.reduce((sum, { lines }) => sum + lines, 0);
}

function groupCounts<K>(counts: readonly Count[], keyOf: (count: Count) => K | null): [K, number][] {
  const groups = new Map<K, number>();
  for (const count of counts) {
    const key = keyOf(count);
    if (key !== null) groups.set(key, (groups.get(key) ?? 0) + count.lines);
  }
  return [...groups];
}
