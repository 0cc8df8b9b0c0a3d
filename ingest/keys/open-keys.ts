import type { Postgres } from '@trancendos/platform/postgres';
import { connectRedis } from '@trancendos/platform/redis';
import type { Scope } from '@trancendos/platform/run';
import type { IngestConfig } from '../config.ts';
import { Sealer } from '../seal-secret.ts';
import type { SenderParts } from '../serve-senders.ts';
import { importKeys } from './import-keys.ts';
import { KeyRing } from './key-ring.ts';
import { leaseTokens } from './lease-tokens.ts';
import { RateLimiter } from './limit-rate.ts';
import { SettingsBoard } from './merchant-settings.ts';
import { Nonces } from './remember-nonce.ts';
import type { KeysParts } from './serve-keys.ts';

/** Opens what recognises senders and limits them, and takes over the keys that a file holds. */
export async function openKeys(config: IngestConfig, scope: Scope, postgres: Postgres): Promise<{ senders: SenderParts; keys: KeysParts }> {
  const { log } = scope;
  const { pool } = postgres;
  const sealer = new Sealer(config.INGEST_SEALING_KEY.reveal());
  const redis = await scope.open(connectRedis({ url: config.REDIS_URL, log, mayBeAway: true }));
  if (config.API_KEYS_FILE !== undefined) {
    log.info({ newKeys: await importKeys(pool, config.API_KEYS_FILE) }, 'took over the file of API keys');
  }
  const ring = await scope.open(KeyRing.open(pool, sealer, log));
  const settings = await scope.open(SettingsBoard.open(pool, log));
  const limit = { perSecond: config.INGEST_KEY_RATE_PER_SECOND, burst: config.INGEST_KEY_BURST };
  const limiter = new RateLimiter({ limit, lease: (keyId, want) => leaseTokens(redis.client, limit, keyId, want) });
  const nonces = new Nonces(redis.client);
  return {
    senders: { ring, limiter, settings, nonces, publicUrl: config.INGEST_PUBLIC_URL },
    keys: { postgres, sealer, ring, settings },
  };
}
