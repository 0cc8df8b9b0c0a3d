import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BUCKETS, emptyHistogram, LATENCY_BOUNDS_MS, latencyBucket, latencyQuantile, scoreBucket } from './histogram.ts';

const histogramOf = (durationsMs: readonly number[]) => {
  const counts = emptyHistogram();
  for (const durationMs of durationsMs) counts[latencyBucket(durationMs)]! += 1;
  return counts;
};

describe('a quantile of durations', () => {
  test('lies in the bucket in which the true one lies', () => {
    const durations = fc.array(fc.double({ min: 0, max: 9_999, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.9, 0.99), (given, share) => {
        const sorted = given.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
        const bucket = latencyBucket(exact);
        const estimate = latencyQuantile(histogramOf(given), share);
        expect(estimate).toBeGreaterThanOrEqual((LATENCY_BOUNDS_MS[bucket - 1] ?? 0) - 0.01);
        expect(estimate).toBeLessThanOrEqual((LATENCY_BOUNDS_MS[bucket] ?? NaN) + 0.01);
      }),
    );
  });

  test('is unknown where nothing was measured, and the last bound where it is longer', () => {
    expect(latencyQuantile(emptyHistogram(), 0.5)).toBeNull();
    expect(latencyQuantile(histogramOf([20_000]), 0.5)).toBe(10_000);
  });
});

test('there are as many buckets as the tables keep, and every value has one', () => {
  expect([LATENCY_BOUNDS_MS.length + 1, emptyHistogram().length]).toEqual([BUCKETS, BUCKETS]);
  expect([0, 49, 50, 999, 1_000].map(scoreBucket)).toEqual([0, 0, 1, 19, 19]);
  expect([0, 0.5, 0.51, 10_000, 1e9].map(latencyBucket)).toEqual([0, 0, 1, 18, 19]);
});
