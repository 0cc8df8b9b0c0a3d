import { nowMs } from '@trancendos/platform/clock';
import { RecentMap } from '@trancendos/platform/keep-recent';
import { TokenBucket } from './token-bucket.ts';

/** How fast each key may ask: so many requests at once, refilled at `perSecond`. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** Requests that were granted to this process, and how many are left for everybody. */
export interface Lease {
  readonly granted: number;
  readonly left: number;
}

export interface RateLimiterOptions {
  readonly limit: RateLimit;
  /** Asks the bucket that all instances share for `want` requests. Rejects while it cannot be asked. */
  readonly lease: (keyId: string, want: number) => Promise<Lease>;
  readonly clock?: () => number;
}

/** Whether a request may go on, with what `RateLimit` headers say about it. */
export interface RateVerdict {
  readonly admitted: boolean;
  /** Requests left, about: other instances lease from the same bucket. */
  readonly left: number;
  /** Until one more request is granted, for one that is refused. */
  readonly retryAfterS: number;
}

/** Requests are leased for about this long at a time. */
const LEASE_MS = 100;
/** While the shared bucket is away it is asked this often whether it is back. */
const ASK_AGAIN_MS = 1_000;
const KEYS_MAX = 20_000;

interface Entry {
  /** Leased and not used yet; below zero for what was let through while a lease is under way. */
  tokens: number;
  left: number;
  leasing: boolean;
  /** The bucket was empty; nothing is granted before this. */
  emptyUntilMs: number;
  readonly local: TokenBucket;
}

/**
 * Limits how fast each key may ask. The bucket is in Redis, shared by all instances; requests are leased from it a few at a time and in the
 * background, so no request waits for it. While it is away each instance limits by itself, never not at all.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #clock: () => number;
  readonly #entries = new RecentMap<Entry>(KEYS_MAX);
  readonly #chunk: number;
  /** Most requests that are let through before the lease that covers them is answered. */
  readonly #aheadMax: number;
  #awayUntilMs = 0;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? nowMs;
    this.#chunk = Math.max(1, Math.ceil((options.limit.perSecond * LEASE_MS) / 1_000));
    this.#aheadMax = Math.max(this.#chunk, Math.ceil(options.limit.burst / 2));
  }

  /** The policy as the `RateLimit-Policy` header says it (draft-ietf-httpapi-ratelimit-headers-10). */
  get policy(): string {
    const { burst, perSecond } = this.#options.limit;
    return `"key";q=${burst};w=${Math.max(1, Math.ceil(burst / perSecond))}`;
  }

  /** Takes one request of a key's. Never waits. */
  take(keyId: string): RateVerdict {
    const now = this.#clock();
    const entry = this.#entryOf(keyId, now);
    if (entry.tokens < this.#chunk / 2 && !entry.leasing && now >= entry.emptyUntilMs) this.#refill(keyId, entry, now);
    // What is let through before the first lease is answered is taken off that lease.
    const floor = entry.leasing ? -this.#aheadMax : 0;
    if (entry.tokens - 1 < floor) return { admitted: false, left: 0, retryAfterS: this.#waitS(entry, now) };
    entry.tokens--;
    return { admitted: true, left: Math.max(0, Math.floor(entry.left + entry.tokens)), retryAfterS: 0 };
  }

  #entryOf(keyId: string, now: number): Entry {
    let entry = this.#entries.get(keyId);
    if (!entry) {
      const { burst } = this.#options.limit;
      entry = { tokens: 0, left: burst, leasing: false, emptyUntilMs: 0, local: new TokenBucket(this.#options.limit, now) };
      this.#entries.set(keyId, entry);
    }
    return entry;
  }

  #refill(keyId: string, entry: Entry, now: number): void {
    const want = this.#chunk - Math.min(0, Math.ceil(entry.tokens));
    if (now < this.#awayUntilMs) {
      this.#grant(entry, entry.local.take(want, now), now);
      return;
    }
    entry.leasing = true;
    void this.#options
      .lease(keyId, want)
      .catch(() => {
        this.#awayUntilMs = this.#clock() + ASK_AGAIN_MS;
        return entry.local.take(want, this.#clock());
      })
      .then((lease) => {
        entry.leasing = false;
        this.#grant(entry, lease, this.#clock());
      });
  }

  #grant(entry: Entry, lease: Lease, now: number): void {
    entry.tokens += lease.granted;
    entry.left = lease.left;
    if (lease.granted === 0) entry.emptyUntilMs = now + 1_000 / this.#options.limit.perSecond;
  }

  #waitS(entry: Entry, now: number): number {
    const owed = Math.max(0, 1 - entry.tokens) / this.#options.limit.perSecond;
    return Math.max(1, Math.ceil(Math.max(owed, (entry.emptyUntilMs - now) / 1_000)));
  }
}
