import { nowMs, toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { firstKeptDay } from './archivist.ts';

const DAY_MS = 86_400_000;
/** How long archiving goes on in prepared partitions without anybody tending them. */
const AHEAD_DAYS = 7;
const DELETED_AT_ONCE = 5_000;

export interface Retention {
  /** Decisions, their labels, and sums by the minute. */
  readonly retentionDays: number;
  /** Sums by the hour and the day. */
  readonly rollupRetentionDays: number;
}

/** What was made and removed: partitions, and rows of the tables that have none. */
export interface Tended {
  readonly opened: number;
  readonly dropped: number;
  readonly deleted: number;
}

/** Opens the partitions of the days to come and removes what is older than its retention. Called again it changes nothing. */
export async function tendArchive(
  pool: Pick<pg.Pool, 'query'>,
  { retentionDays, rollupRetentionDays }: Retention,
  { signal, atMs = nowMs() }: { readonly signal: AbortSignal; readonly atMs?: number },
): Promise<Tended> {
  const today = toInstant(atMs).slice(0, 10);
  const oldest = firstKeptDay(retentionDays, atMs);
  const oldestRollup = firstKeptDay(Math.max(retentionDays, rollupRetentionDays), atMs);
  const opened = await count(pool, 'SELECT review.open_days($1, $2) AS count', [today, toInstant(atMs + AHEAD_DAYS * DAY_MS).slice(0, 10)]);
  const dropped = await count(pool, 'SELECT review.drop_days($1) AS count', [oldest]);
  let deleted = 0;
  for (const [table, condition, before] of [
    ['labels', 'committed_at < $1', oldest],
    ['labels', 'committed_at IS NULL AND received_at < $1', oldest],
    ['late_decisions', 'decided_at < $1', oldest],
    ...['rollup', 'rollup_latency', 'rollup_reason'].flatMap((table) => [
      [table, 'span = 1 AND begins < $1', oldest] as const,
      [table, 'span IN (60, 1440) AND begins < $1', oldestRollup] as const,
    ]),
  ] as const) {
    deleted += await deleteInSteps(pool, { table, condition, before, signal });
  }
  return { opened, dropped, deleted };
}

interface Deletion {
  readonly table: string;
  readonly condition: string;
  /** The day before whose beginning (UTC) it lies. */
  readonly before: string;
  readonly signal: AbortSignal;
}

/** In short transactions, so that nothing waits behind it. */
async function deleteInSteps(pool: Pick<pg.Pool, 'query'>, { table, condition, before, signal }: Deletion): Promise<number> {
  const text = `
    DELETE FROM review.${table}
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM review.${table} WHERE ${condition} LIMIT ${DELETED_AT_ONCE}))`;
  for (let deleted = 0; ;) {
    const { rowCount } = await pool.query(text, [`${before}T00:00:00Z`]);
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < DELETED_AT_ONCE || signal.aborted) return deleted;
  }
}

async function count(pool: Pick<pg.Pool, 'query'>, text: string, values: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(text, [...values]);
  return rows[0]?.count ?? 0;
}

/** Labels whose decision has not come. */
export function countParkedLabels(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  return count(pool, 'SELECT count(*)::int AS count FROM review.labels WHERE committed_at IS NULL', []);
}
