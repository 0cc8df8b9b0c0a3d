import type { FeedItem } from '@trancendos/contracts/socket';

/** What a line of the feed shows: an outcome, or that some were missed; `missed` is how many, undefined where nobody knows. */
export type FeedRowContent =
  { readonly kind: 'item'; readonly item: FeedItem } | { readonly kind: 'gap'; readonly missed: number | undefined };
/** A line of the feed. `id` grows with every line of this page, whatever room or gateway it came from. */
export type FeedRow = FeedRowContent & { readonly id: number };

/** A line that shows an outcome. */
export type ItemRow = Extract<FeedRow, { kind: 'item' }>;

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
