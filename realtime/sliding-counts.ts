/**
 * Counts of several kinds over the last `slots` slots of `slotMs` milliseconds, the running one included.
 * Exact to one slot; memory and the cost of a reading do not depend on how much was counted.
 */
export class SlidingCounts {
  readonly #slotMs: number;
  readonly #slots: number;
  readonly #kinds: number;
  readonly #counts: Uint32Array;
  readonly #sums: Float64Array;
  /** Number of the newest slot: its start divided by `slotMs`. */
  #newest = 0;

  constructor(options: { readonly slotMs: number; readonly slots: number; readonly kinds: number }) {
    this.#slotMs = options.slotMs;
    this.#slots = options.slots;
    this.#kinds = options.kinds;
    this.#counts = new Uint32Array(options.slots * options.kinds);
    this.#sums = new Float64Array(options.kinds);
  }

  /** Counts one event of a kind, 0-based. An event older than the window is left out. */
  add(atMs: number, kind: number): void {
    const slot = Math.floor(atMs / this.#slotMs);
    this.#advance(slot);
    if (slot <= this.#newest - this.#slots) return;
    const index = (slot % this.#slots) * this.#kinds + kind;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sums[kind] = (this.#sums[kind] ?? 0) + 1;
  }

  /** Counts by kind over the window that ends now. Valid until the next call. */
  read(nowMs: number): Float64Array {
    this.#advance(Math.floor(nowMs / this.#slotMs));
    return this.#sums;
  }

  /** Counts of a kind in each of the last `slots` slots that had ended `ageSlots` slots ago, oldest first. Both together lie in the window. */
  series(nowMs: number, kind: number, { slots, ageSlots }: { readonly slots: number; readonly ageSlots: number }): number[] {
    const running = Math.floor(nowMs / this.#slotMs);
    this.#advance(running);
    const first = running - ageSlots - slots;
    return Array.from({ length: slots }, (_, at) => this.#counts[((first + at) % this.#slots) * this.#kinds + kind] ?? 0);
  }

  #advance(slot: number): void {
    const expiring = Math.min(slot - this.#newest, this.#slots);
    for (let step = 1; step <= expiring; step++) {
      const start = ((slot - expiring + step) % this.#slots) * this.#kinds;
      for (let kind = 0; kind < this.#kinds; kind++) {
        this.#sums[kind] = (this.#sums[kind] ?? 0) - (this.#counts[start + kind] ?? 0);
        this.#counts[start + kind] = 0;
      }
    }
    this.#newest = Math.max(this.#newest, slot);
  }
}
