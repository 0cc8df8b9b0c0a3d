import { pause } from '@trancendos/platform/clock';
import type pg from 'pg';

export interface PruneOptions {
  readonly pool: Pick<pg.Pool, 'query'>;
  /** Batches that were committed earlier than this, in milliseconds since the epoch, may go. */
  readonly beforeMs: number;
  readonly signal: AbortSignal;
  /** Most rows deleted by one statement. Default 500. */
  readonly pieceMax?: number;
}

const BETWEEN_PIECES_MS = 50;

/** Deletes from the outbox what is old and published, in small pieces so that nothing waits for it. Resolves with how many batches went. */
export async function pruneOutbox({ pool, beforeMs, signal, pieceMax = 500 }: PruneOptions): Promise<number> {
  for (let deleted = 0; ;) {
    const { rowCount } = await pool.query(
      `DELETE FROM ledger.outbox
        WHERE batch_seq IN (
          SELECT batch_seq FROM ledger.outbox
           WHERE batch_seq <= (SELECT published_batch FROM ledger.publication)
           ORDER BY batch_seq LIMIT $2)
          AND committed_at < $1`,
      [new Date(beforeMs), pieceMax],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < pieceMax || signal.aborted) return deleted;
    await pause(BETWEEN_PIECES_MS, signal);
  }
}
