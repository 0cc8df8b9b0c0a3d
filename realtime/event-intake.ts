import type { Received, Verdict } from '@trancendos/platform/consume';
import type { BalanceBoard } from './balance-board.ts';
import type { BalanceRelay } from './balance-relay.ts';
import type { FeedCounters } from './feed-counters.ts';
import type { FeedRing } from './feed-ring.ts';
import type { LogPosition } from './log-position.ts';

export interface EventParts {
  readonly ring: FeedRing;
  readonly counters: FeedCounters;
  readonly board: BalanceBoard;
  readonly relay: BalanceRelay;
  readonly position: LogPosition;
  readonly isFollowed: (accountId: string) => boolean;
}

/**
 * Turns outcomes into rows and balances into the last value of their account.
 *
 * The ledger publishes again after a crash what it cannot know to be published. Within a partition its sequence only grows, so an outcome
 * that is not newer than the last one has a row already.
 */
export class EventIntake {
  readonly #parts: EventParts;
  /** Per partition: the ledger's sequence of the newest row. */
  readonly #newestSeq = new Map<number, number>();

  constructor(parts: EventParts) {
    this.#parts = parts;
  }

  take(batch: readonly Received<'outcomes' | 'balances'>[], nowMs: number): Verdict[] {
    return batch.map((received) => {
      const verdict = received.topic === 'outcomes' ? this.#takeOutcome(received, nowMs) : this.#takeBalance(received, nowMs);
      this.#parts.position.pass(received);
      return verdict;
    });
  }

  #takeOutcome({ partition, value }: Received<'outcomes'>, nowMs: number): Verdict {
    const newest = this.#newestSeq.get(partition) ?? 0;
    if (value.ledger_seq <= newest) return { kind: 'drop', reason: 'published again by the ledger' };
    this.#newestSeq.set(partition, value.ledger_seq);
    this.#parts.ring.append(value);
    this.#parts.counters.count(value, nowMs);
    return { kind: 'ok' };
  }

  #takeBalance({ value }: Received<'balances'>, nowMs: number): Verdict {
    if (!this.#parts.board.put(value)) return { kind: 'drop', reason: 'a newer balance is known' };
    if (this.#parts.isFollowed(value.account_id)) this.#parts.relay.note(value, nowMs);
    return { kind: 'ok' };
  }
}
