import type { Received, Verdict } from '@trancendos/platform/consume';
import type { BalanceBoard } from './balance-board.ts';
import type { BalanceRelay } from './balance-relay.ts';
import type { FeedRing } from './feed-ring.ts';
import type { LogPosition } from './log-position.ts';
import { makeFeedRow } from './make-feed-row.ts';
import { RecentIds } from './recent-ids.ts';
import type { ScopeTotals } from './scope-totals.ts';

export interface EventParts {
  readonly ring: FeedRing;
  readonly totals: ScopeTotals;
  readonly board: BalanceBoard;
  readonly relay: BalanceRelay;
  readonly position: LogPosition;
  readonly isFollowed: (accountId: string) => boolean;
}

/** More than the ledger ever publishes again: what its publisher holds unconfirmed when it dies. */
const RECENT_OUTCOMES = 25_000;

/**
 * Turns outcomes into rows and balances into the last value of their account.
 *
 * The ledger publishes again after a crash what it cannot know to be published. Such outcomes are known by their decision, and not by the
 * ledger's sequence: that begins anew when a ledger is set up afresh behind an event log that lives on.
 */
export class EventIntake {
  readonly #parts: EventParts;
  readonly #recent = new RecentIds(RECENT_OUTCOMES);

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

  #takeOutcome({ value, partition, offset }: Received<'outcomes'>, nowMs: number): Verdict {
    if (!this.#recent.add(value.decision_id)) return { kind: 'drop', reason: 'published again by the ledger' };
    const entry = { row: makeFeedRow(value), committedAtMs: Date.parse(value.committed_at), partition, offset };
    this.#parts.ring.append(entry);
    this.#parts.totals.count(entry, nowMs);
    return { kind: 'ok' };
  }

  #takeBalance({ value }: Received<'balances'>, nowMs: number): Verdict {
    if (!this.#parts.board.put(value)) return { kind: 'drop', reason: 'a newer balance is known' };
    if (this.#parts.isFollowed(value.account_id)) this.#parts.relay.note(value, nowMs);
    return { kind: 'ok' };
  }
}
