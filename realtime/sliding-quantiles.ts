import { SlidingCounts } from './sliding-counts.ts';

const LEAST_MS = 0.05;
/** Each bucket is 2 % wider than the one before, so a quantile is right to 1 %. */
const GROWTH = 1.02;
const BUCKETS = 720;

/** Quantiles of durations over a sliding window, from 0.05 ms to 75 s, by a histogram of geometric buckets. */
export class SlidingQuantiles {
  readonly #counts: SlidingCounts;

  constructor(options: { readonly slotMs: number; readonly slots: number }) {
    this.#counts = new SlidingCounts({ ...options, kinds: BUCKETS });
  }

  add(atMs: number, durationMs: number): void {
    const bucket = Math.ceil(Math.log(Math.max(durationMs, LEAST_MS) / LEAST_MS) / Math.log(GROWTH));
    this.#counts.add(atMs, Math.min(bucket, BUCKETS - 1));
  }

  /** The durations in milliseconds that the given shares (0 to 1) of the window do not exceed; undefined while it is empty. */
  read(nowMs: number, shares: readonly number[]): number[] | undefined {
    const counts = this.#counts.read(nowMs);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) return undefined;
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * total));
      let below = 0;
      const bucket = counts.findIndex((count) => (below += count) >= rank);
      return LEAST_MS * GROWTH ** (bucket - 0.5);
    });
  }
}
