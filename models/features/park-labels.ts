/** What a payment turned out to be. Neither ids nor names hold a space. */
export interface PaymentLabel {
  /** Who paid, and where; null where the payment named no terminal. */
  readonly subject: string;
  readonly terminal: string | null;
  /** Of the payment that it speaks of. */
  readonly id: string;
  readonly timeMs: number;
  readonly fraud: boolean;
  /** The event time from which it counts; -Infinity: from its arrival. */
  readonly countsFromMs: number;
}

/**
 * What folding a label did. `unchanged`: it says what was known. `waiting`: it counts from a later event time. `parked`: its payment
 * has not come yet, the label or its taking back is kept for it. `too_old`: its payment is forgotten.
 */
export type LabelOutcome = 'counted' | 'unchanged' | 'waiting' | 'parked' | 'too_old';

/** Most labels that wait for their payments; beyond that the oldest are forgotten. */
const PARKED_MAX = 100_000;

/** Labels that came before their payments: topics are not ordered among each other. */
export class ParkedLabels {
  readonly #labels = new Map<string, PaymentLabel>();

  get size(): number {
    return this.#labels.size;
  }

  /** Keeps `label`, in place of an earlier one of the same payment. */
  park(label: PaymentLabel): void {
    const key = keyOf(label);
    this.#labels.delete(key);
    this.#labels.set(key, label);
    if (this.#labels.size <= PARKED_MAX) return;
    const oldest = this.#labels.keys().next();
    if (!oldest.done) this.#labels.delete(oldest.value);
  }

  /** Takes out the label of a payment that has come. */
  claim(payment: Pick<PaymentLabel, 'subject' | 'id' | 'timeMs'>): PaymentLabel | undefined {
    if (this.#labels.size === 0) return undefined;
    const key = keyOf(payment);
    const label = this.#labels.get(key);
    if (label) this.#labels.delete(key);
    return label;
  }

  /** Forgets labels of payments at or before `timeMs`. */
  forgetUpTo(timeMs: number): void {
    for (const [key, label] of this.#labels) if (label.timeMs <= timeMs) this.#labels.delete(key);
  }

  /** All of them, the one parked first in front. */
  values(): PaymentLabel[] {
    return [...this.#labels.values()];
  }
}

function keyOf({ subject, id, timeMs }: Pick<PaymentLabel, 'subject' | 'id' | 'timeMs'>): string {
  return `${subject} ${id} ${timeMs}`;
}
