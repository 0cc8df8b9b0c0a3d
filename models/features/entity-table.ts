interface Slot<E> {
  readonly entity: E;
  /** The last pass that the entity has been written in, or was made in. */
  pass: number;
}

/** Called with every entity once, in the state that it had when the pass was opened. */
export type WriteEntity<E> = (key: string, entity: E) => void;

/**
 * Entities by key, which can be written out a few at a time while they go on changing: an entity that is about to change is written first,
 * so the result is the state of one moment, and nobody waits for the whole of it.
 */
export class EntityTable<E> {
  readonly #slots = new Map<string, Slot<E>>();
  #pass = 0;
  #open: { readonly write: WriteEntity<E>; readonly rest: Iterator<[string, Slot<E>]> } | undefined;

  get size(): number {
    return this.#slots.size;
  }

  /** To look at; what changes is asked of `change`. */
  get(key: string): E | undefined {
    return this.#slots.get(key)?.entity;
  }

  /** An entity that the caller is going to change; undefined when there is none. */
  change(key: string): E | undefined {
    const slot = this.#slots.get(key);
    if (slot && this.#open) this.#writeOnce(key, slot);
    return slot?.entity;
  }

  add(key: string, entity: E): void {
    this.#slots.set(key, { entity, pass: this.#pass });
  }

  /** Forgets the entities for which `isIdle` holds. */
  forget(isIdle: (entity: E) => boolean): void {
    for (const [key, slot] of this.#slots) {
      if (!isIdle(slot.entity)) continue;
      if (this.#open) this.#writeOnce(key, slot);
      this.#slots.delete(key);
    }
  }

  /** Opens a pass over the entities that there are now. Throws while another one is open. */
  openPass(write: WriteEntity<E>): void {
    if (this.#open) throw new Error('a pass is open already');
    this.#pass++;
    this.#open = { write, rest: this.#slots.entries() };
  }

  /** Writes up to `most` entities; returns how many it took from the table. Fewer than `most`: the pass is complete and closed. */
  writeSome(most: number): number {
    if (!this.#open) return 0;
    for (let taken = 0; taken < most; taken++) {
      const next = this.#open.rest.next();
      if (next.done) {
        this.#open = undefined;
        return taken;
      }
      this.#writeOnce(...next.value);
    }
    return most;
  }

  #writeOnce(key: string, slot: Slot<E>): void {
    if (slot.pass === this.#pass) return;
    slot.pass = this.#pass;
    this.#open?.write(key, slot.entity);
  }
}
