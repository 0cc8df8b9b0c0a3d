import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FeedCounters } from './feed-counters.ts';
import type { Outcome } from '@trancendos/contracts/outcome';
import { sampleEntry } from './sample-outcome.ts';
import { SlidingCounts } from './sliding-counts.ts';
import { SlidingQuantiles } from './sliding-quantiles.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const count = (counters: FeedCounters, seq: number, changes: Partial<Outcome>) => {
  const { row, committedAtMs } = sampleEntry(seq, changes);
  counters.count(row, committedAtMs, NOW);
};
const at = (ageMs: number) => ({ committed_at: new Date(NOW - ageMs).toISOString() });

describe('counts over a sliding window', () => {
  test('equal a count of the events in it, whatever order they come in', () => {
    const events = fc.array(fc.record({ atMs: fc.integer({ min: 0, max: 5_000 }), kind: fc.integer({ min: 0, max: 2 }) }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(events, fc.integer({ min: 5_000, max: 7_000 }), (given, nowMs) => {
        const counts = new SlidingCounts({ slotMs: 100, slots: 10, kinds: 3 });
        for (const { atMs, kind } of given) counts.add(atMs, kind);
        const newestSlot = Math.floor(nowMs / 100);
        const expected = [0, 1, 2].map(
          (kind) => given.filter((event) => event.kind === kind && Math.floor(event.atMs / 100) > newestSlot - 10).length,
        );
        expect([...counts.read(nowMs)]).toEqual(expected);
      }),
    );
  });
});

describe('quantiles over a sliding window', () => {
  test('are right to one per cent', () => {
    const durations = fc.array(fc.double({ min: 0.1, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.9, 0.99), (given, share) => {
        const quantiles = new SlidingQuantiles({ slotMs: 1_000, slots: 60 });
        for (const duration of given) quantiles.add(NOW, duration);
        const exact = [...given].sort((a, b) => a - b)[Math.max(1, Math.ceil(share * given.length)) - 1]!;
        const [estimate] = quantiles.read(NOW, [share])!;
        expect(Math.abs(estimate! / exact - 1)).toBeLessThan(0.0101);
      }),
    );
  });

  test('forget what is older than the window', () => {
    const quantiles = new SlidingQuantiles({ slotMs: 1_000, slots: 60 });
    quantiles.add(NOW - 61_000, 900);
    expect(quantiles.read(NOW, [0.5])).toBeUndefined();
    quantiles.add(NOW, 10);
    expect(quantiles.read(NOW, [0.99])![0]).toBeCloseTo(10, 0);
  });
});

describe('the figures of the feed', () => {
  test('tell rate, mix and answer time of what was committed lately, and how much there was in all', () => {
    const counters = new FeedCounters();
    for (let i = 0; i < 400; i++) {
      const action = i % 20 === 0 ? 'decline' : i % 10 === 0 ? 'review' : 'approve';
      count(counters, i + 1, { ...at(i * 50), action, timings_ms: { ingest: 4, ledger: 6 } });
    }
    const { outcomes, per_second, last_5_min, answer_ms } = counters.read(NOW);
    expect({ outcomes, last_5_min }).toEqual({ outcomes: 400, last_5_min: { approve: 360, review: 20, decline: 20 } });
    expect(per_second).toBeCloseTo(20, 0);
    expect(answer_ms!.p50).toBeCloseTo(10, 0);
  });

  test('do not take what is read again at the start for a burst', () => {
    const counters = new FeedCounters();
    for (let i = 0; i < 200; i++) count(counters, i + 1, at(600_000 + i));
    expect(counters.read(NOW)).toEqual({
      outcomes: 200,
      per_second: 0,
      last_5_min: { approve: 0, review: 0, decline: 0 },
      last_second: { approve: 0, review: 0, decline: 0 },
      answer_ms: null,
    });
  });

  test('tell two minutes second by second, without the seconds that are still coming in', () => {
    const counters = new FeedCounters();
    for (let second = 0; second < 122; second++)
      for (let each = 0; each <= second; each++) count(counters, second * 300 + each, { ...at(second * 1_000 + 500), action: 'review' });
    const { last_second, last_2_min } = counters.read(NOW, true);
    expect(last_second).toEqual({ approve: 0, review: 2, decline: 0 });
    expect(last_2_min!.review).toEqual(Array.from({ length: 120 }, (_, index) => 121 - index));
    expect(last_2_min!.decline).toEqual(Array<number>(120).fill(0));
  });

  test('measure a rate over the time that there was to measure', () => {
    const counters = new FeedCounters();
    for (let i = 0; i < 100; i++) count(counters, i + 1, at(i * 20));
    expect(counters.read(NOW).per_second).toBeGreaterThan(45);
  });

  test('take an outcome from a clock that is ahead for present', () => {
    const counters = new FeedCounters();
    count(counters, 1, at(-60_000));
    expect(counters.read(NOW).last_5_min.approve).toBe(1);
  });
});
