import type { FeedTotals } from '@trancendos/contracts/socket';
import { FeedCounters } from './feed-counters.ts';
import type { FeedRing, RingEntry } from './feed-ring.ts';
import { covers, scopeKeyOf, type RoomScope } from './room-scope.ts';

export interface ScopeTotalsOptions {
  readonly ring: FeedRing;
  /** The ledger's figures are about everybody's money, so only those who may see everything get them. */
  readonly ledgerSummary: (nowMs: number) => FeedTotals['ledger'];
}

/** The figures over the feed, for everybody who sees the same of it. */
export class ScopeTotals {
  readonly #options: ScopeTotalsOptions;
  readonly #scopes = new Map<string, { readonly scope: RoomScope; readonly counters: FeedCounters }>();

  constructor(options: ScopeTotalsOptions) {
    this.#options = options;
    this.#scopes.set('everything', { scope: { kind: 'everything' }, counters: new FeedCounters() });
  }

  count(entry: RingEntry, nowMs: number): void {
    for (const { scope, counters } of this.#scopes.values())
      if (covers(scope, entry.row)) counters.count(entry.row, entry.committedAtMs, nowMs);
  }

  read(scope: RoomScope, nowMs: number, hasSeries = false): FeedTotals {
    const ledger = scope.kind === 'everything' ? this.#options.ledgerSummary(nowMs) : null;
    return { ...this.#countersOf(scope, nowMs).read(nowMs, hasSeries), ledger };
  }

  /** Stops counting for a scope that nobody has any more. */
  forget(scope: RoomScope): void {
    if (scope.kind !== 'everything') this.#scopes.delete(scopeKeyOf(scope));
  }

  #countersOf(scope: RoomScope, nowMs: number): FeedCounters {
    const key = scopeKeyOf(scope);
    const known = this.#scopes.get(key);
    if (known) return known.counters;
    const { ring } = this.#options;
    const counters = new FeedCounters();
    for (let number = ring.oldest; number <= ring.head; number++) {
      const { row, committedAtMs } = ring.at(number);
      if (covers(scope, row)) counters.count(row, committedAtMs, nowMs);
    }
    this.#scopes.set(key, { scope, counters });
    return counters;
  }
}
