import type { LedgerBatch } from '@trancendos/contracts/ledger';
import { LedgerBatch as LedgerBatchShape } from '@trancendos/contracts/ledger';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';

export interface BatchRow {
  readonly seq: string;
  readonly epoch: string;
  readonly first_ledger_seq: string;
  readonly entries: number;
  readonly first_transfer_seq: string;
  readonly transfers: number;
  readonly committed_at: Date;
  readonly inputs: string;
  readonly merkle_root: Buffer;
  readonly blocks: Buffer;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

/** The batch of that number; the newest where none is given. Undefined where there is none. */
export async function readBatch(pool: Pick<pg.Pool, 'query'>, batchSeq?: number): Promise<LedgerBatch | undefined> {
  const { rows } = await pool.query<BatchRow>(
    'SELECT * FROM ledger.batches WHERE seq = coalesce($1, (SELECT max(seq) FROM ledger.batches))',
    [batchSeq ?? null],
  );
  return rows[0] && batchOfRow(rows[0]);
}

export function batchOfRow(row: BatchRow): LedgerBatch {
  return {
    batch_seq: Number(row.seq),
    epoch: Number(row.epoch),
    first_ledger_seq: Number(row.first_ledger_seq),
    entries: row.entries,
    first_transfer_seq: Number(row.first_transfer_seq),
    transfers: row.transfers,
    committed_at: toInstant(row.committed_at.getTime()),
    inputs: LedgerBatchShape.shape.inputs.parse(JSON.parse(row.inputs)),
    merkle_root: row.merkle_root.toString('hex'),
    previous_hash: row.previous_hash.toString('hex'),
    hash: row.hash.toString('hex'),
  };
}
