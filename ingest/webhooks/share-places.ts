/** Most deliveries to quick endpoints under way at a time. */
const QUICK_MAX = 200;
/** Of those to slow ones, which have places of their own. */
const SLOW_MAX = 100;
/** An endpoint whose last answer took longer, or whose oldest delivery waits longer, is slow. */
const SLOW_MS = 2_000;

/** A delivery under way. */
export interface Place {
  readonly endpointId: string;
  readonly sinceMs: number;
}

/**
 * Shares out the places for deliveries, so that however many endpoints hang or take their time, they fill their own places and the quick ones
 * go on. Times in milliseconds since the epoch.
 */
export class PlaceSharer {
  readonly #taken = new Map<string, Set<Place>>();
  readonly #wereSlow = new Set<string>();

  take(endpointId: string, nowMs: number): Place {
    const place = { endpointId, sinceMs: nowMs };
    const places = this.#taken.get(endpointId) ?? new Set();
    this.#taken.set(endpointId, places.add(place));
    return place;
  }

  leave(place: Place, nowMs: number): void {
    const { endpointId, sinceMs } = place;
    const places = this.#taken.get(endpointId);
    places?.delete(place);
    if (places?.size === 0) this.#taken.delete(endpointId);
    if (nowMs - sinceMs > SLOW_MS) this.#wereSlow.add(endpointId);
    else this.#wereSlow.delete(endpointId);
  }

  /** How many deliveries to quick endpoints may be begun. */
  left(nowMs: number): number {
    return QUICK_MAX - this.#count((id) => !this.#isSlow(id, nowMs));
  }

  /** Endpoints that may begin no more for now: those without room for `step` more, and all slow ones while these fill their places. */
  full(nowMs: number, step: number, roomOf: (endpointId: string) => number): string[] {
    const full = [...this.#taken].filter(([id, places]) => places.size + step > (this.#isSlow(id, nowMs) ? step : roomOf(id)));
    const isSlowFull = this.#count((id) => this.#isSlow(id, nowMs)) >= SLOW_MAX;
    return [...full.map(([id]) => id), ...(isSlowFull ? this.#wereSlow : [])];
  }

  #isSlow(endpointId: string, nowMs: number): boolean {
    if (this.#wereSlow.has(endpointId)) return true;
    const [oldest] = this.#taken.get(endpointId) ?? [];
    return oldest !== undefined && nowMs - oldest.sinceMs > SLOW_MS;
  }

  #count(counts: (endpointId: string) => boolean): number {
    return [...this.#taken].reduce((sum, [id, places]) => sum + (counts(id) ? places.size : 0), 0);
  }
}
