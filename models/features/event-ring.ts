import type { ByteReader, ByteWriter } from './state-bytes.ts';

/** Most events that one entity may hold; beyond that its oldest have to go. Keeps sums of clamped amounts below 2^53. */
const EVENTS_MAX = 400_000;
/** Forgotten events are cleared away only when there are this many, so that clearing costs nothing on average. */
const CLEAR_AT_LEAST = 32;

/**
 * The events of one entity in the order of their times, each with an id, a value, whether it is known as fraud, and notes: numbers that were
 * taken when it arrived. Running sums of values and frauds tell what a window holds by two binary searches, whatever its length.
 *
 * Values are integers, so sums are exact. Events of one time keep the order in which they came. Positions are valid until the next change.
 */
export class EventRing {
  readonly #noteCount: number;
  #times: number[] = [];
  #ids: string[] = [];
  /** Sum of all values up to and including the event. */
  #sums: number[] = [];
  /** Count of known frauds up to and including the event. */
  #frauds: number[] = [];
  /** `noteCount` of each event. */
  #notes: number[] = [];
  /** Events before this position are forgotten. */
  #start = 0;

  constructor(noteCount: number) {
    this.#noteCount = noteCount;
  }

  get size(): number {
    return this.#times.length - this.#start;
  }

  /** Position of the oldest event. */
  get start(): number {
    return this.#start;
  }

  /** Time of the newest event; -Infinity where there is none. */
  get newestMs(): number {
    return this.#times.at(-1) ?? -Infinity;
  }

  /** Time of the oldest event; Infinity where there is none. */
  get oldestMs(): number {
    return this.#times[this.#start] ?? Infinity;
  }

  /** Time up to which events have to be forgotten because there are too many; -Infinity where there are not. */
  get excessMs(): number {
    return this.size > EVENTS_MAX ? this.oldestMs : -Infinity;
  }

  /** Adds an event at its place. False when it is there already: same id, same time. */
  insert(timeMs: number, id: string, value: number, notes: readonly number[]): boolean {
    if (this.find(timeMs, id) !== undefined) return false;
    const position = this.positionAfter(timeMs);
    const sum = this.#sumUpTo(this.#sums, position) + value;
    const frauds = this.#sumUpTo(this.#frauds, position);
    if (position === this.#times.length) {
      this.#times.push(timeMs);
      this.#ids.push(id);
      this.#sums.push(sum);
      this.#frauds.push(frauds);
      for (const note of notes) this.#notes.push(note);
    } else {
      this.#times.splice(position, 0, timeMs);
      this.#ids.splice(position, 0, id);
      this.#sums.splice(position, 0, sum);
      this.#frauds.splice(position, 0, frauds);
      this.#notes.splice(position * this.#noteCount, 0, ...notes);
      shift(this.#sums, position + 1, value);
    }
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

  timeAt(position: number): number {
    return this.#times[position] as number;
  }

  valueAt(position: number): number {
    return this.sumBetween(position, position + 1);
  }

  isFraud(position: number): boolean {
    return this.fraudsBetween(position, position + 1) === 1;
  }

  noteAt(position: number, note: number): number {
    return this.#notes[position * this.#noteCount + note] as number;
  }

  /** Sum of the values of the events from position `from` up to, not including, `to`. */
  sumBetween(from: number, to: number): number {
    return this.#sumUpTo(this.#sums, to) - this.#sumUpTo(this.#sums, from);
  }

  /** How many of the events from position `from` up to, not including, `to` are known as fraud. */
  fraudsBetween(from: number, to: number): number {
    return this.#sumUpTo(this.#frauds, to) - this.#sumUpTo(this.#frauds, from);
  }

  /** Notes whether the event at `position` is known as fraud. False when that was noted already. */
  setFraud(position: number, fraud: boolean): boolean {
    if (this.isFraud(position) === fraud) return false;
    shift(this.#frauds, position, fraud ? 1 : -1);
    return true;
  }

  /** Forgets the events at or before `timeMs`. */
  forgetUpTo(timeMs: number): void {
    if (this.oldestMs > timeMs) return;
    this.#start = this.positionAfter(timeMs);
    if (this.#start >= CLEAR_AT_LEAST && this.#start * 2 >= this.size) this.#clear();
  }

  writeTo(writer: ByteWriter): void {
    writer.u32(this.size);
    for (let position = this.#start; position < this.#times.length; position++) {
      writer.f64(this.#times[position] as number);
      writer.text(this.#ids[position] as string);
      writer.f64(this.valueAt(position));
      writer.u8(this.isFraud(position) ? 1 : 0);
      for (let note = 0; note < this.#noteCount; note++) writer.f64(this.noteAt(position, note));
    }
  }

  static readFrom(reader: ByteReader, noteCount: number): EventRing {
    const ring = new EventRing(noteCount);
    let sum = 0;
    let frauds = 0;
    for (let count = reader.u32(); count > 0; count--) {
      ring.#times.push(reader.f64());
      ring.#ids.push(reader.text());
      ring.#sums.push((sum += reader.f64()));
      ring.#frauds.push((frauds += reader.u8()));
      for (let note = 0; note < noteCount; note++) ring.#notes.push(reader.f64());
    }
    return ring;
  }

  #sumUpTo(sums: readonly number[], position: number): number {
    return position === 0 ? 0 : (sums[position - 1] as number);
  }

  #clear(): void {
    const start = this.#start;
    const sumBefore = this.#sumUpTo(this.#sums, start);
    const fraudsBefore = this.#sumUpTo(this.#frauds, start);
    this.#times = this.#times.slice(start);
    this.#ids = this.#ids.slice(start);
    this.#sums = this.#sums.slice(start);
    this.#frauds = this.#frauds.slice(start);
    this.#notes = this.#notes.slice(start * this.#noteCount);
    this.#start = 0;
    shift(this.#sums, 0, -sumBefore);
    shift(this.#frauds, 0, -fraudsBefore);
  }
}

function shift(sums: number[], from: number, change: number): void {
  if (change === 0) return;
  for (let position = from; position < sums.length; position++) sums[position] = (sums[position] as number) + change;
}
