/** What an entry of a `RecentMap` belongs to. */
export interface Placed {
  /** Position of the entry of the ledger that it came with. */
  readonly ledgerSeq: number;
  /** The time that its key begins with, in milliseconds since the epoch. */
  readonly madeAtMs: number;
}

interface Generation<V> {
  readonly values: Map<string, V>;
  /** Added, and not in `values` yet. */
  readonly waiting: { readonly key: string; readonly value: V }[];
  last: Placed;
}

/**
 * The values that were added last: about `capacity` of them, and beyond that whatever is not known to be committed, because the database
 * cannot be asked for it. Forgets in `forgetCommitted` and nowhere else, so that what a batch finds here stays until it is applied.
 *
 * Kept in two generations, of which the older is forgotten at once: taking single keys from the front of a large Map leaves holes that
 * every look at its front has to walk over. Keys are filed when somebody looks, because most values are forgotten without anybody having
 * asked for one.
 */
export class RecentMap<V> {
  readonly #generationMax: number;
  #young: Generation<V> = newGeneration();
  #old: Generation<V> = newGeneration();
  #forgottenMs: number;

  /** `emptyBeforeMs`: keys made before that may exist without being here; for later ones this map knows. */
  constructor(capacity: number, emptyBeforeMs: number) {
    this.#generationMax = Math.max(1, Math.floor(capacity / 2));
    this.#forgottenMs = emptyBeforeMs;
  }

  get(key: string): V | undefined {
    return filed(this.#young).get(key) ?? filed(this.#old).get(key);
  }

  has(key: string): boolean {
    return filed(this.#young).has(key) || filed(this.#old).has(key);
  }

  /** False where a key of that time which is not here is certain to be new. */
  mayHaveForgotten(madeAtMs: number): boolean {
    return madeAtMs <= this.#forgottenMs;
  }

  add(key: string, value: V, placed: Placed): void {
    this.#young.waiting.push({ key, value });
    this.#young.last = later(this.#young.last, placed);
  }

  /** Lets the older generation go where the younger one is full. Everything up to that position is in the database. */
  forgetCommitted(seq: number): void {
    const { values, waiting } = this.#young;
    if (values.size + waiting.length >= this.#generationMax && this.#old.last.ledgerSeq <= seq) this.#turn();
  }

  #turn(): void {
    this.#forgottenMs = Math.max(this.#forgottenMs, this.#old.last.madeAtMs);
    this.#old = this.#young;
    this.#young = newGeneration();
  }
}

function newGeneration<V>(): Generation<V> {
  return { values: new Map(), waiting: [], last: NOTHING };
}

/** The values of a generation, all of them under their keys; of several under one key the last. */
function filed<V>({ values, waiting }: Generation<V>): ReadonlyMap<string, V> {
  if (waiting.length > 0) {
    for (const { key, value } of waiting) values.set(key, value);
    waiting.length = 0;
  }
  return values;
}

export const NOTHING: Placed = { ledgerSeq: 0, madeAtMs: 0 };

/** The highest of both, each for itself. */
export function later(one: Placed, other: Placed): Placed {
  if (other.ledgerSeq <= one.ledgerSeq && other.madeAtMs <= one.madeAtMs) return one;
  return { ledgerSeq: Math.max(one.ledgerSeq, other.ledgerSeq), madeAtMs: Math.max(one.madeAtMs, other.madeAtMs) };
}
