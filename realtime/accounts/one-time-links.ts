import { createHash, randomBytes } from 'node:crypto';
import type { OneTimeLink } from '@trancendos/contracts/account';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { writeAudit, type Actor } from '../audit/write-audit.ts';
import { countAccounts } from './store-accounts.ts';

type Queries = Pick<pg.ClientBase, 'query'>;

/** The link that makes the first account is for whoever starts the platform, now. */
const SET_UP_LIFE_MS = 3_600_000;
/** A link that gives an account a password has to reach its owner. */
const PASSWORD_LIFE_MS = 24 * 3_600_000;
const TOKEN_BYTES = 32;

export interface LinkRow {
  readonly kind: 'set_up' | 'password';
  readonly account_id: string | null;
  readonly name: string | null;
  readonly expires_at: Date;
}

/**
 * Issues a link for an account, or one that makes the first account. Those issued before for the same purpose hold no longer. Only its hash
 * is kept. Undefined where a first account is asked for and there is one.
 */
export async function issueLink(client: Queries, accountId: string | null, actor: Actor): Promise<OneTimeLink | undefined> {
  if (accountId === null && (await countAccounts(client)) > 0) return undefined;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const lifeMs = accountId === null ? SET_UP_LIFE_MS : PASSWORD_LIFE_MS;
  await client.query('DELETE FROM realtime.one_time_link WHERE account_id IS NOT DISTINCT FROM $1 AND used_at IS NULL', [accountId]);
  const { rows } = await client.query<{ expires_at: Date }>(
    `INSERT INTO realtime.one_time_link (token_sha256, kind, account_id, expires_at)
     VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond') RETURNING expires_at`,
    [hashOf(token), accountId === null ? 'set_up' : 'password', accountId, lifeMs],
  );
  const expiresAt = toInstant(rows[0]?.expires_at.getTime() ?? 0);
  await writeAudit(client, { kind: 'link_issued', actor, subject: accountId, after: { expires_at: expiresAt } });
  return { path: `/set-up#${token}`, expires_at: expiresAt };
}

/** The link of a token where it holds: not used, not too old, and for an account that may sign in, or for the first one. */
export async function findLink(client: Queries, token: string): Promise<LinkRow | undefined> {
  const { rows } = await client.query<LinkRow>(
    `SELECT link.kind, link.account_id, account.name, link.expires_at
     FROM realtime.one_time_link link LEFT JOIN realtime.account account ON account.id = link.account_id
     WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > now() AND account.disabled IS NOT TRUE`,
    [hashOf(token)],
  );
  const [link] = rows;
  return link?.kind === 'set_up' && (await countAccounts(client)) > 0 ? undefined : link;
}

/** Uses a link up; false where somebody else was faster. */
export async function useLink(client: Queries, token: string): Promise<boolean> {
  const { rowCount } = await client.query('UPDATE realtime.one_time_link SET used_at = now() WHERE token_sha256 = $1 AND used_at IS NULL', [
    hashOf(token),
  ]);
  return rowCount === 1;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
