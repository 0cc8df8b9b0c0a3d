import type { ByteReader, ByteWriter } from './state-bytes.ts';

/** Most events that one entity may hold; beyond that its oldest are forgotten. Keeps sums of clamped amounts below 2^53. */
const EVENTS_MAX = 400_000;
/** Forgotten events are cleared away only when there are this many, so that clearing costs nothing on average. */
const CLEAR_AT_LEAST = 32;

/**
 * The events of one entity in the order of their times, each with an id and a value, and the running sum of the values: how many events a
 * window holds and what they sum up to is found by two binary searches, whatever its length.
 *
 * Values are integers, so sums are exact. Events of one time keep the order in which they came. Positions are valid until the next change.
 */
export class EventRing {
  #times: number[] = [];
  #ids: string[] = [];
  /** Sum of all values up to and including the event. */
  #sums: number[] = [];
  /** Events before this position are forgotten. */
  #start = 0;

  get size(): number {
    return this.#times.length - this.#start;
  }

  /** Time of the newest event; -Infinity where there is none. */
  get newestMs(): number {
    return this.#times.at(-1) ?? -Infinity;
  }

  /** Adds an event at its place. False when it is there already: same id, same time. */
  insert(timeMs: number, id: string, value: number): boolean {
    if (this.find(timeMs, id) !== undefined) return false;
    const position = this.positionAfter(timeMs);
    const sum = this.#sumUpTo(position) + value;
    if (position === this.#times.length) {
      this.#times.push(timeMs);
      this.#ids.push(id);
      this.#sums.push(sum);
    } else {
      this.#times.splice(position, 0, timeMs);
      this.#ids.splice(position, 0, id);
      this.#sums.splice(position, 0, sum);
      this.#shiftSums(position + 1, value);
    }
    if (this.size > EVENTS_MAX) this.#forget(this.#start + 1);
    return true;
  }

  /** Position of the event with that id at that time. */
  find(timeMs: number, id: string): number | undefined {
    for (let position = this.positionAfter(timeMs) - 1; position >= this.#start && this.#times[position] === timeMs; position--) {
      if (this.#ids[position] === id) return position;
    }
    return undefined;
  }

  /** Position behind the last event at or before `timeMs`. */
  positionAfter(timeMs: number): number {
    const times = this.#times;
    let low = this.#start;
    let high = times.length;
    if (high > low && (times[high - 1] as number) <= timeMs) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((times[middle] as number) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Sum of the values of the events from position `from` up to, not including, `to`. */
  sumBetween(from: number, to: number): number {
    return this.#sumUpTo(to) - this.#sumUpTo(from);
  }

  /** Replaces the value of the event at `position`. False when it had that value. */
  setValue(position: number, value: number): boolean {
    const change = value - this.sumBetween(position, position + 1);
    if (change !== 0) this.#shiftSums(position, change);
    return change !== 0;
  }

  /** Forgets the events at or before `timeMs`. */
  forgetUpTo(timeMs: number): void {
    if (this.size > 0 && (this.#times[this.#start] as number) <= timeMs) this.#forget(this.positionAfter(timeMs));
  }

  writeTo(writer: ByteWriter): void {
    writer.u32(this.size);
    for (let position = this.#start; position < this.#times.length; position++) {
      writer.f64(this.#times[position] as number);
      writer.text(this.#ids[position] as string);
      writer.f64(this.sumBetween(position, position + 1));
    }
  }

  static readFrom(reader: ByteReader): EventRing {
    const ring = new EventRing();
    let sum = 0;
    for (let count = reader.u32(); count > 0; count--) {
      ring.#times.push(reader.f64());
      ring.#ids.push(reader.text());
      ring.#sums.push((sum += reader.f64()));
    }
    return ring;
  }

  #sumUpTo(position: number): number {
    return position === 0 ? 0 : (this.#sums[position - 1] as number);
  }

  #shiftSums(from: number, change: number): void {
    for (let position = from; position < this.#sums.length; position++) this.#sums[position] = (this.#sums[position] as number) + change;
  }

  #forget(start: number): void {
    this.#start = start;
    if (start < CLEAR_AT_LEAST || start * 2 < this.size) return;
    const sumBefore = this.#sumUpTo(start);
    this.#times = this.#times.slice(start);
    this.#ids = this.#ids.slice(start);
    this.#sums = this.#sums.slice(start);
    this.#start = 0;
    if (sumBefore !== 0) this.#shiftSums(0, -sumBefore);
  }
}
