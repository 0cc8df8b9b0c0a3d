import type { Redis } from 'ioredis';
import type { Lease, RateLimit } from './limit-rate.ts';

/** One step of a token bucket, by the server's clock so that instances need not agree on theirs. A full bucket is forgotten. */
const LEASE = `
  local per_second, burst, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  local time = redis.call('TIME')
  local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at_ms')
  local tokens, at_ms = tonumber(bucket[1]) or burst, tonumber(bucket[2]) or now_ms
  tokens = math.min(burst, tokens + math.max(0, now_ms - at_ms) * per_second / 1000)
  local granted = math.min(want, math.floor(tokens))
  tokens = tokens - granted
  redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at_ms', now_ms)
  redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / per_second * 1000) + 1000)
  return { granted, math.floor(tokens) }`;

/** Takes up to `want` requests from the bucket of a key, which all instances share. Rejects while Redis is away. */
export async function leaseTokens(redis: Redis, limit: RateLimit, keyId: string, want: number): Promise<Lease> {
  const reply = await redis.eval(LEASE, 1, `ingest:rate:${keyId}`, limit.perSecond, limit.burst, want);
  const [granted, left] = reply as [number, number];
  return { granted, left };
}
