import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import type pg from 'pg';
import { ACCOUNT_COLUMNS, accountOfRow, type AccountRow } from './account-row.ts';
import type { Account } from './account.ts';
import { encodeColumn } from './encode-column.ts';
import { nameAccounts } from './name-accounts.ts';

/**
 * Puts every account that `transactions` can touch into `accounts`, unless it is there already or does not exist: at most one read,
 * none where everything is there.
 */
export async function loadAccounts(
  pool: Pick<pg.Pool, 'query'>,
  accounts: Map<string, Account>,
  transactions: readonly PaymentTransaction[],
): Promise<void> {
  const missing = new Set<string>();
  for (const transaction of transactions) {
    const { payer, merchant, funding } = nameAccounts(transaction);
    for (const { id } of [payer, merchant, funding]) if (!accounts.has(id)) missing.add(id);
  }
  if (missing.size === 0) return;
  const { rows } = await pool.query<AccountRow>({
    name: 'find-accounts',
    text: `SELECT ${ACCOUNT_COLUMNS} FROM ledger.find_accounts($1)`,
    values: [encodeColumn([...missing])],
  });
  for (const row of rows) accounts.set(row.id, accountOfRow(row));
}
