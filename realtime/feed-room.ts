import type { FeedItem, FeedRow, RoomCounts } from '@trancendos/contracts/socket';
import type { FeedRing, RingEntry } from './feed-ring.ts';
import type { RoomScope } from './room-scope.ts';
import { sampleRows } from './sample-rows.ts';

export interface FeedRoomOptions {
  /** Unique over all lives of all rooms. */
  readonly id: string;
  /** In its canonical form. */
  readonly filter: string;
  readonly scope: RoomScope;
  readonly matches: (row: FeedRow) => boolean;
  readonly mustBeSeen: (row: FeedRow) => boolean;
  readonly ring: FeedRing;
}

/** Rows that a room keeps for those who come back. */
export const ROOM_ROWS = 4_000;

/** The rows that fit one filter within one scope, numbered from 1 without gaps, with the newest of them at hand. */
export class FeedRoom {
  readonly id: string;
  readonly filter: string;
  readonly scope: RoomScope;
  readonly counts: RoomCounts = { approve: 0, review: 0, decline: 0 };
  readonly #options: FeedRoomOptions;
  readonly #entries: RingEntry[] = [];
  #seq = 0;
  /** Number in the ring up to which the room has looked. */
  #cursor: number;
  #position: string;
  #frame = 0;

  /** A room begins with what of the ring fits it. `position` is how far the log has been read. */
  constructor(options: FeedRoomOptions, position: string) {
    this.#options = options;
    this.id = options.id;
    this.filter = options.filter;
    this.scope = options.scope;
    this.#cursor = options.ring.oldest - 1;
    this.#position = position;
    this.advance(position);
  }

  /** Place of the newest row; 0 while there is none. */
  get seq(): number {
    return this.#seq;
  }

  get frame(): number {
    return this.#frame;
  }

  /** How far the log had been read when the room stood at `seq`. */
  get position(): string {
    return this.#position;
  }

  /** Number in the ring up to which its rows are in the room, where they fit. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Takes in what has come since the last time. */
  advance(position: string): void {
    const { ring } = this.#options;
    for (let number = Math.max(this.#cursor + 1, ring.oldest); number <= ring.head; number++) {
      const entry = ring.at(number);
      if (!this.fits(entry)) continue;
      this.#entries[++this.#seq % ROOM_ROWS] = entry;
      this.counts[entry.row.action] += 1;
    }
    this.#cursor = ring.head;
    this.#position = position;
  }

  beginFrame(): void {
    this.#frame++;
  }

  fits({ row }: RingEntry): boolean {
    return this.#options.matches(row);
  }

  /** True when every row after `seq` is at hand. */
  reachesBackTo(seq: number): boolean {
    return seq >= 0 && seq <= this.#seq && this.#seq - seq <= ROOM_ROWS;
  }

  /** The place after which the newest rows are at hand, at most `rowsMax` of them. */
  placeBeforeNewest(rowsMax: number): number {
    return Math.max(0, this.#seq - Math.min(rowsMax, ROOM_ROWS));
  }

  /** The rows after `seq`, sampled where they are more than `rowsMax`. They must be at hand. */
  itemsAfter(seq: number, rowsMax: number): { readonly items: FeedItem[]; readonly sampled: number } {
    if (!this.reachesBackTo(seq)) throw new RangeError(`rows after ${seq} are not in the room`);
    const entries: RingEntry[] = [];
    for (let place = seq + 1; place <= this.#seq; place++) {
      const entry = this.#entries[place % ROOM_ROWS];
      if (entry) entries.push(entry);
    }
    return this.number(entries, rowsMax);
  }

  /** Numbers `entries`, the newest rows of the room, and samples them where they are more than `rowsMax`. */
  number(entries: readonly RingEntry[], rowsMax: number): { readonly items: FeedItem[]; readonly sampled: number } {
    const before = this.#seq - entries.length;
    const numbered = entries.map(({ row }, index) => ({ row, seq: before + index + 1 }));
    const { rows, sampled } = sampleRows(numbered, rowsMax, ({ row }) => this.#options.mustBeSeen(row));
    return { items: rows.map(({ row, seq }) => ({ seq, ...row })), sampled };
  }
}
