/** No place. */
const NONE = -1;

/**
 * A map of at most `capacity` entries: the oldest one makes room for a new one. Setting an entry again leaves it its place.
 *
 * Its entries are linked, so that the oldest is at hand. The front of a plain map is not: an iterator that begins there walks over the holes
 * of all that have gone since the map was last laid out, 120 us where half a million entries have let 250,000 go; and one that is kept holds on
 * to every layout that there was since it was last moved, with all that was in it.
 *
 * Values stand in places that are emptied when they go, and the plain map inside knows the places alone. V8 lays a map out anew every so many
 * changes, and what was its layout leads to the next one with all that was in that at the time. Once one of them has grown old it is found to be
 * gone by the rare full collections only, and until then nothing dies young that was in any later one: in ingest 4 KB for each payment.
 */
export class RecentMap<Value, Name extends string | number = string> {
  readonly #capacity: number;
  readonly #places = new Map<Name, number>();
  readonly #names: (Name | undefined)[] = [];
  readonly #values: (Value | undefined)[] = [];
  /** Of each place the ones beside it, by age; of a free one `newer` is the next free one. */
  readonly #older: number[] = [];
  readonly #newer: number[] = [];
  #oldest = NONE;
  #newest = NONE;
  #free = NONE;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#places.size;
  }

  get(name: Name): Value | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.#values[place];
  }

  has(name: Name): boolean {
    return this.#places.has(name);
  }

  set(name: Name, value: Value): void {
    const known = this.#places.get(name);
    if (known !== undefined) {
      this.#values[known] = value;
      return;
    }
    const place = this.#takePlace();
    this.#names[place] = name;
    this.#values[place] = value;
    this.#older[place] = this.#newest;
    this.#newer[place] = NONE;
    if (this.#newest === NONE) this.#oldest = place;
    else this.#newer[this.#newest] = place;
    this.#newest = place;
    this.#places.set(name, place);
    if (this.#places.size > this.#capacity) this.deleteOldest();
  }

  delete(name: Name): boolean {
    const place = this.#places.get(name);
    if (place === undefined) return false;
    this.#places.delete(name);
    const [older = NONE, newer = NONE] = [this.#older[place], this.#newer[place]];
    if (older === NONE) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
    this.#names[place] = this.#values[place] = undefined;
    this.#newer[place] = this.#free;
    this.#free = place;
    return true;
  }

  clear(): void {
    this.#places.clear();
    for (const column of [this.#names, this.#values, this.#older, this.#newer]) column.length = 0;
    this.#oldest = this.#newest = this.#free = NONE;
  }

  /** The value that was added first, of those that are there. */
  oldest(): Value | undefined {
    return this.#values[this.#oldest];
  }

  deleteOldest(): void {
    const name = this.#names[this.#oldest];
    if (name !== undefined) this.delete(name);
  }

  #takePlace(): number {
    const place = this.#free;
    if (place === NONE) return this.#values.length;
    this.#free = this.#newer[place] ?? NONE;
    return place;
  }
}
