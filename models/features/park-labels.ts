import type { ByteReader, ByteWriter } from './state-bytes.ts';

/** What a transaction of a terminal turned out to be. */
export interface TerminalLabel {
  readonly terminal: string;
  /** Of the transaction that it speaks of. */
  readonly id: string;
  readonly timeMs: number;
  readonly fraud: boolean;
  /** The event time from which it counts; -Infinity: from its arrival. */
  readonly countsFromMs: number;
}

/** Most labels that wait for their transactions; beyond that the oldest are forgotten. */
const PARKED_MAX = 100_000;

/** Labels that came before their transactions: topics are not ordered among each other. */
export class ParkedLabels {
  readonly #labels = new Map<string, TerminalLabel>();

  get size(): number {
    return this.#labels.size;
  }

  /** Keeps `label`, in place of an earlier one of the same transaction. */
  park(label: TerminalLabel): void {
    const key = keyOf(label);
    this.#labels.delete(key);
    this.#labels.set(key, label);
    if (this.#labels.size <= PARKED_MAX) return;
    const oldest = this.#labels.keys().next();
    if (!oldest.done) this.#labels.delete(oldest.value);
  }

  /** Takes out the label of a transaction that has come. */
  claim(transaction: { readonly terminal: string; readonly id: string; readonly timeMs: number }): TerminalLabel | undefined {
    if (this.#labels.size === 0) return undefined;
    const key = keyOf(transaction);
    const label = this.#labels.get(key);
    if (label) this.#labels.delete(key);
    return label;
  }

  /** Forgets labels of transactions at or before `timeMs`. */
  forgetUpTo(timeMs: number): void {
    for (const [key, label] of this.#labels) if (label.timeMs <= timeMs) this.#labels.delete(key);
  }

  writeTo(writer: ByteWriter): void {
    writeLabels(writer, [...this.#labels.values()]);
  }

  static readFrom(reader: ByteReader): ParkedLabels {
    const parked = new ParkedLabels();
    for (const label of readLabels(reader)) parked.#labels.set(keyOf(label), label);
    return parked;
  }
}

export function writeLabels(writer: ByteWriter, labels: readonly TerminalLabel[]): void {
  writer.u32(labels.length);
  for (const { terminal, id, timeMs, fraud, countsFromMs } of labels) {
    writer.text(terminal);
    writer.text(id);
    writer.f64(timeMs);
    writer.u8(fraud ? 1 : 0);
    writer.f64(countsFromMs);
  }
}

export function readLabels(reader: ByteReader): TerminalLabel[] {
  return Array.from({ length: reader.u32() }, () => ({
    terminal: reader.text(),
    id: reader.text(),
    timeMs: reader.f64(),
    fraud: reader.u8() === 1,
    countsFromMs: reader.f64(),
  }));
}

/** Neither part holds a space: they are made of references. */
function keyOf({ terminal, id, timeMs }: { readonly terminal: string; readonly id: string; readonly timeMs: number }): string {
  return `${terminal} ${id} ${timeMs}`;
}
