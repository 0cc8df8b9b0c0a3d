/** The last `capacity` ids that were added; older ones are forgotten. */
export class RecentIds {
  readonly #capacity: number;
  /** In the order of their adding. */
  readonly #ids = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds an id; false when it is among the last ones already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    const [oldest] = this.#ids.size > this.#capacity ? this.#ids : [];
    if (oldest !== undefined) this.#ids.delete(oldest);
    return true;
  }
}
