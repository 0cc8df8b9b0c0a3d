import type { FeedItem } from '@trancendos/contracts/socket';

/** A line of the feed: an outcome, or the places that were missed. */
export type FeedRow =
  { readonly kind: 'item'; readonly item: FeedItem } | { readonly kind: 'gap'; readonly fromSeq: number; readonly toSeq: number };

/** Place of a row in the feed; a gap stands at its end. Unique among the rows of an epoch. */
export function seqOf(row: FeedRow): number {
  return row.kind === 'item' ? row.item.seq : row.toSeq;
}

/** The newest rows, at most `capacity`; pushing to a full ring gives up the oldest. */
export class RowRing {
  readonly #capacity: number;
  #rows: FeedRow[] = [];
  /** Where the oldest row is, once the ring is full. */
  #oldest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(row: FeedRow): void {
    if (this.#rows.length < this.#capacity) {
      this.#rows.push(row);
      return;
    }
    this.#rows[this.#oldest] = row;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }

  clear(): void {
    this.#rows = [];
    this.#oldest = 0;
  }

  newestFirst(): FeedRow[] {
    return [...this.#rows.slice(this.#oldest), ...this.#rows.slice(0, this.#oldest)].reverse();
  }
}
