import { z } from 'zod';

/** How the values of one feature, or the score, are spread: shares of the bins (.., e0], (e0, e1], ..., (e_last, ..). */
export const Spread = z
  .strictObject({ edges: z.array(z.number()).min(1).max(40), shares: z.array(z.number().min(0).max(1)) })
  .refine(({ edges, shares }) => shares.length === edges.length + 1, 'one share more than edges');
export type Spread = z.infer<typeof Spread>;

/** `steady`: hardly moved within the reference itself. What grows with the age of the data, such as counts over a lifetime, is not. */
const WatchedSpread = z.strictObject({ ...Spread.shape, steady: z.boolean() });
export type WatchedSpread = z.infer<typeof WatchedSpread>;

/** `reference.json` of a model version: what traffic looked like when it was trained. Drift is measured against it, without labels. */
export const Reference = z.strictObject({
  /** Of the manifest of the version that it belongs to. */
  manifest_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  from: z.iso.date(),
  to: z.iso.date(),
  rows: z.int().min(1),
  /** Per feature that the version reads. */
  features: z.record(z.string(), WatchedSpread),
  score: WatchedSpread,
});
export type Reference = z.infer<typeof Reference>;

const BINS = 10;
/** A share of nothing counts as this much, so that an empty bin gives a large distance and not an infinite one. */
const SHARE_LEAST = 1e-4;
const STEADY_INDEX_MOST = 0.1;

/** The spread of values in the order of time, and whether the last quarter is spread like the first. */
export function measureWatched(values: Float64Array): WatchedSpread {
  const quarter = values.length >> 2;
  const early = values.slice(0, quarter);
  const late = values.slice(values.length - quarter);
  const spread = measureSpread(Float64Array.from(values));
  return { ...spread, steady: stabilityIndex(sharesOf(spread.edges, early), sharesOf(spread.edges, late)) < STEADY_INDEX_MOST };
}

/** Cuts values into at most ten bins of about equal shares; equal values stay together. Reorders `values`. */
export function measureSpread(values: Float64Array): Spread {
  const sorted = values.sort();
  const highest = sorted.at(-1) ?? 0;
  const quantiles = Array.from({ length: BINS - 1 }, (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / BINS)] ?? 0);
  const inner = [...new Set(quantiles)].filter((edge) => edge < highest);
  const edges = inner.length > 0 ? inner : [highest];
  return { edges, shares: sharesOf(edges, sorted) };
}

function sharesOf(edges: readonly number[], values: Float64Array): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const bin = binOf(edges, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / Math.max(1, values.length));
}

/** The bin of a value: the first whose upper edge it does not exceed. */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Population stability index of `shares` against `reference`, bin by bin: the sum of (a - b) ln(a / b). Below 0.1 nothing has changed that
 * matters, above 0.25 something has (Siddiqi, "Credit Risk Scorecards", 2006).
 */
export function stabilityIndex(reference: readonly number[], shares: readonly number[]): number {
  let index = 0;
  reference.forEach((share, bin) => {
    const wanted = Math.max(share, SHARE_LEAST);
    const seen = Math.max(shares[bin] ?? 0, SHARE_LEAST);
    index += (seen - wanted) * Math.log(seen / wanted);
  });
  return index;
}

/** Kolmogorov and Smirnov's distance of two spreads over the same bins: the largest difference of their cumulated shares. */
export function largestGap(reference: readonly number[], shares: readonly number[]): number {
  let gap = 0;
  let sum = 0;
  reference.forEach((share, bin) => {
    sum += (shares[bin] ?? 0) - share;
    gap = Math.max(gap, Math.abs(sum));
  });
  return gap;
}
