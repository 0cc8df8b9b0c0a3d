interface Entry<Value> {
  readonly name: string;
  value: Value;
  older: Entry<Value> | undefined;
  newer: Entry<Value> | undefined;
}

/**
 * A map of at most `capacity` entries: the oldest one makes room for a new one. Setting an entry again leaves it its place.
 *
 * Its entries are linked, so that the oldest is at hand. The front of a plain map is not: an iterator that begins there walks over the holes
 * of all that have gone since the map was last laid out, 120 us where half a million entries have let 250,000 go; and one that is kept holds on
 * to every layout that there was since it was last moved, with all that was in it.
 */
export class RecentMap<Value> {
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry<Value>>();
  #oldest: Entry<Value> | undefined;
  #newest: Entry<Value> | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(name: string): Value | undefined {
    return this.#entries.get(name)?.value;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  set(name: string, value: Value): void {
    const known = this.#entries.get(name);
    if (known) {
      known.value = value;
      return;
    }
    const entry: Entry<Value> = { name, value, older: this.#newest, newer: undefined };
    if (this.#newest) this.#newest.newer = entry;
    else this.#oldest = entry;
    this.#newest = entry;
    this.#entries.set(name, entry);
    if (this.#entries.size > this.#capacity) this.deleteOldest();
  }

  delete(name: string): boolean {
    const entry = this.#entries.get(name);
    if (!entry) return false;
    this.#entries.delete(name);
    if (entry.older) entry.older.newer = entry.newer;
    else this.#oldest = entry.newer;
    if (entry.newer) entry.newer.older = entry.older;
    else this.#newest = entry.older;
    return true;
  }

  clear(): void {
    this.#entries.clear();
    this.#oldest = this.#newest = undefined;
  }

  /** The value that was added first, of those that are there. */
  oldest(): Value | undefined {
    return this.#oldest?.value;
  }

  deleteOldest(): void {
    if (this.#oldest) this.delete(this.#oldest.name);
  }
}
