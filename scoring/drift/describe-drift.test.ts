import { describe, expect, test } from '@jest/globals';
import { ActiveDrift } from '@trancendos/contracts/scoring-http';
import { LabelWatch } from '../labels/label-watch.ts';
import { describeDrift } from './describe-drift.ts';
import { PSI_ALARM, type Drift, type DriftReport } from './drift-watch.ts';

const labels = new LabelWatch().report();
const mover = (name: string, psi: number, steady = true): Drift => ({ name, psi, ks: psi / 2, steady });

function report(movers: readonly Drift[], parts: Partial<DriftReport> = {}): DriftReport {
  return { model: 'luminous-3', days: 7, payments: 5_000, judged: true, alarm: false, movers, ...parts };
}

const shown = (drift: DriftReport | null) => ActiveDrift.parse(describeDrift({ drift, labels, parity: null }));

describe('what is said of drift', () => {
  test('is that nothing is watched, that it waits for a full window, that all is quiet, or that something drifts', () => {
    expect(shown(null)).toMatchObject({ state: 'unwatched', model: null, score: null, movers: [] });
    expect(shown(report([], { judged: false, days: 2, payments: 90 }))).toMatchObject({
      state: 'waiting',
      window: { days: 2, days_least: 7, payments: 90, payments_least: 1_000 },
    });
    expect(shown(report([mover('amount', 0.1)]))).toMatchObject({ state: 'quiet', psi_alarm: PSI_ALARM });
    expect(shown(report([mover('amount', 0.4)], { alarm: true })).state).toBe('drifting');
  });

  test('names the score apart, what raises the alarm first, and no more than twenty features', () => {
    const ageing = Array.from({ length: 30 }, (_, place) => mover(`lifetime_${place}`, 2 - place / 100, false));
    const { score, movers } = shown(report([...ageing, mover('amount', 0.4), mover('score', 0.05)], { alarm: true }));
    expect(score).toMatchObject({ name: 'score', psi: 0.05 });
    expect(movers.map(({ name }) => name).slice(0, 2)).toEqual(['amount', 'lifetime_0']);
    expect(movers).toHaveLength(20);
  });

  test('has figures by labels once there are any, without those that would divide by nothing', () => {
    expect(shown(null).mature).toBeNull();
    const known = { ...labels, payments: 300, frauds: 0, auc: NaN, averagePrecision: NaN, alertRecall: NaN, moneyStopped: NaN };
    const { mature } = describeDrift({ drift: null, labels: { ...known, alertPrecision: 0 }, parity: null });
    expect(mature).toMatchObject({ payments: 300, auc: null, alert_precision: 0, alert_recall: null });
  });

  test('tells the last replay as a share, and none of nothing', () => {
    const parityOf = (compared: number, equal: number) =>
      ActiveDrift.parse(describeDrift({ drift: null, labels, parity: { at: '2026-11-26T10:00:00.000Z', compared, equal, mismatch: null } }))
        .parity;
    expect(parityOf(200, 199)).toMatchObject({ ratio: 0.995 });
    expect(parityOf(0, 0)).toMatchObject({ ratio: null });
  });
});
