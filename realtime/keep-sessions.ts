import type { Redis } from 'ioredis';
import { REVOCATION_CHANNEL } from './follow-revocations.ts';
import type { SessionStore, StoredSession } from './sessions.ts';

const SESSION = 'console-session:';
/** Sorted sets of session keys by when they end at the latest: all of them, and those of each account. */
const EVERYBODY = 'console-sessions';
const ofAccount = (userId: string) => `${EVERYBODY}:${userId}`;
const LISTED_MAX = 500;

/** ARGV: moment of the use, empty where there is none. Gives text and last use of a session, which from now on lives for its idle time. */
const GET = `
local text, used, idle, ends = unpack(redis.call('HMGET', KEYS[1], 'text', 'used_at_ms', 'idle_ms', 'ends_at_ms'))
if not text then return nil end
if ARGV[1] ~= '' then
  used = ARGV[1]
  redis.call('HSET', KEYS[1], 'used_at_ms', used)
  redis.call('PEXPIRE', KEYS[1], math.max(1, math.min(tonumber(idle), tonumber(ends) - tonumber(used))))
end
return {text, used}`;

/** Keeps sessions in Redis, which forgets them by itself when their time is up. */
export function keepSessions(redis: Redis): SessionStore {
  const get = async (key: string, usedAtMs?: number): Promise<StoredSession | undefined> => {
    const answer = (await redis.eval(GET, 1, SESSION + key, usedAtMs === undefined ? '' : Math.floor(usedAtMs))) as [string, string] | null;
    return answer === null ? undefined : { key, value: answer[0], usedAtMs: Number(answer[1]) };
  };
  return {
    get,
    async put({ key, value, usedAtMs, userId, idleMs, endsAtMs }) {
      const endsAt = Math.floor(endsAtMs);
      const fields = { text: value, user_id: userId, used_at_ms: Math.floor(usedAtMs), idle_ms: idleMs, ends_at_ms: endsAt };
      const transaction = redis
        .multi()
        .hset(SESSION + key, fields)
        .pexpire(SESSION + key, idleMs);
      for (const index of [EVERYBODY, ofAccount(userId)])
        transaction.zremrangebyscore(index, '-inf', usedAtMs).zadd(index, endsAt, key).pexpireat(index, endsAt);
      failOn(await transaction.exec());
    },
    async remove(key) {
      const userId = await redis.hget(SESSION + key, 'user_id');
      const transaction = redis
        .multi()
        .del(SESSION + key)
        .zrem(EVERYBODY, key);
      if (userId !== null) transaction.zrem(ofAccount(userId), key);
      failOn(await transaction.publish(REVOCATION_CHANNEL, key).exec());
      return userId !== null;
    },
    async list(userId) {
      const index = userId === undefined ? EVERYBODY : ofAccount(userId);
      const keys = await redis.zrevrange(index, 0, LISTED_MAX - 1);
      const found = await Promise.all(keys.map((key) => get(key)));
      const gone = keys.filter((_, place) => found[place] === undefined);
      if (gone.length > 0) await redis.zrem(index, ...gone);
      return found.filter((session) => session !== undefined);
    },
  };
}

function failOn(results: [Error | null, unknown][] | null): void {
  if (results === null) throw new Error('the session store gave the transaction up');
  for (const [error] of results) if (error) throw error;
}
