import { readFile } from 'node:fs/promises';
import { KEY_SCOPES, KeyMode } from '@trancendos/contracts/api-key';
import { MerchantId } from '@trancendos/contracts/ids';
import { newId } from '@trancendos/platform/new-id';
import type pg from 'pg';
import { z } from 'zod';

/** A file of keys to begin with. It holds hashes: whoever reads it cannot act for a merchant. */
const KeysFile = z.strictObject({
  keys: z
    .array(z.strictObject({ merchant_id: MerchantId, mode: KeyMode.default('test'), key_sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(100_000),
});

/**
 * Takes over the keys of a file that are not known yet, with every scope; a key that was revoked since stays revoked. Gives how many were new.
 * Throws when the file cannot be read.
 */
export async function importKeys(pool: pg.Pool, path: string): Promise<number> {
  const { keys } = KeysFile.parse(JSON.parse(await readFile(path, 'utf8')));
  const { rowCount } = await pool.query(
    `INSERT INTO ingest.api_keys (key_id, merchant_id, mode, key_sha256, scopes)
     SELECT key_id, merchant_id, mode, decode(key_sha256, 'hex'), $5::text[]
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS k (key_id, merchant_id, mode, key_sha256)
     ON CONFLICT (key_sha256) DO NOTHING`,
    [
      keys.map(() => newId('key')),
      keys.map((key) => key.merchant_id),
      keys.map((key) => key.mode),
      keys.map((key) => key.key_sha256),
      [...KEY_SCOPES],
    ],
  );
  return rowCount ?? 0;
}
