import { KEY_SCOPES, type ApiKey, type KeyMode, type KeyScope, type NewApiKey } from '@trancendos/contracts/api-key';
import { newId } from '@trancendos/platform/new-id';
import type { Postgres } from '@trancendos/platform/postgres';
import type pg from 'pg';
import type { Refusal } from '../refusal.ts';
import type { Sealer } from '../seal-secret.ts';
import { makeKey } from './make-key.ts';

/** Two, so that a new key can be brought into use before the old one goes. */
export const KEYS_IN_USE_MAX = 2;
const SCOPES_BY_DEFAULT = KEY_SCOPES.filter((scope) => scope !== 'keys:write');

/** A row of `api_keys` without the key's hash. */
export interface KeyRow {
  readonly key_id: string;
  readonly merchant_id: string;
  readonly mode: KeyMode;
  readonly name: string | null;
  readonly hint: string | null;
  readonly scopes: KeyScope[];
  readonly allowed_ips: string[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

const COLUMNS = 'key_id, merchant_id, mode, name, hint, scopes, allowed_ips, created_at, expires_at, revoked_at, last_used_at';
const IN_USE = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

/** A key that was stored, with what is shown this once. */
export interface CreatedKey {
  readonly row: KeyRow;
  readonly key: string;
  readonly signingSecret: Buffer;
}

/** Makes and stores a key of `merchantId`. Refused while two keys of that mode are in use. */
export async function createKey(
  postgres: Pick<Postgres, 'inTransaction'>,
  sealer: Sealer,
  merchantId: string,
  asked: NewApiKey,
): Promise<CreatedKey | Refusal> {
  const made = makeKey(asked.mode);
  const keyId = newId('key');
  return await postgres.inTransaction(async (client): Promise<CreatedKey | Refusal> => {
    // One at a time for each merchant and mode, or two could both find room for the last key.
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`ingest keys ${merchantId} ${asked.mode}`]);
    const { rows: inUse } = await client.query(
      `SELECT 1 FROM ingest.api_keys WHERE merchant_id = $1 AND mode = $2 AND ${IN_USE} LIMIT ${KEYS_IN_USE_MAX}`,
      [merchantId, asked.mode],
    );
    if (inUse.length === KEYS_IN_USE_MAX) return { refused: 'too_many_keys' };
    const { rows } = await client.query<KeyRow>(
      `INSERT INTO ingest.api_keys (key_id, merchant_id, mode, key_sha256, name, hint, scopes, allowed_ips, signing_secret, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${COLUMNS}`,
      [
        keyId,
        merchantId,
        asked.mode,
        made.sha256,
        asked.name ?? null,
        made.hint,
        [...new Set(asked.scopes ?? SCOPES_BY_DEFAULT)],
        asked.allowed_ips ?? [],
        sealer.seal(made.signingSecret, keyId),
        asked.expires_at ?? null,
      ],
    );
    const [row] = rows;
    if (!row) throw new Error('an insert gave no row');
    return { row, key: made.key, signingSecret: made.signingSecret };
  });
}

/** The keys of one merchant, oldest first, those that are out of use too. */
export async function listKeys(pool: pg.Pool, merchantId: string): Promise<KeyRow[]> {
  const { rows } = await pool.query<KeyRow>(
    `SELECT ${COLUMNS} FROM ingest.api_keys WHERE merchant_id = $1 ORDER BY key_id DESC LIMIT 200`,
    [merchantId],
  );
  return rows.reverse();
}

/** Takes a key out of use; one that is already stays as it was. Undefined when the merchant has no such key. */
export async function revokeKey(pool: pg.Pool, merchantId: string, keyId: string): Promise<KeyRow | undefined> {
  const { rows } = await pool.query<KeyRow>(
    `UPDATE ingest.api_keys SET revoked_at = COALESCE(revoked_at, now()), changed_at = clock_timestamp()
     WHERE merchant_id = $1 AND key_id = $2 RETURNING ${COLUMNS}`,
    [merchantId, keyId],
  );
  return rows[0];
}

/** A key as merchants see it. */
export function renderKey(row: KeyRow): ApiKey {
  const instant = (date: Date | null) => date?.toISOString() ?? null;
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    expires_at: instant(row.expires_at),
    revoked_at: instant(row.revoked_at),
    last_used_at: instant(row.last_used_at),
  };
}
