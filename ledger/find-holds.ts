import type { ExpiryPolicy } from '@trancendos/contracts/balance';
import type { HoldStatus } from '@trancendos/contracts/transfer';
import type pg from 'pg';
import { uuidColumn } from '@trancendos/platform/encode-columns';
import type { Hold } from './hold.ts';

interface HoldRow {
  readonly id: string;
  readonly debit_id: string;
  readonly credit_id: string;
  readonly amount_minor: string;
  readonly remaining_minor: string;
  readonly captured_minor: string;
  readonly status: HoldStatus;
  readonly on_expiry: ExpiryPolicy;
  readonly placed_at: Date;
  readonly expires_at: Date;
  readonly placed_seq: string;
  readonly ledger_seq: string;
  readonly merchant_id: string | null;
  readonly transaction_id: string | null;
}

/** The holds with these ids that there are, as committed. Asks nothing where no id is given. */
export async function findHolds(pool: Pick<pg.Pool, 'query'>, holdIds: readonly string[]): Promise<Hold[]> {
  if (holdIds.length === 0) return [];
  const { rows } = await pool.query<HoldRow>({
    name: 'find-holds',
    text: 'SELECT (hold).*, debit_id, credit_id FROM ledger.find_holds($1)',
    values: [uuidColumn(holdIds, (id) => id)],
  });
  return rows.map(holdOfRow);
}

function holdOfRow(row: HoldRow): Hold {
  return {
    id: `tr_${row.id}`,
    debitId: row.debit_id,
    creditId: row.credit_id,
    amountMinor: BigInt(row.amount_minor),
    remainingMinor: BigInt(row.remaining_minor),
    capturedMinor: BigInt(row.captured_minor),
    status: row.status,
    onExpiry: row.on_expiry,
    placedAtMs: row.placed_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    placedSeq: Number(row.placed_seq),
    ledgerSeq: Number(row.ledger_seq),
    merchantId: row.merchant_id,
    transactionId: row.transaction_id,
  };
}
