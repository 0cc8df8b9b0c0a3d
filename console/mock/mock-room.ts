import { canonicalFilter, compileFilter, parseFilter } from '@trancendos/contracts/feed-filter';
import type { FeedItem, FeedTotals, Frame, Snapshot } from '@trancendos/contracts/socket';

let opened = 0;

/** The room of one made-up client: what fits its filter, numbered from 1. Nothing is sampled and nothing can be resumed. */
export class MockRoom {
  readonly id = `epoch_mock/${++opened}`;
  readonly #filter: string;
  readonly #fits: (row: FeedItem) => boolean;
  readonly #counts = { approve: 0, review: 0, decline: 0 };
  #seq = 0;
  #frame = 0;

  constructor(query: string) {
    const terms = parseFilter(query);
    this.#filter = canonicalFilter(terms);
    this.#fits = compileFilter(terms) ?? (() => true);
  }

  snapshot(rows: readonly FeedItem[], totals: FeedTotals): Snapshot {
    const items = this.#number(rows);
    return { ...this.#fields(items, totals), filter: this.#filter, from_seq: 1, seq: this.#seq, missed: null };
  }

  /** The frame of `rows`; undefined where none of them fits. */
  frame(rows: readonly FeedItem[], totals: FeedTotals): Frame | undefined {
    const items = this.#number(rows);
    if (items.length === 0) return undefined;
    return { ...this.#fields(items, totals), from_seq: this.#seq - items.length + 1, to_seq: this.#seq };
  }

  #number(rows: readonly FeedItem[]): FeedItem[] {
    this.#frame++;
    return rows.filter(this.#fits).map((row) => {
      this.#counts[row.action]++;
      return { ...row, seq: ++this.#seq };
    });
  }

  #fields(items: FeedItem[], totals: FeedTotals) {
    return { room: this.id, frame: this.#frame, sampled: 1, items, counts: { ...this.#counts }, totals, position: '' };
  }
}
