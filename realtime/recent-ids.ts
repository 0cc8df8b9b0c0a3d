import { RecentMap } from '@trancendos/platform/keep-recent';

/** The last `capacity` ids that were added; older ones are forgotten. */
export class RecentIds {
  readonly #ids: RecentMap<true>;

  constructor(capacity: number) {
    this.#ids = new RecentMap(capacity);
  }

  /** Adds an id; false when it is among the last ones already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.set(id, true);
    return true;
  }
}
