/** Buckets of every histogram that is kept. Changing a bound would change the meaning of what is stored. */
export const BUCKETS = 20;

/** Upper bounds in milliseconds, dense around the targets for an answer; the last bucket takes what is longer. */
export const LATENCY_BOUNDS_MS = [0.5, 1, 2, 3, 5, 8, 12, 18, 25, 35, 50, 75, 100, 150, 250, 500, 1_000, 2_500, 10_000] as const;

/** Width of a bucket of scores; 1000 itself is in the last one. */
export const SCORE_BUCKET = 50;

/** The bucket, from 0, of a duration in milliseconds. */
export function latencyBucket(durationMs: number): number {
  const place = LATENCY_BOUNDS_MS.findIndex((boundMs) => durationMs <= boundMs);
  return place === -1 ? BUCKETS - 1 : place;
}

/** The bucket, from 0, of a score of 0 to 1000. */
export function scoreBucket(score: number): number {
  return Math.min(BUCKETS - 1, Math.floor(score / SCORE_BUCKET));
}

export function emptyHistogram(): number[] {
  return new Array<number>(BUCKETS).fill(0);
}

/**
 * The duration in milliseconds below which a share of what was counted lies, estimated as if durations were spread evenly within a bucket.
 * Null where nothing was counted; the last bound where it lies above all of them.
 */
export function latencyQuantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [bucket, boundMs] of LATENCY_BOUNDS_MS.entries()) {
    const inside = counts[bucket] ?? 0;
    if (inside > 0 && below + inside >= share * total) {
      const lowerMs = LATENCY_BOUNDS_MS[bucket - 1] ?? 0;
      return Math.round((lowerMs + ((boundMs - lowerMs) * (share * total - below)) / inside) * 100) / 100;
    }
    below += inside;
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null;
}
