import type { TopicKey } from '@trancendos/contracts/topics';
import type { Received } from '@trancendos/platform/consume';

/** A stretch of one partition: offsets `from` up to `to`, excluding. */
export interface LogRange<K extends TopicKey> {
  readonly topic: K;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

interface Lane<K extends TopicKey> {
  readonly topic: K;
  readonly partition: number;
  /** The next offset to take in. */
  next: bigint;
  readonly to: bigint;
  queue: Received<K>[];
  /** How many of the queue have been handled. */
  taken: number;
}

/** A lane with more messages that wait than this is ahead of the others. */
const AHEAD_MESSAGES = 2_000;

/**
 * Puts the messages of several partitions into one order: within a partition that of the log, between them that of sending. State that is
 * folded from all of them then becomes what it was when they were new, however the broker hands them out.
 */
export class ReplayLanes<K extends TopicKey> {
  /** Those that are not finished. */
  #lanes: Lane<K>[];
  readonly #handle: (received: Received<K>) => void;

  constructor(ranges: readonly LogRange<K>[], handle: (received: Received<K>) => void) {
    this.#lanes = ranges
      .filter(({ from, to }) => from < to)
      .map(({ topic, partition, from, to }) => ({ topic, partition, next: from, to, queue: [], taken: 0 }));
    this.#handle = handle;
  }

  done(): boolean {
    return this.#lanes.length === 0;
  }

  /** Where to read on. */
  positions(): readonly { readonly topic: K; readonly partition: number; readonly next: bigint }[] {
    return this.#lanes;
  }

  /** Takes in what was fetched at `offset`, unless it lies outside or has been there. `read` gives undefined for what cannot be read. */
  push(topic: K, partition: number, offset: bigint, read: () => Received<K> | undefined): void {
    const lane = this.#lanes.find((each) => each.topic === topic && each.partition === partition);
    if (!lane || offset < lane.next) return;
    lane.next = offset + 1n;
    const received = offset < lane.to ? read() : undefined;
    if (received) lane.queue.push(received);
  }

  /** Handles what can be: as long as every unfinished lane has a message, so that none can come that was sent before. */
  drain(): void {
    for (;;) {
      let first: Lane<K> | undefined;
      let waits = false;
      for (const lane of this.#lanes) {
        const head = lane.queue[lane.taken];
        if (!head) {
          waits ||= lane.next < lane.to;
          continue;
        }
        if (!first || head.sentAtMs < (first.queue[first.taken]?.sentAtMs ?? Infinity)) first = lane;
      }
      if (waits || !first) break;
      this.#handle(first.queue[first.taken++] as Received<K>);
      if (first.taken === first.queue.length) {
        first.queue = [];
        first.taken = 0;
      }
    }
    this.#lanes = this.#lanes.filter(({ next, to, queue }) => next < to || queue.length > 0);
  }

  /** Partitions of a topic that are far ahead of the slowest, and those that are not. */
  split(topic: K): { readonly ahead: number[]; readonly behind: number[] } {
    const ahead: number[] = [];
    const behind: number[] = [];
    for (const lane of this.#lanes) {
      if (lane.topic === topic) (lane.queue.length - lane.taken > AHEAD_MESSAGES ? ahead : behind).push(lane.partition);
    }
    return { ahead, behind };
  }
}
