import { metrics } from '@trancendos/platform/metrics';
import type pg from 'pg';

/** Holds may fall to their policy a little late. */
const STALE_AFTER = '1 minute';
/** The newest batches that are looked at each time. */
const BATCHES_LOOKED_AT = 1_000;

/** What can be seen cheaply and often: by index only, and at the newest end of the journal. */
const WATCH = `
  WITH newest AS (SELECT * FROM ledger.batches ORDER BY seq DESC LIMIT ${BATCHES_LOOKED_AT}),
  chained AS (
    SELECT newest.*, lag(seq) OVER w AS seq_before, lag(hash) OVER w AS hash_before,
           lag(first_transfer_seq + transfers) OVER w AS transfer_expected, lag(first_ledger_seq + entries) OVER w AS entry_expected
      FROM newest WINDOW w AS (ORDER BY seq))
  SELECT (SELECT count(*) FROM ledger.holds WHERE status = 'open' AND expires_at < now() - interval '${STALE_AFTER}') AS stale_holds,
         (SELECT count(*) FROM chained
           WHERE seq <> seq_before + 1 OR first_transfer_seq <> transfer_expected OR first_ledger_seq <> entry_expected
              OR previous_hash <> hash_before)
         + (SELECT count(*) FROM ledger.writer
             WHERE last_batch_seq <> coalesce((SELECT max(seq) FROM ledger.batches), 0)
                OR last_transfer_seq <> coalesce((SELECT max(seq) FROM ledger.transfers), 0)) AS gaps`;

export interface LedgerWatch {
  /** Open holds that should have fallen to their policy a minute ago. */
  readonly staleHolds: number;
  /** Places at the newest end of the journal where numbering or chain is broken. */
  readonly sequenceGaps: number;
}

/** Looks for what must never be, and sets the metrics of it. */
export async function watchLedger(pool: Pick<pg.Pool, 'query'>): Promise<LedgerWatch> {
  const { rows } = await pool.query<{ stale_holds: string; gaps: string }>(WATCH);
  const found = { staleHolds: Number(rows[0]?.stale_holds ?? 0), sequenceGaps: Number(rows[0]?.gaps ?? 0) };
  metrics.ledgerStaleHolds.set(found.staleHolds);
  metrics.ledgerSequenceGaps.set(found.sequenceGaps);
  return found;
}
