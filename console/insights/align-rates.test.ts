import { INSIGHT_STEPS_MS } from '@trancendos/contracts/insight-steps';
import { describe, expect, test } from '@jest/globals';
import { type InsightPoint, type Insights, type InsightStep } from '@trancendos/contracts/archive';
import { alignRates } from './align-rates.ts';

const NOTHING = { degraded: 0, fallbacks: 0, fraud: 0, genuine: 0, false_positives: 0, frauds_stopped: 0 };

function point(at: string, counts: Partial<InsightPoint> = {}): InsightPoint {
  return { at: `2026-11-26T${at}.000Z`, decisions: 10, approve: 8, review: 1, decline: 1, ...NOTHING, ...counts };
}

function insights([from, to]: [string, string], series: InsightPoint[], step: InsightStep = '5m'): Insights {
  return { from: `2026-11-26T${from}.000Z`, to: `2026-11-26T${to}.000Z`, step, series } as unknown as Insights;
}

const clockOf = ({ atMs }: { atMs: number }) => new Date(atMs).toISOString().slice(11, 16);

describe('a rate over time', () => {
  test('stands at every step, also where nothing was decided, beside the same step of the time before', () => {
    const now = insights(['10:00:00', '10:20:00'], [point('10:00:00'), point('10:15:00', { decisions: 4, approve: 4 })]);
    const before = insights(['09:40:00', '10:00:00'], [point('09:45:00', { approve: 5 }), point('09:55:00', { approve: 10 })]);
    expect(alignRates(now, before, 'approval').map((row) => [clockOf(row), row.value, row.before])).toEqual([
      ['10:00', 80, null],
      ['10:05', null, 50],
      ['10:10', null, null],
      ['10:15', 100, 100],
    ]);
  });

  test('begins with a step that is cut short by the time itself, and the time before is cut at the same place', () => {
    const now = insights(['10:03:00', '10:11:00'], [point('10:03:00'), point('10:10:00')]);
    const before = insights(['09:53:00', '10:01:00'], [point('09:50:00', { approve: 5 }), point('10:00:00', { approve: 6 })]);
    expect(alignRates(now, before, 'approval').map((row) => [clockOf(row), row.value, row.before])).toEqual([
      ['10:03', 80, 50],
      ['10:05', null, null],
      ['10:10', 80, 60],
    ]);
  });

  test('has nothing beside it where the time before is not known, or is known in other steps', () => {
    const now = insights(['10:00:00', '10:05:00'], [point('10:00:00')]);
    const hourly = insights(['09:00:00', '10:00:00'], [point('09:00:00')], '1h');
    expect(alignRates(now, undefined, 'review')).toMatchObject([{ value: 10, before: null }]);
    expect(alignRates(now, hourly, 'review')).toMatchObject([{ value: 10, before: null }]);
  });

  test('of false positives is a share of what was stopped and is labelled, and none where nothing is', () => {
    const series = [point('10:00:00', { false_positives: 3, frauds_stopped: 1 }), point('10:05:00')];
    expect(alignRates(insights(['10:00:00', '10:10:00'], series), undefined, 'falsePositives').map(({ value }) => value)).toEqual([
      75,
      null,
    ]);
  });

  test('knows every step that the archive draws in', () => {
    for (const [step, stepMs] of Object.entries(INSIGHT_STEPS_MS)) {
      const to = new Date(Date.UTC(2026, 10, 26) + 2 * stepMs).toISOString();
      const two = { from: '2026-11-26T00:00:00.000Z', to, step, series: [] } as unknown as Insights;
      expect(alignRates(two, undefined, 'fraud')).toHaveLength(2);
    }
  });
});
