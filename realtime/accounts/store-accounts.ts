import type { Account, AccountChange } from '@trancendos/contracts/account';
import type { Role } from '@trancendos/contracts/session';
import { toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import type pg from 'pg';
import { writeAudit, type Actor } from '../audit/write-audit.ts';

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly roles: Role[];
  readonly password_hash: string | null;
  readonly disabled: boolean;
  readonly version: number;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly last_sign_in_at: Date | null;
}
type Queries = Pick<pg.ClientBase, 'query'>;

const COLUMNS = 'id, name, roles, password_hash, disabled, version, created_at, changed_at, last_sign_in_at';
const ACCOUNTS_MAX = 1_000;

/** Why an account is not made or changed. */
export type AccountRefusal = 'name_taken' | 'too_many_accounts' | 'account_unknown' | 'last_admin';

export async function findAccount(
  client: Queries,
  by: { readonly name: string } | { readonly id: string },
): Promise<AccountRow | undefined> {
  const [column, value] = 'name' in by ? ['name', by.name] : ['id', by.id];
  const { rows } = await client.query<AccountRow>(`SELECT ${COLUMNS} FROM realtime.account WHERE ${column} = $1`, [value]);
  return rows[0];
}

/** All of them, by name. There are never more than a thousand. */
export async function listAccounts(client: Queries): Promise<AccountRow[]> {
  return (await client.query<AccountRow>(`SELECT ${COLUMNS} FROM realtime.account ORDER BY name`)).rows;
}

export async function countAccounts(client: Queries): Promise<number> {
  return (await client.query<{ count: number }>('SELECT count(*)::int AS count FROM realtime.account')).rows[0]?.count ?? 0;
}

/** Accounts with something changed within the last `withinMs`, and their present versions. */
export async function changedAccounts(client: Queries, withinMs: number): Promise<Pick<AccountRow, 'id' | 'version'>[]> {
  const { rows } = await client.query<Pick<AccountRow, 'id' | 'version'>>(
    `SELECT id, version FROM realtime.account WHERE changed_at > now() - $1 * interval '1 millisecond'`,
    [withinMs],
  );
  return rows;
}

/** One change at a time: counting admins and changing one must not meet another change. Holds until the transaction ends. */
export async function lockAccounts(client: Queries): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('realtime.account'))`);
}

/** Makes an account without a password, inside a transaction. */
export async function createAccount(
  client: Queries,
  { name, roles }: { readonly name: string; readonly roles: readonly Role[] },
  actor: Actor,
): Promise<AccountRow | AccountRefusal> {
  await lockAccounts(client);
  if ((await countAccounts(client)) >= ACCOUNTS_MAX) return 'too_many_accounts';
  const { rows } = await client.query<AccountRow>(
    `INSERT INTO realtime.account (id, name, roles) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING ${COLUMNS}`,
    [newId('usr'), name, roles],
  );
  const [made] = rows;
  if (!made) return 'name_taken';
  await writeAudit(client, { kind: 'account_created', actor, subject: made.id, after: { name, roles } });
  return made;
}

/** Changes roles, or disables or enables, inside a transaction. The last admin who can sign in stays one. */
export async function changeAccount(
  client: Queries,
  { id, roles, disabled }: AccountChange & { readonly id: string },
  actor: Actor,
): Promise<AccountRow | AccountRefusal> {
  await lockAccounts(client);
  const before = await findAccount(client, { id });
  if (!before) return 'account_unknown';
  const next = { roles: roles ?? before.roles, disabled: disabled ?? before.disabled };
  if (isWorkingAdmin(before) && !isWorkingAdmin({ ...before, ...next }) && !(await hasOtherAdmin(client, id))) return 'last_admin';
  const { rows } = await client.query<AccountRow>(
    `UPDATE realtime.account SET roles = $2, disabled = $3, version = version + 1, changed_at = now() WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, next.roles, next.disabled],
  );
  const { roles: rolesBefore, disabled: disabledBefore } = before;
  await writeAudit(client, {
    kind: 'account_changed',
    actor,
    subject: id,
    before: { roles: rolesBefore, disabled: disabledBefore },
    after: next,
  });
  return rows[0] ?? 'account_unknown';
}

/** Gives an account another password. Every session of before is thereby over. */
export async function setPassword(client: Queries, id: string, passwordHash: string): Promise<AccountRow | undefined> {
  const { rows } = await client.query<AccountRow>(
    `UPDATE realtime.account SET password_hash = $2, version = version + 1, changed_at = now()
     WHERE id = $1 AND NOT disabled RETURNING ${COLUMNS}`,
    [id, passwordHash],
  );
  return rows[0];
}

/** Replaces a hash by one that costs more, where the password has not changed meanwhile. */
export async function renewHash(client: Queries, account: AccountRow, passwordHash: string): Promise<void> {
  const { id, password_hash: present } = account;
  await client.query('UPDATE realtime.account SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [id, present, passwordHash]);
}

/** Notes a sign-in; false where the account has changed since it was read: what was found out about it does not hold any more. */
export async function noteSignIn(client: Queries, { id, version }: Pick<AccountRow, 'id' | 'version'>): Promise<boolean> {
  const { rowCount } = await client.query('UPDATE realtime.account SET last_sign_in_at = now() WHERE id = $1 AND version = $2', [
    id,
    version,
  ]);
  return rowCount === 1;
}

export function renderAccount({ id, name, roles, disabled, password_hash, ...times }: AccountRow): Account {
  return {
    id,
    name,
    roles,
    status: disabled ? 'disabled' : password_hash === null ? 'invited' : 'active',
    created_at: toInstant(times.created_at.getTime()),
    changed_at: toInstant(times.changed_at.getTime()),
    last_sign_in_at: times.last_sign_in_at && toInstant(times.last_sign_in_at.getTime()),
  };
}

/** Without a password nobody signs in, so that admin keeps no door open. */
function isWorkingAdmin({ roles, disabled, password_hash }: Pick<AccountRow, 'roles' | 'disabled' | 'password_hash'>): boolean {
  return roles.includes('admin') && !disabled && password_hash !== null;
}

async function hasOtherAdmin(client: Queries, id: string): Promise<boolean> {
  return (await listAccounts(client)).some((account) => account.id !== id && isWorkingAdmin(account));
}
