import { Redis } from 'ioredis';
import type { Logger } from './log.ts';
import type { Resource } from './run.ts';
import type { Secret } from './secret.ts';

export interface RedisOptions {
  readonly url: Secret | string;
  readonly log: Logger;
  /** True does not wait for the first connection: commands fail until there is one. Default false. */
  readonly mayBeAway?: boolean;
}

/**
 * Connects to Redis, which holds only what may vanish. Commands fail within a second while it is away instead of queueing up;
 * the connection comes back by itself.
 */
export async function connectRedis({ url, log, mayBeAway = false }: RedisOptions): Promise<Resource & { readonly client: Redis }> {
  const client = new Redis(typeof url === 'string' ? url : url.reveal(), {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000),
  });
  let away = false;
  client.on('error', (error: Error) => {
    if (!away) log.warn({ err: error }, 'redis is away');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info('redis is back');
    away = false;
  });
  const connected = client.connect();
  if (mayBeAway) connected.catch(() => undefined);
  else await connected;
  return {
    client,
    stop: () => {
      client.disconnect();
      return Promise.resolve();
    },
  };
}
