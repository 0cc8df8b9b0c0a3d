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
 * Finds the holds that are due and hands them to the writer, which alone decides: a tick of the clock is an input like any other. Goes on
 * until nothing is due. A hold that the writer has settled meanwhile is passed over there.
 */
export async function expireDueHolds({ pool, writer, signal, pieceMax = 500 }: ExpireOptions): Promise<number> {
  for (let expired = 0; ;) {
    // In whole milliseconds, as the writer counts: what is due here is due there.
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM ledger.find_due_holds($1, $2) AS id', [
      new Date(Math.floor(nowMs())),
      pieceMax,
    ]);
    if (rows.length > 0) await writer.expire(rows.map(({ id }) => `tr_${id}`));
    expired += rows.length;
    if (rows.length < pieceMax || signal.aborted) return expired;
  }
}
