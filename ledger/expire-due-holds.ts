import { nowMs } from '@trancendos/platform/clock';
import type pg from 'pg';
import type { Writer } from './write-batches.ts';

export interface ExpireOptions {
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly writer: Pick<Writer, 'expire'>;
  readonly signal: AbortSignal;
  /** Most holds in one entry of the writer's input. Default 500. */
  readonly pieceMax?: number;
}

/**
 * Due is what expires by now, or by the time of the last commit where that is later: commit times never go back, and clocks do.
 */
const DUE = 'SELECT id FROM ledger.find_due_holds(greatest($1, (SELECT last_committed_at FROM ledger.writer)), $2) AS id';

/**
 * Finds the holds that are due and hands them to the writer, which alone decides: a tick of the clock is an input like any other. Goes on
 * until nothing is due, or none of what is falls. A hold that the writer has settled meanwhile is passed over there.
 */
export async function expireDueHolds({ pool, writer, signal, pieceMax = 500 }: ExpireOptions): Promise<number> {
  for (let expired = 0; ;) {
    // In whole milliseconds, as the writer counts: what is due here is due there.
    const { rows } = await pool.query<{ id: string }>(DUE, [new Date(Math.floor(nowMs())), pieceMax]);
    if (rows.length === 0 || !(await writer.expire(rows.map(({ id }) => `tr_${id}`)))) return expired;
    expired += rows.length;
    if (rows.length < pieceMax || signal.aborted) return expired;
  }
}
