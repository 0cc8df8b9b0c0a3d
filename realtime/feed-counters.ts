import type { FeedRow, FeedTotals } from '@trancendos/contracts/socket';
import { SlidingCounts } from './sliding-counts.ts';
import { SlidingQuantiles } from './sliding-quantiles.ts';

const RATE_WINDOW_MS = 10_000;
const RATE_WINDOW_LEAST_MS = 1_000;
const ACTIONS = ['approve', 'review', 'decline'] as const;
const SERIES_SECONDS = 120;
/** Outcomes of a second come until so many seconds after it. */
const LATE_SECONDS = 1;

/**
 * The figures over all outcomes, whether or not their rows were sent. They go by commit time, so that outcomes read again after a start
 * count for when they happened and not as a burst.
 */
export class FeedCounters {
  readonly #rate = new SlidingCounts({ slotMs: 100, slots: RATE_WINDOW_MS / 100, kinds: 1 });
  readonly #mix = new SlidingCounts({ slotMs: 1_000, slots: 300, kinds: ACTIONS.length });
  readonly #answers = new SlidingQuantiles({ slotMs: 1_000, slots: 60 });
  #outcomes = 0;
  #earliestMs = Number.POSITIVE_INFINITY;

  /** Counts an outcome that the ledger committed at `committedAtMs`. */
  count(row: Pick<FeedRow, 'action' | 'total_ms'>, committedAtMs: number, nowMs: number): void {
    const atMs = Math.min(committedAtMs, nowMs);
    this.#outcomes++;
    this.#earliestMs = Math.min(this.#earliestMs, atMs);
    this.#rate.add(atMs, 0);
    this.#mix.add(atMs, ACTIONS.indexOf(row.action));
    if (row.total_ms > 0) this.#answers.add(atMs, row.total_ms);
  }

  /** The figures as they are; `hasSeries` brings the two minutes before them second by second. */
  read(nowMs: number, hasSeries = false): Omit<FeedTotals, 'ledger'> {
    const [approve = 0, review = 0, decline = 0] = this.#mix.read(nowMs);
    const [p50, p99] = this.#answers.read(nowMs, [0.5, 0.99]) ?? [];
    const observedMs = Math.min(RATE_WINDOW_MS, Math.max(RATE_WINDOW_LEAST_MS, nowMs - this.#earliestMs));
    return {
      outcomes: this.#outcomes,
      per_second: round(((this.#rate.read(nowMs)[0] ?? 0) * 1_000) / observedMs),
      last_5_min: { approve, review, decline },
      last_second: this.#perAction((kind) => this.#secondsOf(kind, 1, nowMs)[0] ?? 0),
      ...(hasSeries && { last_2_min: this.#perAction((kind) => this.#secondsOf(kind, SERIES_SECONDS, nowMs)) }),
      answer_ms: p50 === undefined || p99 === undefined ? null : { p50: round(p50), p99: round(p99) },
    };
  }

  #secondsOf(kind: number, slots: number, nowMs: number): number[] {
    return this.#mix.series(nowMs, kind, { slots, ageSlots: LATE_SECONDS });
  }

  #perAction<T>(read: (kind: number) => T): Record<(typeof ACTIONS)[number], T> {
    return { approve: read(0), review: read(1), decline: read(2) };
  }
}

const round = (value: number) => Math.round(value * 100) / 100;
