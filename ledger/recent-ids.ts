import { later, NOTHING, type Placed } from './recent-map.ts';
import { UuidSet } from './uuid-set.ts';

/** The ids that were added last, kept and forgotten as a `RecentMap` does it: exact, and small enough to keep many. */
export class RecentIds {
  readonly #generationMax: number;
  #young = new UuidSet();
  #old = new UuidSet();
  #youngLast = NOTHING;
  #oldLast = NOTHING;
  #forgottenMs: number;

  constructor(capacity: number, emptyBeforeMs: number) {
    this.#generationMax = Math.max(1, Math.floor(capacity / 2));
    this.#forgottenMs = emptyBeforeMs;
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id);
  }

  /** False where an id of that time which is not here is certain to be new. */
  mayHaveForgotten(madeAtMs: number): boolean {
    return madeAtMs <= this.#forgottenMs;
  }

  add(id: string, placed: Placed): void {
    this.#young.add(id);
    this.#youngLast = later(this.#youngLast, placed);
  }

  /** Lets the older generation go where the younger one is full. Everything up to that position is in the database. */
  forgetCommitted(seq: number): void {
    if (this.#young.size < this.#generationMax || this.#oldLast.ledgerSeq > seq) return;
    this.#forgottenMs = Math.max(this.#forgottenMs, this.#oldLast.madeAtMs);
    this.#old = this.#young;
    this.#oldLast = this.#youngLast;
    this.#young = new UuidSet();
    this.#youngLast = NOTHING;
  }
}
