import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter, type RateLimit } from './limit-rate.ts';
import { TokenBucket } from './token-bucket.ts';

const LIMIT: RateLimit = { perSecond: 100, burst: 200 };
/** What may be let through before the first lease is answered. */
const AHEAD = 100;

let now: number;
let away: boolean;
let asked: number;
let shared: TokenBucket;

beforeEach(() => {
  now = 1_000_000;
  away = false;
  asked = 0;
  shared = new TokenBucket(LIMIT, now);
});

function makeLimiter(limit = LIMIT): RateLimiter {
  return new RateLimiter({
    limit,
    lease: (_key, want) => {
      asked++;
      return away ? Promise.reject(new Error('away')) : Promise.resolve(shared.take(want, now));
    },
    clock: () => now,
  });
}
const turn = () => new Promise(setImmediate);

async function countAdmitted(limiters: readonly RateLimiter[], requests: number): Promise<number> {
  let admitted = 0;
  for (let index = 0; index < requests; index++) {
    if (limiters[index % limiters.length]?.take('key_1').admitted) admitted++;
    await turn();
  }
  return admitted;
}

describe('a key', () => {
  test('may use its burst at once, and then as much as is refilled', async () => {
    const limiter = makeLimiter();
    expect(await countAdmitted([limiter], 500)).toBe(200);
    now += 1_000;
    expect(await countAdmitted([limiter], 500)).toBe(100);
  });

  test('has one limit over all instances', async () => {
    const admitted = await countAdmitted([makeLimiter(), makeLimiter(), makeLimiter()], 900);
    expect(admitted).toBe(200);
  });

  test('is limited by each instance while the shared bucket is away, and never unlimited', async () => {
    away = true;
    const limiter = makeLimiter();
    expect(await countAdmitted([limiter], 500)).toBe(200);
    expect(asked).toBeLessThan(5);
    away = false;
    now += 2_000;
    expect(await countAdmitted([limiter], 500)).toBeGreaterThan(100);
  });

  test('waits for no round trip: what is let through before the first lease comes is taken off it', async () => {
    const limiter = makeLimiter();
    const verdicts = Array.from({ length: 150 }, () => limiter.take('key_1').admitted);
    expect(verdicts.filter(Boolean)).toHaveLength(AHEAD);
    await turn();
    expect(await countAdmitted([limiter], 500)).toBe(200 - AHEAD);
  });

  test('that is refused is told when to come back', async () => {
    const slow = { perSecond: 0.5, burst: 1 };
    shared = new TokenBucket(slow, now);
    const limiter = makeLimiter(slow);
    expect(limiter.take('key_1').admitted).toBe(true);
    await turn();
    limiter.take('key_1');
    await turn();
    const refused = limiter.take('key_1');
    expect([refused.admitted, refused.left]).toEqual([false, 0]);
    expect(refused.retryAfterS).toBeGreaterThanOrEqual(2);
  });

  test('does not pay for another', async () => {
    const limiter = makeLimiter();
    await countAdmitted([limiter], 500);
    shared = new TokenBucket(LIMIT, now);
    expect(limiter.take('key_2').admitted).toBe(true);
  });
});

test('a bucket never gives more than its burst and what was refilled, whatever is asked when', () => {
  const steps = fc.array(fc.record({ want: fc.integer({ min: 1, max: 50 }), afterMs: fc.integer({ min: 0, max: 500 }) }), {
    maxLength: 100,
  });
  fc.assert(
    fc.property(steps, (taken) => {
      const bucket = new TokenBucket(LIMIT, 0);
      let elapsedMs = 0;
      let granted = 0;
      for (const { want, afterMs } of taken) {
        elapsedMs += afterMs;
        granted += bucket.take(want, elapsedMs).granted;
      }
      expect(granted).toBeLessThanOrEqual(LIMIT.burst + (elapsedMs / 1_000) * LIMIT.perSecond);
    }),
  );
});
