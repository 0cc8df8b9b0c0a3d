import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Attempts to sign in before the first lock, and how it grows: doubled with each further one, 30 minutes after the tenth for a name. */
const LIMITS = { name: 5, address: 20 } as const;
const LOCK_MS = 60_000;
const LOCK_MAX_MS = 30 * 60_000;
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/**
 * KEYS: counters; ARGV: lock, longest lock, life of a counter, then the limit of each. While any of them is locked gives for how long, and
 * counts nothing. Otherwise counts the attempt before anybody knows how it ends, so that a burst of them is not looked at together, and
 * gives 0, or -1 where that has locked one.
 */
const BEGIN = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = 0
for _, key in ipairs(KEYS) do wait = math.max(wait, tonumber(redis.call('HGET', key, 'until') or '0') - now) end
if wait > 0 then return wait end
local answer = 0
for place, key in ipairs(KEYS) do
  local count = redis.call('HINCRBY', key, 'count', 1)
  local over = count - tonumber(ARGV[3 + place])
  if over >= 0 then
    redis.call('HSET', key, 'until', now + math.min(tonumber(ARGV[1]) * 2 ^ math.min(over, 20), tonumber(ARGV[2])))
    answer = -1
  end
  redis.call('PEXPIRE', key, ARGV[3])
end
return answer`;

/** Takes an attempt back that was none of an attacker: KEYS and limits as above. A counter below its limit locks nothing. */
const TAKE_BACK = `
for place, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 and redis.call('HINCRBY', key, 'count', -1) < tonumber(ARGV[place]) then redis.call('HDEL', key, 'until') end
end`;

/** How an attempt begins; `locks` where it is the last one for a while, unless it succeeds. */
export type AttemptAnswer =
  | { readonly kind: 'open'; readonly locks: boolean }
  | { readonly kind: 'locked'; readonly waitMs: number }
  | { readonly kind: 'unavailable' };

/** Counts attempts to sign in by name and by address, whether or not there is such an account. Without Redis nobody gets one. */
export class AttemptCounter {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async begin(name: string, address: string): Promise<AttemptAnswer> {
    const parameters = [LOCK_MS, LOCK_MAX_MS, FORGOTTEN_AFTER_MS, LIMITS.name, LIMITS.address];
    try {
      const answer = Number(await this.#redis.eval(BEGIN, 2, ...keysOf(name, address), ...parameters));
      return answer > 0 ? { kind: 'locked', waitMs: answer } : { kind: 'open', locks: answer < 0 };
    } catch {
      return { kind: 'unavailable' };
    }
  }

  /** After a success: the name begins anew, the address only gets this one back, or an attacker with an account of their own went on for ever. */
  async succeed(name: string, address: string): Promise<void> {
    await this.takeBack(name, address);
    await this.forget(name);
  }

  /** The attempt came to nothing for a reason of ours. */
  async takeBack(name: string, address: string): Promise<void> {
    await this.#redis.eval(TAKE_BACK, 2, ...keysOf(name, address), LIMITS.name, LIMITS.address).catch(() => undefined);
  }

  /** Ends the lock of a name, whose owner has shown another proof, or for whom an admin speaks. False while Redis is away. */
  async forget(name: string): Promise<boolean> {
    return this.#redis.del(keyOf('name', name)).then(
      () => true,
      () => false,
    );
  }

  /** When the lock of each name ends, in epoch ms; names without one are not in it. Undefined while Redis is away. */
  async locksOf(names: readonly string[], nowMs: number): Promise<ReadonlyMap<string, number> | undefined> {
    try {
      const untils = await Promise.all(names.map((name) => this.#redis.hget(keyOf('name', name), 'until')));
      return new Map(names.map((name, place) => [name, Number(untils[place] ?? 0)] as const).filter(([, untilMs]) => untilMs > nowMs));
    } catch {
      return undefined;
    }
  }
}

function keysOf(name: string, address: string): [string, string] {
  return [keyOf('name', name), keyOf('address', networkOf(address))];
}

/** Whoever has one address of IPv6 has the other 2^64 of its network, too. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [front = '', back] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const given = groups(front).length + groups(back ?? '').length;
  return [...groups(front), ...Array<string>(Math.max(0, 8 - given)).fill('0'), ...groups(back ?? '')].slice(0, 4).join(':');
}

/** Hashed: people type passwords where their name belongs. */
function keyOf(kind: 'name' | 'address', value: string): string {
  return `console-attempts:${kind}:${createHash('sha256').update(value).digest('base64url')}`;
}
