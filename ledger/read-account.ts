import type { Balance } from '@trancendos/contracts/balance';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { ACCOUNT_COLUMNS, accountOfRow, type AccountRow } from './account-row.ts';
import { renderBalance } from './render-balance.ts';

/** An account as it is committed; undefined where there is none. */
export async function readAccount(pool: Pick<pg.Pool, 'query'>, accountId: string): Promise<Balance | undefined> {
  const { rows } = await pool.query<AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM ledger.accounts WHERE id = $1`, [accountId]);
  const [row] = rows;
  return row && renderBalance(accountOfRow(row), toInstant(row.changed_at.getTime()));
}
