import type { Lease, RateLimit } from './limit-rate.ts';

/** A token bucket in memory: full at first, refilled evenly. `lease-tokens.ts` is the same in Redis. */
export class TokenBucket {
  readonly #limit: RateLimit;
  #tokens: number;
  #filledAtMs: number;

  constructor(limit: RateLimit, nowMs: number) {
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes up to `want` whole tokens. */
  take(want: number, nowMs: number): Lease {
    const elapsedS = Math.max(0, nowMs - this.#filledAtMs) / 1_000;
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + elapsedS * this.#limit.perSecond);
    this.#filledAtMs = Math.max(this.#filledAtMs, nowMs);
    const granted = Math.min(want, Math.floor(this.#tokens));
    this.#tokens -= granted;
    return { granted, left: Math.floor(this.#tokens) };
  }
}
