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
  client.sendCommand = lettingGo(client);
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

/**
 * The client's sending, after which an answered command gives up what it was sent with. The driver assigns `this.reject = (error) => ...` to
 * every command, and a function that is written where it is assigned to a field is old for V8 from its birth (`set_pretenure` in its
 * parser): dead as it may be, until everything is collected it keeps its command and every text that was sent with it.
 */
function lettingGo(client: Redis): Redis['sendCommand'] {
  const send = client.sendCommand.bind(client);
  return (command, stream) => {
    const { resolve } = command;
    // A constant first: written into the assignment it would be another one of those.
    const answer: typeof resolve = (reply) => {
      resolve(reply);
      command.args = [];
    };
    command.resolve = answer;
    return send(command, stream);
  };
}
