import type { KeyScope } from '@trancendos/contracts/api-key';
import { metrics } from '@trancendos/platform/metrics';
import type { Refusal } from '../refusal.ts';
import { admitsAddress, type KeyRing, type KnownKey } from './key-ring.ts';
import type { RateLimiter } from './limit-rate.ts';

/** What is known of a request before its body is read. */
export interface Arrival {
  readonly authorization: string | undefined;
  /** Of the sender, or of the last proxy that is not ours. */
  readonly address: string;
  /** Of the address that is asked for; undefined where there is none. */
  readonly scope: KeyScope | undefined;
}

export interface AdmitParts {
  readonly ring: Pick<KeyRing, 'find'>;
  readonly limiter: Pick<RateLimiter, 'take' | 'policy'>;
}

export interface Admission {
  /** Who asks; undefined for a refusal that does not depend on it. */
  readonly key: KnownKey | undefined;
  readonly refusal: Refusal | undefined;
  /** For the answer, whatever it is. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Decides whether the sender of a request may ask this at all, now. Takes no round trip. */
export function admitRequest(parts: AdmitParts, arrival: Arrival): Admission {
  const key = parts.ring.find(arrival.authorization);
  if (!key) return { key, refusal: { refused: 'unauthorised' }, headers: { 'www-authenticate': 'Bearer' } };
  if (!admitsAddress(key, arrival.address)) return { key, refusal: { refused: 'address_refused' }, headers: {} };
  const { admitted, left, retryAfterS } = parts.limiter.take(key.keyId);
  const headers = { 'ratelimit-policy': parts.limiter.policy, ratelimit: `"key";r=${left};t=${Math.max(1, retryAfterS)}` };
  if (!admitted) {
    metrics.rateLimited.inc();
    return { key, refusal: { refused: 'rate_limited' }, headers: { ...headers, 'retry-after': String(retryAfterS) } };
  }
  if (arrival.scope !== undefined && !key.scopes.has(arrival.scope)) {
    return { key, refusal: { refused: 'scope_missing', detail: `Use an API key with the scope ${arrival.scope}.` }, headers };
  }
  return { key, refusal: undefined, headers };
}
