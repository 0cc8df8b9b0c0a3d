import type { TopicKey } from '@trancendos/contracts/topics';

/** First kept and next free offset of a partition, and the first of what is recent. */
export interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
  readonly recent: bigint;
}

/** How many messages before the end of a topic are read again, over all its partitions. */
export interface Backfill {
  readonly least: number;
  readonly most: number;
}

/**
 * Where a gateway reads on. It keeps no offset in the broker: at its start it goes back to what is recent in a topic, within the limits of
 * its `Backfill`, and to the end of one that has none; after a lost connection to where it was, so that no outcome gets two rows.
 */
export class LogPosition {
  readonly #backfill: Partial<Record<TopicKey, Backfill>>;
  readonly #next = new Map<string, bigint>();
  /** Where reading began. */
  readonly #first = new Map<string, bigint>();
  /** Ends of the partitions at the start that are not reached yet. */
  readonly #targets = new Map<string, bigint>();

  constructor(backfill: Partial<Record<TopicKey, Backfill>>) {
    this.#backfill = backfill;
  }

  /** The offsets to read `topic` from. `bounds` are those of all its partitions. */
  startAt(topic: TopicKey, bounds: ReadonlyMap<number, Bounds>): Map<number, bigint> {
    const backfill = this.#backfill[topic];
    const startOf = ({ low, high, recent }: Bounds) => {
      if (backfill === undefined) return high;
      const before = (messages: number) => high - BigInt(Math.ceil(messages / bounds.size));
      return latest([low, before(backfill.most), recent < before(backfill.least) ? recent : before(backfill.least)]);
    };
    return new Map([...bounds].map(([partition, bound]) => [partition, this.#begin(`${topic}/${partition}`, bound, startOf(bound))]));
  }

  /** Notes that a message is handled. */
  pass({ topic, partition, offset }: { readonly topic: TopicKey; readonly partition: number; readonly offset: bigint }): void {
    const slot = `${topic}/${partition}`;
    this.#next.set(slot, offset + 1n);
    const target = this.#targets.get(slot);
    if (target !== undefined && offset + 1n >= target) this.#targets.delete(slot);
  }

  /** By partition the offset that reading of a topic began at. */
  firstOf(topic: TopicKey): Map<number, bigint> {
    return ofTopic(this.#first, topic);
  }

  /** By partition the offset that comes next of a topic. */
  nextOf(topic: TopicKey): Map<number, bigint> {
    return ofTopic(this.#next, topic);
  }

  /** True when everything that was in the log at the start is handled. */
  caughtUp(): boolean {
    return this.#targets.size === 0;
  }

  #begin(slot: string, { low, high }: Bounds, start: bigint): bigint {
    const known = this.#next.get(slot);
    if (known !== undefined) return known < low ? low : known;
    if (start < high) this.#targets.set(slot, high);
    this.#next.set(slot, start);
    this.#first.set(slot, start);
    return start;
  }
}

function latest(offsets: readonly bigint[]): bigint {
  return offsets.reduce((a, b) => (a > b ? a : b));
}

function ofTopic(bySlot: ReadonlyMap<string, bigint>, topic: TopicKey): Map<number, bigint> {
  const slots = [...bySlot].filter(([slot]) => slot.startsWith(`${topic}/`));
  return new Map(slots.map(([slot, offset]) => [Number(slot.slice(topic.length + 1)), offset]));
}
