import type { Received } from '@trancendos/platform/consume';
import { metrics } from '@trancendos/platform/metrics';

/**
 * A label counts for transactions that were sent so much later. Longer than a consumer's topics drift apart in ordinary operation, and
 * nothing by the days after which labels come.
 */
export const LABEL_SETTLE_MS = 2_000;

/** Most labels that wait; beyond that the oldest has its turn at once. */
const WAITING_MAX = 200_000;

interface Waiting {
  readonly received: Received<'labels'>;
  readonly dueMs: number;
}

/**
 * Labels that were taken from the log and wait for their turn, so that it comes at the same transaction in every replay. They may be taken as
 * early as they can be read; one that comes after its turn is counted in `trx_scoring_late_labels_total`, because a replay will differ there.
 */
export class SettlingLabels {
  /** By the time of their turn; those of a partition in its order. */
  #waiting: Waiting[] = [];
  /** How many of them have had their turn. */
  #taken = 0;
  readonly #next = new Map<number, bigint>();
  readonly #lastDueMs = new Map<number, number>();
  #passedMs = -Infinity;

  /** The next offset of a partition that was not added; undefined before the first. */
  next(partition: number): bigint | undefined {
    return this.#next.get(partition);
  }

  /** Adds one; gives back one whose turn comes at once because too many wait. */
  add(received: Received<'labels'>): Received<'labels'> | undefined {
    const { partition, offset, sentAtMs } = received;
    const dueMs = Math.max(sentAtMs + LABEL_SETTLE_MS, this.#lastDueMs.get(partition) ?? -Infinity);
    this.#next.set(partition, offset + 1n);
    this.#lastDueMs.set(partition, dueMs);
    if (dueMs <= this.#passedMs) metrics.lateLabels.inc();
    this.#insert({ received, dueMs });
    metrics.settlingLabels.set(this.#waiting.length - this.#taken);
    return this.#waiting.length - this.#taken > WAITING_MAX ? this.#shift() : undefined;
  }

  /** Takes out the next label whose turn comes before a transaction that was sent at `sentAtMs`. */
  takeUpTo(sentAtMs: number): Received<'labels'> | undefined {
    this.#passedMs = Math.max(this.#passedMs, sentAtMs);
    const first = this.#waiting[this.#taken];
    return first && first.dueMs <= sentAtMs ? this.#shift() : undefined;
  }

  skipTo(partition: number, next: bigint): void {
    if ((this.#next.get(partition) ?? -1n) < next) this.#next.set(partition, next);
  }

  /** Nearly always at the end. */
  #insert(waiting: Waiting): void {
    let at = this.#waiting.length;
    while (at > this.#taken && isBefore(waiting, this.#waiting[at - 1] as Waiting)) at--;
    this.#waiting.splice(at, 0, waiting);
  }

  #shift(): Received<'labels'> | undefined {
    const first = this.#waiting[this.#taken++];
    if (this.#taken === this.#waiting.length || this.#taken > WAITING_MAX) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    metrics.settlingLabels.set(this.#waiting.length - this.#taken);
    return first?.received;
  }
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.received.partition < b.received.partition);
}
