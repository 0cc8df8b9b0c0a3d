import type { TrafficRow } from './traffic-rows.ts';

/** Labels on their way: told to the platform once the simulated clock has come to the moment at which they become known. */
export class DueLabels {
  /** By the time at which they become known; rows come in order and their delay is nearly the same, so the place is near the end. */
  readonly #waiting: TrafficRow[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /**
   * Remembers that `row` will be labelled. Frauds only: who is defrauded complains, who is not says nothing, and features count a
   * transaction that nobody complains about as genuine.
   */
  add(row: TrafficRow): void {
    if (!row.fraud) return;
    let place = this.#waiting.length;
    while (place > 0 && (this.#waiting[place - 1]?.labelKnownAtMs ?? 0) > row.labelKnownAtMs) place--;
    this.#waiting.splice(place, 0, row);
  }

  /** Those that are known by `simulatedMs`; they are forgotten here. */
  take(simulatedMs: number): TrafficRow[] {
    const end = this.#waiting.findIndex((row) => row.labelKnownAtMs > simulatedMs);
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }
}
