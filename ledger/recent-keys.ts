/**
 * The keys that were added last: at least half of `capacity` of them, and never more than `capacity`.
 *
 * Kept in two generations, of which the older is forgotten at once: taking single keys from the front of a large Set leaves holes that
 * every look at its front has to walk over.
 */
export class RecentKeys {
  readonly #generationMax: number;
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(capacity: number) {
    this.#generationMax = Math.max(1, Math.floor(capacity / 2));
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  add(key: string): void {
    if (this.#young.size >= this.#generationMax) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(key);
  }
}
