import type { AccountKind, AccountStatus, Balance } from '@trancendos/contracts/balance';
import type { LedgerAccount } from '@trancendos/contracts/ledger';
import type { Currency } from '@trancendos/contracts/money';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { ACCOUNT_COLUMNS, accountOfRow, type AccountRow } from './account-row.ts';
import { renderBalance } from './render-balance.ts';

type OpenedAccountRow = AccountRow & { readonly opened_at: Date };

/** An account as it is committed, with its terms; undefined where there is none. */
export async function readAccount(pool: Pick<pg.Pool, 'query'>, accountId: string): Promise<LedgerAccount | undefined> {
  const { rows } = await pool.query<OpenedAccountRow>({
    name: 'read-account',
    text: `SELECT ${ACCOUNT_COLUMNS}, opened_at FROM ledger.accounts WHERE id = $1`,
    values: [accountId],
  });
  return rows[0] && showAccount(rows[0]);
}

/** The counters alone, of as many accounts as there are among the ids. */
export async function readBalances(pool: Pick<pg.Pool, 'query'>, accountIds: readonly string[]): Promise<Balance[]> {
  const { rows } = await pool.query<AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM ledger.accounts WHERE id = ANY($1)`, [accountIds]);
  return rows.map((row) => renderBalance(accountOfRow(row), toInstant(row.changed_at.getTime())));
}

export interface AccountQuery {
  readonly kind?: AccountKind | undefined;
  readonly currency?: Currency | undefined;
  readonly status?: AccountStatus | undefined;
  /** The id at which the last page ended. */
  readonly afterId?: string | undefined;
  readonly limit: number;
}

/** Ids begin with their kind, so a kind is a range of the index over them. */
const ACCOUNTS = `
  SELECT ${ACCOUNT_COLUMNS}, opened_at FROM ledger.accounts
   WHERE ($1::text IS NULL OR id > $1) AND ($2::text IS NULL OR id BETWEEN $2 || ':' AND $2 || ';')
     AND ($3::text IS NULL OR currency = $3) AND ($4::text IS NULL OR status = $4)
   ORDER BY id LIMIT $5`;

/** Accounts in the order of their ids. */
export async function listAccounts(pool: Pick<pg.Pool, 'query'>, query: AccountQuery): Promise<LedgerAccount[]> {
  const { afterId, kind, currency, status, limit } = query;
  const values = [afterId ?? null, kind ?? null, currency ?? null, status ?? null, limit];
  const { rows } = await pool.query<OpenedAccountRow>(ACCOUNTS, values);
  return rows.map(showAccount);
}

function showAccount(row: OpenedAccountRow): LedgerAccount {
  const account = accountOfRow(row);
  return {
    ...renderBalance(account, toInstant(row.changed_at.getTime())),
    on_expiry: account.onExpiry,
    velocity: [...account.velocity],
    metadata: { ...account.metadata },
    opened_at: toInstant(row.opened_at.getTime()),
  };
}
