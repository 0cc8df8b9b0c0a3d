import type { FeedRow } from '@trancendos/contracts/socket';

/** Where an outcome stands in its topic. */
export interface LogPlace {
  readonly partition: number;
  readonly offset: bigint;
}

/** A row with when the ledger committed it (ms since the epoch, by the ledger's clock) and where it stands in the log. */
export interface RingEntry extends LogPlace {
  readonly row: FeedRow;
  readonly committedAtMs: number;
}

/** The newest rows of the feed, numbered from 1 without gaps in the order of their arrival. A row that falls out is gone. */
export class FeedRing {
  readonly #entries: RingEntry[] = [];
  readonly capacity: number;
  /** Called before each half of the capacity is filled: whoever looks then, and now and then besides, misses no row however fast they come. */
  onHalf: (() => void) | undefined;
  #head = 0;
  /** By partition the offset from which on every row is here, where rows of it have fallen out. */
  readonly #fallen = new Map<number, bigint>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Number of the newest row; 0 while there is none. */
  get head(): number {
    return this.#head;
  }

  /** Number of the oldest row that is still here; one more than `head` while there is none. */
  get oldest(): number {
    return Math.max(1, this.#head - this.capacity + 1);
  }

  append(entry: RingEntry): void {
    if (this.#head % Math.max(1, Math.floor(this.capacity / 2)) === 0) this.onHalf?.();
    const slot = ++this.#head % this.capacity;
    const fallen = this.#entries[slot];
    if (fallen) this.#fallen.set(fallen.partition, fallen.offset + 1n);
    this.#entries[slot] = entry;
  }

  /** A row that is still here. */
  at(number: number): RingEntry {
    const entry = number >= this.oldest && number <= this.#head ? this.#entries[number % this.capacity] : undefined;
    if (!entry) throw new RangeError(`row ${number} is not in the ring`);
    return entry;
  }

  /** The offset of a partition from which on every row is here; undefined while none of it has fallen out. */
  completeFrom(partition: number): bigint | undefined {
    return this.#fallen.get(partition);
  }
}
