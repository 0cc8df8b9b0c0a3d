import { hash } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { MerchantId } from '@trancendos/contracts/ids';
import type { Logger } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';
import { z } from 'zod';

/** The file of API keys. It holds hashes: whoever reads it cannot act for a merchant. */
const ApiKeysFile = z.strictObject({
  keys: z.array(z.strictObject({ merchant_id: MerchantId, key_sha256: z.string().regex(/^[0-9a-f]{64}$/) })).max(100_000),
});

export interface ApiKeys extends Resource {
  /** The merchant that an `Authorization` header speaks for; undefined when it is missing or its key not known. */
  merchantOf(authorization: string | undefined): string | undefined;
}

const POLL_EVERY_MS = 1_000;

/**
 * Reads the keys and follows changes of the file within about a second. A changed file that cannot be read leaves the keys as they were,
 * with an error in the log; at the start it throws.
 */
export async function watchApiKeys(path: string, log: Logger): Promise<ApiKeys> {
  let merchantOfHash = await readKeys(path);
  const reread = () => {
    readKeys(path).then(
      (keys) => {
        merchantOfHash = keys;
        log.info({ keys: keys.size }, 'API keys read again');
      },
      (error: unknown) => log.error({ err: error }, 'the file of API keys cannot be read; the keys stay as they were'),
    );
  };
  watchFile(path, { interval: POLL_EVERY_MS, persistent: false }, reread);
  return {
    merchantOf(authorization) {
      const [, key] = /^Bearer ([\x21-\x7e]{8,200})$/i.exec(authorization ?? '') ?? [];
      // Looked up by hash, so neither the file nor the time that a comparison takes tells anything about a key.
      return key === undefined ? undefined : merchantOfHash.get(hash('sha256', key));
    },
    stop() {
      unwatchFile(path, reread);
      return Promise.resolve();
    },
  };
}

async function readKeys(path: string): Promise<ReadonlyMap<string, string>> {
  const file = ApiKeysFile.parse(JSON.parse(await readFile(path, 'utf8')));
  return new Map(file.keys.map((key) => [key.key_sha256, key.merchant_id]));
}
