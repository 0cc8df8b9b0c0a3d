import type { FeedTotals, RoomCounts } from '@trancendos/contracts/socket';

/** Points of a line: two minutes, one a second. */
export const RATE_POINTS = 120;
const POINT_MS = 1_000;

/** Rates a second over the last two minutes, oldest first: of all outcomes, and of the decisions that fit the filter. */
export class RateSeries {
  readonly throughput: number[] = [];
  readonly decisions: Record<keyof RoomCounts, number[]> = { approve: [], review: [], decline: [] };
  #counted: RoomCounts | undefined;
  #atMs = Number.NEGATIVE_INFINITY;

  /** Counts begin anew with a room; the lines go on. */
  beginRoom(): void {
    this.#counted = undefined;
  }

  receive(totals: FeedTotals, counts: RoomCounts, nowMs: number): void {
    const elapsedMs = nowMs - this.#atMs;
    if (this.#counted && elapsedMs < POINT_MS) return;
    if (elapsedMs >= POINT_MS) {
      push(this.throughput, totals.per_second);
      const before = this.#counted;
      for (const action of ['approve', 'review', 'decline'] as const)
        push(this.decisions[action], before ? Math.max(0, ((counts[action] - before[action]) * 1_000) / elapsedMs) : 0);
      this.#atMs = nowMs;
    }
    this.#counted = counts;
  }
}

function push(points: number[], value: number): void {
  points.push(value);
  if (points.length > RATE_POINTS) points.shift();
}
