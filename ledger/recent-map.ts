/** What an entry of a `RecentMap` belongs to. */
export interface Placed {
  /** Position of the entry of the ledger that it came with. */
  readonly ledgerSeq: number;
  /** The time that its key begins with, in milliseconds since the epoch. */
  readonly madeAtMs: number;
}

/**
 * The values that were added last: about `capacity` of them, and beyond that whatever is not known to be committed, because the database
 * cannot be asked for it. Forgets in `forgetCommitted` and nowhere else, so that what a batch finds here stays until it is applied.
 *
 * Kept in two generations, of which the older is forgotten at once: taking single keys from the front of a large Map leaves holes that
 * every look at its front has to walk over.
 */
export class RecentMap<V> {
  readonly #generationMax: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #youngLast: Placed = NOTHING;
  #oldLast: Placed = NOTHING;
  #forgottenMs: number;

  /** `emptyBeforeMs`: keys made before that may exist without being here; for later ones this map knows. */
  constructor(capacity: number, emptyBeforeMs: number) {
    this.#generationMax = Math.max(1, Math.floor(capacity / 2));
    this.#forgottenMs = emptyBeforeMs;
  }

  get(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  /** False where a key of that time which is not here is certain to be new. */
  mayHaveForgotten(madeAtMs: number): boolean {
    return madeAtMs <= this.#forgottenMs;
  }

  add(key: string, value: V, placed: Placed): void {
    this.#young.set(key, value);
    this.#youngLast = later(this.#youngLast, placed);
  }

  /** Lets the older generation go where the younger one is full. Everything up to that position is in the database. */
  forgetCommitted(seq: number): void {
    if (this.#young.size >= this.#generationMax && this.#oldLast.ledgerSeq <= seq) this.#turn();
  }

  #turn(): void {
    if (this.#old.size > 0) this.#forgottenMs = Math.max(this.#forgottenMs, this.#oldLast.madeAtMs);
    this.#old = this.#young;
    this.#oldLast = this.#youngLast;
    this.#young = new Map();
    this.#youngLast = NOTHING;
  }
}

const NOTHING: Placed = { ledgerSeq: 0, madeAtMs: 0 };

function later(one: Placed, other: Placed): Placed {
  return { ledgerSeq: Math.max(one.ledgerSeq, other.ledgerSeq), madeAtMs: Math.max(one.madeAtMs, other.madeAtMs) };
}
