import { hash } from 'node:crypto';
import type { LedgerTransfer, TransferProof } from '@trancendos/contracts/ledger';
import { transferLeafText } from '@trancendos/contracts/transfer-leaf';
import type pg from 'pg';
import { inclusionProof, LEAF_PREFIX } from './hash-batch.ts';
import { batchOfRow, type BatchRow } from './read-batch.ts';
import { TRANSFER_COLUMNS, TRANSFER_JOINS, transferOfRow, type TransferRow } from './transfer-row.ts';

/**
 * What proves that a transfer is in the ledger's history: its place in the tree over its batch, and the batch. Read from the journal as it
 * stands, so a journal that was changed gives a proof that does not verify. Undefined where there is no such transfer.
 */
export async function readProof(pool: Pick<pg.Pool, 'query'>, transferId: string): Promise<TransferProof | undefined> {
  const id = transferId.slice('tr_'.length);
  const { rows: batches } = await pool.query<BatchRow>(
    `SELECT * FROM ledger.batches
      WHERE seq = (SELECT ledger.batch_of_transfer(transfer.seq) FROM ledger.transfers AS transfer WHERE transfer.id = $1)`,
    [id],
  );
  const batch = batches[0] && batchOfRow(batches[0]);
  if (!batch) return undefined;
  const transfers = await readTransfersOfBatch(pool, batch.first_transfer_seq, batch.transfers);
  const index = transfers.findIndex(({ transfer_id }) => transfer_id === transferId);
  const transfer = transfers[index];
  if (!transfer) return undefined;
  const leaves = transfers.map(hashShown);
  const { path } = inclusionProof(leaves, index);
  return {
    transfer,
    leaf_hash: leaves[index]?.toString('hex') ?? '',
    leaf_index: index,
    tree_size: leaves.length,
    path: path.map((sibling) => sibling.toString('hex')),
    batch,
  };
}

/** The leaf of a transfer as it is shown. The same as that of the transfer as it was made, or the journal was changed. */
export function hashShown(transfer: LedgerTransfer): Buffer {
  return Buffer.from(hash('sha256', LEAF_PREFIX + transferLeafText(transfer), 'hex'), 'hex');
}

async function readTransfersOfBatch(pool: Pick<pg.Pool, 'query'>, firstSeq: number, count: number): Promise<LedgerTransfer[]> {
  const { rows } = await pool.query<TransferRow>(
    `SELECT ${TRANSFER_COLUMNS} FROM ledger.transfers AS transfer ${TRANSFER_JOINS}
      WHERE transfer.seq BETWEEN $1 AND $2 ORDER BY transfer.seq`,
    [firstSeq, firstSeq + count - 1],
  );
  return rows.map(transferOfRow);
}
