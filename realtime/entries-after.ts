import type { FeedRing, RingEntry } from './feed-ring.ts';

/** So many messages may another gateway have been ahead of this one when it wrote a token. */
const AHEAD_MAX = 20_000n;

export interface LogReach {
  readonly ring: FeedRing;
  /** By partition where this gateway began to read, and what it reads next. */
  readonly first: ReadonlyMap<number, bigint>;
  readonly next: ReadonlyMap<number, bigint>;
}

/**
 * The entries up to number `upTo` that stand in the log at or after the offsets of `token`, in their order. Undefined where some of them
 * have fallen out of the ring, or the token is of another log.
 */
export function entriesAfter({ ring, first, next }: LogReach, token: ReadonlyMap<number, bigint>, upTo: number): RingEntry[] | undefined {
  if (first.size === 0) return undefined;
  for (const [partition, start] of first) {
    const asked = token.get(partition) ?? 0n;
    if (asked < (ring.completeFrom(partition) ?? start) || asked > (next.get(partition) ?? start) + AHEAD_MAX) return undefined;
  }
  const entries: RingEntry[] = [];
  for (let number = ring.oldest; number <= upTo; number++) {
    const entry = ring.at(number);
    if (entry.offset >= (token.get(entry.partition) ?? 0n)) entries.push(entry);
  }
  return entries;
}
