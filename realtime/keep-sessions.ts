import type { Redis } from 'ioredis';
import type { SessionStore } from './sessions.ts';

const PREFIX = 'console-session:';

/** Keeps sessions in Redis, which forgets them by itself when their time is up. */
export function keepSessions(redis: Redis): SessionStore {
  return {
    async put(key, value, ttlMs) {
      await redis.set(PREFIX + key, value, 'PX', ttlMs);
    },
    getAndExtend: (key, ttlMs) => redis.getex(PREFIX + key, 'PX', ttlMs),
    async remove(key) {
      await redis.del(PREFIX + key);
    },
  };
}
