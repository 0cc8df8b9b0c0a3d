import { connectRedis, type RedisOptions } from '@trancendos/platform/redis';
import type { Resource } from '@trancendos/platform/run';

/** Redis channel on which the key of every session that is ended is told to all gateways. */
export const REVOCATION_CHANNEL = 'session-revoked';

/**
 * Calls `onRevoked` with the key of every session that any gateway ends, as it ends. What is told while Redis is away is not told again:
 * the gateways' own check of their sessions finds it.
 */
export async function followRevocations(options: RedisOptions, onRevoked: (sessionKey: string) => void): Promise<Resource> {
  const connection = await connectRedis(options);
  connection.client.on('message', (_channel: string, sessionKey: string) => onRevoked(sessionKey));
  await connection.client.subscribe(REVOCATION_CHANNEL);
  return connection;
}
