import { hash } from 'node:crypto';
import type { LedgerBatch, LedgerTransfer, TransferProof } from '@trancendos/contracts/ledger';
import { transferLeafText } from '@trancendos/contracts/transfer-leaf';
import type pg from 'pg';
import { BLOCK_LEAVES, LEAF_PREFIX, pathThroughBlocks } from './hash-batch.ts';
import { batchOfRow, type BatchRow } from './read-batch.ts';
import { TRANSFER_COLUMNS, TRANSFER_JOINS, transferOfRow, type TransferRow } from './transfer-row.ts';

/**
 * What proves that a transfer is in the ledger's history: its place in the tree over its batch, and the batch. Read from the journal as it
 * stands, so a journal that was changed gives a proof that does not verify. Undefined where there is no such transfer.
 */
export async function readProof(pool: Pick<pg.Pool, 'query'>, transferId: string): Promise<TransferProof | undefined> {
  const id = transferId.slice('tr_'.length);
  const { rows: batches } = await pool.query<BatchRow & { readonly transfer_seq: string }>(
    `SELECT batch.*, transfer.seq AS transfer_seq
       FROM ledger.transfers AS transfer JOIN ledger.batches AS batch ON batch.seq = ledger.batch_of_transfer(transfer.seq)
      WHERE transfer.id = $1`,
    [id],
  );
  const [row] = batches;
  if (!row) return undefined;
  const batch = batchOfRow(row);
  const index = Number(row.transfer_seq) - batch.first_transfer_seq;
  const transfers = await readBlock(pool, batch, index);
  const place = transfers.findIndex(({ transfer_id }) => transfer_id === transferId);
  const transfer = transfers[place];
  if (!transfer) return undefined;
  const leaves = transfers.map(hashShown);
  return {
    transfer,
    leaf_hash: leaves[place]?.toString('hex') ?? '',
    leaf_index: index,
    tree_size: batch.transfers,
    path: pathThroughBlocks(index, Buffer.concat(leaves), row.blocks).map((sibling) => sibling.toString('hex')),
    batch,
  };
}

/** The leaf of a transfer as it is shown. The same as that of the transfer as it was made, or the journal was changed. */
export function hashShown(transfer: LedgerTransfer): Buffer {
  return Buffer.from(hash('sha256', LEAF_PREFIX + transferLeafText(transfer), 'hex'), 'hex');
}

/** The transfers whose leaves are in one block with leaf `index` of the batch, in order. */
async function readBlock(pool: Pick<pg.Pool, 'query'>, batch: LedgerBatch, index: number): Promise<LedgerTransfer[]> {
  const first = index - (index % BLOCK_LEAVES);
  const end = Math.min(first + BLOCK_LEAVES, batch.transfers);
  const { rows } = await pool.query<TransferRow>(
    `SELECT ${TRANSFER_COLUMNS} FROM ledger.transfers AS transfer ${TRANSFER_JOINS}
      WHERE transfer.seq BETWEEN $1 AND $2 ORDER BY transfer.seq`,
    [batch.first_transfer_seq + first, batch.first_transfer_seq + end - 1],
  );
  return rows.map(transferOfRow);
}
