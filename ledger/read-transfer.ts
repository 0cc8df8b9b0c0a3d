import type { LedgerTransfer } from '@trancendos/contracts/ledger';
import type pg from 'pg';
import { TRANSFER_COLUMNS, TRANSFER_JOINS, transferOfRow, type TransferRow } from './transfer-row.ts';

/** The transfer with that id, `tr_<uuid>`, where there is one. */
export async function readTransfer(pool: Pick<pg.Pool, 'query'>, transferId: string): Promise<LedgerTransfer | undefined> {
  const { rows } = await pool.query<TransferRow>({
    name: 'read-transfer',
    text: `SELECT ${TRANSFER_COLUMNS} FROM ledger.transfers AS transfer ${TRANSFER_JOINS} WHERE transfer.id = $1`,
    values: [transferId.slice('tr_'.length)],
  });
  return rows[0] && transferOfRow(rows[0]);
}
