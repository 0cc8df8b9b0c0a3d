import type { Redis } from 'ioredis';
import { RecentMap } from '@trancendos/platform/keep-recent';
import { SIGNATURE_WINDOW_S } from './verify-signature.ts';

const REMEMBERED_MAX = 100_000;

/**
 * Remembers the nonces of signatures for as long as a signature can be repeated: in Redis for all instances, and here for the time in which
 * Redis is away. An idempotency key guards payments all the same.
 */
export class Nonces {
  readonly #redis: Redis;
  readonly #own = new RecentMap<true>(REMEMBERED_MAX);

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** False when this nonce of this key was used before. */
  async isNew(keyId: string, nonce: string): Promise<boolean> {
    const name = `ingest:nonce:${keyId}:${nonce}`;
    if (this.#own.get(name)) return false;
    this.#own.set(name, true);
    const first = await this.#redis.set(name, '1', 'EX', 2 * SIGNATURE_WINDOW_S, 'NX').catch(() => 'OK');
    return first === 'OK';
  }
}
