import { nowMs } from '@trancendos/platform/clock';
import type pg from 'pg';

const DAY_MS = 86_400_000;
/** Transfers may have ids from before they are posted, when they have waited on the log. */
const BEHIND_MS = 7 * DAY_MS;
/** How long the ledger can go on without anybody opening partitions. */
const AHEAD_MS = 28 * DAY_MS;

/** Opens the partitions of transfers that are missing around now. Resolves with how many that were. */
export async function openPartitions(pool: Pick<pg.Pool, 'query'>, days: number): Promise<number> {
  const now = nowMs();
  const { rows } = await pool.query<{ opened: number }>('SELECT ledger.open_partitions($1, $2, $3) AS opened', [
    new Date(now - BEHIND_MS),
    new Date(now + AHEAD_MS),
    days,
  ]);
  return rows[0]?.opened ?? 0;
}
