import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Balance } from '@trancendos/contracts/balance';
import { connectRedis } from '@trancendos/platform/redis';
import { testServers } from '@trancendos/platform/testing';
import { pino } from 'pino';
import { BalanceCache, type CacheClient } from './balance-cache.ts';

const log = pino({ level: 'silent' });
let redis: Awaited<ReturnType<typeof connectRedis>>;
let cache: BalanceCache;

beforeAll(async () => {
  redis = await connectRedis({ url: testServers().redisUrl, log });
});
afterAll(() => redis.stop());
beforeEach(() => {
  cache = new BalanceCache({ client: redis.client, log });
});

function balance(version: number, id = 'ACC-1'): Balance {
  return {
    account_id: `customer:${id}:EUR`,
    kind: 'customer',
    currency: 'EUR',
    debits_posted: '0',
    credits_posted: String(version),
    debits_pending: '0',
    credits_pending: '0',
    available: String(version),
    overdraft: '0',
    status: 'open',
    version,
    ledger_seq: version,
    committed_at: '2026-05-01T12:00:00.000Z',
  };
}

/** What the cache says, and which accounts it had to have loaded. `stored` is what PostgreSQL would say. */
async function ask(asked: BalanceCache, ids: readonly string[], stored: (id: string) => Balance = () => balance(99)) {
  const loaded: string[] = [];
  const balances = await asked.read(ids, (missing) => {
    loaded.push(...missing);
    return Promise.resolve(missing.map(stored));
  });
  return { versions: balances.map(({ version }) => version), loaded };
}

const ONE = ['customer:ACC-1:EUR'];

describe('the cached balance', () => {
  test('is the newest that a commit has left', async () => {
    cache.put([]);
    cache.put([balance(3)]);
    cache.put([balance(4)]);
    await cache.settled();
    expect(await ask(cache, ONE)).toEqual({ versions: [4], loaded: [] });
  });

  test('goes on being written after a commit that has changed none', async () => {
    cache.put([balance(3)]);
    await cache.settled();
    cache.put([]);
    await cache.settled();
    cache.put([balance(4)]);
    await cache.settled();
    expect(await ask(cache, ONE)).toEqual({ versions: [4], loaded: [] });
  });

  test('that waits to be written is known to the process that put it there, and written when its time has come', async () => {
    const written: string[] = [];
    const client: CacheClient = {
      mget: (keys) => redis.client.mget(keys),
      set: (key, value) => redis.client.set(key, value),
      eval: (script, count, ...rest) => {
        written.push(...rest.filter((value) => String(value).startsWith('{')).map(String));
        return redis.client.eval(script, count, ...rest);
      },
    };
    const gathering = new BalanceCache({ client, log, gatherMs: 300 });
    gathering.put([]);
    await gathering.settled();
    for (const version of [3, 4, 5]) {
      gathering.put([balance(version)]);
      expect(await ask(gathering, ONE)).toEqual({ versions: [version], loaded: [] });
    }
    expect(written).toEqual([]);
    await gathering.settled();
    expect(written.map((text) => (JSON.parse(text) as Balance).version)).toEqual([5]);
    expect(await ask(gathering, ONE)).toEqual({ versions: [5], loaded: [] });
  });

  test('is never replaced by an older one, whoever comes later', async () => {
    cache.put([balance(5)]);
    await cache.settled();
    cache.put([balance(4)]);
    await cache.settled();
    expect(await ask(cache, ONE)).toEqual({ versions: [5], loaded: [] });
  });

  test('is filled in by the first who asks, and a commit that was faster than that stays', async () => {
    cache.put([]);
    await cache.settled();
    const slow = cache.read(ONE, async () => {
      cache.put([balance(8)]);
      await cache.settled();
      return [balance(7)];
    });
    expect((await slow).map(({ version }) => version)).toEqual([7]);
    expect(await ask(cache, ONE)).toEqual({ versions: [8], loaded: [] });
  });

  test('is rebuilt from the database when Redis has lost everything', async () => {
    cache.put([balance(5)]);
    await cache.settled();
    await redis.client.flushall();
    expect(await ask(cache, ONE, () => balance(5))).toEqual({ versions: [5], loaded: ONE });
    cache.put([balance(6)]);
    await cache.settled();
    expect((await ask(cache, ONE, () => balance(6))).versions).toEqual([6]);
  });

  test('of a process before is not believed by the one that takes over', async () => {
    cache.put([balance(5)]);
    await cache.settled();
    const successor = new BalanceCache({ client: redis.client, log });
    successor.put([]);
    await successor.settled();
    expect(await ask(successor, ONE)).toEqual({ versions: [99], loaded: ONE });
  });
});

describe('while Redis is away', () => {
  const away = { broken: true };
  const broken: CacheClient = {
    mget: (keys) => (away.broken ? Promise.reject(new Error('away')) : redis.client.mget(keys)),
    set: (key, value) => (away.broken ? Promise.reject(new Error('away')) : redis.client.set(key, value)),
    eval: (script, count, ...rest) => (away.broken ? Promise.reject(new Error('away')) : redis.client.eval(script, count, ...rest)),
  };

  test('everything is read from the database, and what was missed is not believed afterwards', async () => {
    const shaky = new BalanceCache({ client: broken, log });
    away.broken = false;
    shaky.put([balance(1)]);
    await shaky.settled();
    away.broken = true;
    expect((await ask(shaky, ONE)).loaded).toEqual(ONE);
    shaky.put([balance(2)]);
    // It comes back, and no further commit touches the account: the version before the missed one must not be served.
    away.broken = false;
    await shaky.settled();
    expect(await ask(shaky, ONE)).toEqual({ versions: [99], loaded: ONE });
  });
});
