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

  /** All of them, the one parked first in front. */
  values(): TerminalLabel[] {
    return [...this.#labels.values()];
  }
}

/** Neither part holds a space: they are made of references. */
function keyOf({ terminal, id, timeMs }: { readonly terminal: string; readonly id: string; readonly timeMs: number }): string {
  return `${terminal} ${id} ${timeMs}`;
}
