import { describe, expect, test } from '@jest/globals';
import { RATE_POINTS, RateSeries, shareOf, throughputOf } from './rate-series.ts';
import { sampleTotals } from './sample-feed.ts';

const second = (approve: number, review = 0, decline = 0) => ({ ...sampleTotals(0), last_second: { approve, review, decline } });
const fill = (value: number) => Array<number>(RATE_POINTS).fill(value);

describe('the lines over the feed', () => {
  test('are whole from the first snapshot on, where the gateway tells what was before', () => {
    const series = new RateSeries();
    series.receive({ ...sampleTotals(0), last_2_min: { approve: fill(6), review: fill(3), decline: fill(1) } }, 0);
    expect([throughputOf(series.seconds).length, throughputOf(series.seconds)[0], throughputOf(series.seconds).at(-1)]).toEqual([
      RATE_POINTS,
      10,
      10,
    ]);
    expect([shareOf('review', series.seconds)[0], shareOf('decline', series.seconds).at(-1)]).toEqual([0.3, 0.1]);
  });

  test('get a point a second, each the mean over ten, and keep two minutes', () => {
    const series = new RateSeries();
    const lists = new Set();
    for (let atMs = 0; atMs <= 300_000; atMs += 100) {
      series.receive(second(atMs >= 295_500 ? 20 : 10), atMs);
      lists.add(series.seconds);
    }
    expect([throughputOf(series.seconds).length, lists.size]).toEqual([RATE_POINTS, 301]);
    expect(throughputOf(series.seconds).slice(-6)).toEqual([10, 11, 12, 13, 14, 15]);
  });

  test('are flat in a silence, and estimated where the gateway tells its mean rate only', () => {
    const series = new RateSeries();
    series.receive(second(0), 0);
    expect(shareOf('decline', series.seconds)).toEqual([0]);
    series.receive({ ...sampleTotals(0), per_second: 8, last_5_min: { approve: 2, review: 1, decline: 1 } }, 1_000);
    expect(throughputOf(series.seconds)).toEqual([0, 4]);
  });
});
