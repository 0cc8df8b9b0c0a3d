import { nowMs, toInstant } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';
import type pg from 'pg';
import { openFollowing } from './follow-changes.ts';

const EVERY_MS = 3_600_000;

/** Makes the partitions of the days to come and drops those whose keys are older than a day; gives how many it dropped. */
export async function tendIdempotencyKeys(pool: Pick<pg.Pool, 'query'>, atMs = nowMs()): Promise<number> {
  const { rows } = await pool.query<{ dropped: number }>('SELECT ingest.tend_idempotency_keys($1) AS dropped', [
    toInstant(atMs).slice(0, 10),
  ]);
  return rows[0]?.dropped ?? 0;
}

/** Does so now and every hour. */
export async function openKeyTending(pool: pg.Pool, log: Logger): Promise<Resource> {
  const look = async () => {
    const dropped = await tendIdempotencyKeys(pool);
    if (dropped > 0) log.info({ dropped }, 'idempotency keys of past days removed');
  };
  await look();
  return openFollowing({ what: 'idempotency keys of past days', look, log, everyMs: EVERY_MS });
}
