import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type pg from 'pg';
import { transactionKey } from './ledger-state.ts';

/** The keys of those among `transactions` that have been decided and committed. One read. */
export async function findDecided(pool: Pick<pg.Pool, 'query'>, transactions: readonly PaymentTransaction[]): Promise<string[]> {
  const { rows } = await pool.query<{ merchant_id: string; transaction_id: string }>({
    text: `SELECT merchant_id, transaction_id
             FROM ledger.transactions
             JOIN unnest($1::text[], $2::text[]) AS asked (merchant_id, transaction_id) USING (merchant_id, transaction_id)`,
    values: [transactions.map(({ merchant_id }) => merchant_id), transactions.map(({ transaction_id }) => transaction_id)],
  });
  return rows.map(({ merchant_id, transaction_id }) => transactionKey(merchant_id, transaction_id));
}
