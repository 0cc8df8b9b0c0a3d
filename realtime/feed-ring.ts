import type { Outcome } from '@trancendos/contracts/outcome';
import type { FeedItem } from '@trancendos/contracts/socket';
import { makeFeedItem } from './make-feed-item.ts';

/**
 * The newest rows of the feed, numbered from 1 without gaps. A row that falls out is gone: whoever still needs it gets a snapshot instead.
 */
export class FeedRing {
  readonly #items: FeedItem[] = [];
  readonly #committedAtMs: Float64Array;
  readonly capacity: number;
  #head = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#committedAtMs = new Float64Array(capacity);
  }

  /** Sequence number of the newest row; 0 while there is none. */
  get head(): number {
    return this.#head;
  }

  append(outcome: Outcome): FeedItem {
    const item = makeFeedItem(outcome, ++this.#head);
    const slot = item.seq % this.capacity;
    this.#items[slot] = item;
    this.#committedAtMs[slot] = Date.parse(outcome.committed_at);
    return item;
  }

  /** True when every row after `seq` is still here. */
  reachesBackTo(seq: number): boolean {
    return seq >= 0 && seq <= this.#head && this.#head - seq <= this.capacity;
  }

  /** Rows `seq + 1 .. upTo`, oldest first. They must still be here. */
  between(seq: number, upTo: number): FeedItem[] {
    if (!this.reachesBackTo(seq) || upTo > this.#head) throw new RangeError(`rows ${seq + 1} to ${upTo} are not in the ring`);
    const items: FeedItem[] = [];
    for (let next = seq + 1; next <= upTo; next++) {
      const item = this.#items[next % this.capacity];
      if (item) items.push(item);
    }
    return items;
  }

  /** When the ledger committed a row that is still here: milliseconds since the epoch, by the ledger's clock. */
  committedAtMs(seq: number): number {
    return this.#committedAtMs[seq % this.capacity] ?? Number.NaN;
  }
}
