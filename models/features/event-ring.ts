import type { ByteReader, ByteWriter } from './state-bytes.ts';

/** Most events that one entity may hold; beyond that its oldest have to go. Keeps sums of clamped amounts below 2^53. */
const EVENTS_MAX = 400_000;
/** Forgotten events are cleared away only when there are this many, so that clearing costs nothing on average. */
const CLEAR_AT_LEAST = 32;

/** How many numbers of each kind a ring keeps of every event. */
export interface RingShape {
  readonly notes: number;
  readonly evidence: number;
}

/** What is kept of an event besides its time and id. */
export interface RingFacts {
  /** An integer. */
  readonly value: number;
  readonly notes: readonly number[];
  /** Integers. */
  readonly evidence: readonly number[];
}

/**
 * The events of one entity in the order of their times, each with an id, a value, whether it is known as fraud, notes: numbers that were
 * taken when it arrived, and evidence: numbers that change with its label. Running sums of values, frauds and evidence tell what a window
 * holds by two binary searches, whatever its length.
 *
 * What is summed are integers, so sums are exact, in whatever order events and labels came. Events of one time keep the order in which they
 * came. Positions are valid until the next change.
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
  /** Of each kind of evidence, its sum up to and including the event. */
  #evidence: number[][];
  /** Events before this position are forgotten. */
  #start = 0;

  constructor({ notes, evidence }: RingShape) {
    this.#noteCount = notes;
    this.#evidence = Array.from({ length: evidence }, () => []);
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
  insert(timeMs: number, id: string, { value, notes, evidence }: RingFacts): boolean {
    if (this.find(timeMs, id) !== undefined) return false;
    const position = this.positionAfter(timeMs);
    if (position === this.#times.length) {
      this.#times.push(timeMs);
      this.#ids.push(id);
      for (const note of notes) this.#notes.push(note);
    } else {
      this.#times.splice(position, 0, timeMs);
      this.#ids.splice(position, 0, id);
      this.#notes.splice(position * this.#noteCount, 0, ...notes);
    }
    insertSum(this.#sums, position, value);
    insertSum(this.#frauds, position, 0);
    for (let kind = 0; kind < this.#evidence.length; kind++)
      insertSum(this.#evidence[kind] as number[], position, evidence[kind] as number);
    return true;
  }

  /** Position of the event with that id at that time. */
  find(timeMs: number, id: string): number | undefined {
    for (let position = this.positionAfter(timeMs) - 1; position >= this.#start && this.#times[position] === timeMs; position--) {
      if (this.#ids[position] === id) return position;
    }
    return undefined;
  }

  /** Position behind the last event at or before `timeMs`, `from` or later. */
  positionAfter(timeMs: number, from = this.#start): number {
    const times = this.#times;
    let low = from;
    let high = times.length;
    if (low >= high || (times[low] as number) > timeMs) return low;
    if ((times[high - 1] as number) <= timeMs) return high;
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
    return valueOf(this.#sums, position);
  }

  isFraud(position: number): boolean {
    return valueOf(this.#frauds, position) === 1;
  }

  noteAt(position: number, note: number): number {
    return this.#notes[position * this.#noteCount + note] as number;
  }

  setNote(position: number, note: number, value: number): void {
    this.#notes[position * this.#noteCount + note] = value;
  }

  /** Sum of the values of the events from position `from` up to, not including, `to`. */
  sumBetween(from: number, to: number): number {
    return sumUpTo(this.#sums, to) - sumUpTo(this.#sums, from);
  }

  /** How many of the events from position `from` up to, not including, `to` are known as fraud. */
  fraudsBetween(from: number, to: number): number {
    return sumUpTo(this.#frauds, to) - sumUpTo(this.#frauds, from);
  }

  /** Sum of one kind of evidence of the events from position `from` up to, not including, `to`. */
  evidenceBetween(kind: number, from: number, to: number): number {
    const sums = this.#evidence[kind] as number[];
    return sumUpTo(sums, to) - sumUpTo(sums, from);
  }

  setEvidence(kind: number, position: number, evidence: number): void {
    const sums = this.#evidence[kind] as number[];
    shift(sums, position, evidence - valueOf(sums, position));
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
      for (const sums of this.#evidence) writer.f64(valueOf(sums, position));
    }
  }

  static readFrom(reader: ByteReader, shape: RingShape): EventRing {
    const ring = new EventRing(shape);
    const append = (sums: number[], value: number) => sums.push((sums.at(-1) ?? 0) + value);
    for (let count = reader.u32(); count > 0; count--) {
      ring.#times.push(reader.f64());
      ring.#ids.push(reader.text());
      append(ring.#sums, reader.f64());
      append(ring.#frauds, reader.u8());
      for (let note = 0; note < shape.notes; note++) ring.#notes.push(reader.f64());
      for (const sums of ring.#evidence) append(sums, reader.f64());
    }
    return ring;
  }

  #clear(): void {
    const start = this.#start;
    this.#times = this.#times.slice(start);
    this.#ids = this.#ids.slice(start);
    this.#notes = this.#notes.slice(start * this.#noteCount);
    this.#sums = cut(this.#sums, start);
    this.#frauds = cut(this.#frauds, start);
    this.#evidence = this.#evidence.map((sums) => cut(sums, start));
    this.#start = 0;
  }
}

/** Sum of what lies before `position`. */
function sumUpTo(sums: readonly number[], position: number): number {
  return position === 0 ? 0 : (sums[position - 1] as number);
}

function valueOf(sums: readonly number[], position: number): number {
  return (sums[position] as number) - sumUpTo(sums, position);
}

function insertSum(sums: number[], position: number, value: number): void {
  const sum = sumUpTo(sums, position) + value;
  if (position === sums.length) {
    sums.push(sum);
    return;
  }
  sums.splice(position, 0, sum);
  shift(sums, position + 1, value);
}

/** The sums from `start` on, without what lies before. */
function cut(sums: readonly number[], start: number): number[] {
  const before = sumUpTo(sums, start);
  const rest = sums.slice(start);
  shift(rest, 0, -before);
  return rest;
}

function shift(sums: number[], from: number, change: number): void {
  if (change === 0) return;
  for (let position = from; position < sums.length; position++) sums[position] = (sums[position] as number) + change;
}
