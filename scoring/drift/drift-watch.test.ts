import { beforeAll, describe, expect, test } from '@jest/globals';
import { largestGap, measureWatched, stabilityIndex, type Reference } from '@trancendos/models/describe-reference';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';
import { DAY_MS, LABEL_DELAY_DAYS } from '@trancendos/models/features/feature-windows';
import { FEATURES } from '@trancendos/models/features/declare-features';
import { SAMPLE_BELIEFS } from '@trancendos/models/features/sample-beliefs';
import { simulateWorld } from '@trancendos/models/simulator/simulate-world';
import type { WorldInput } from '@trancendos/models/simulator/world';
import { DriftWatch, PSI_ALARM } from './drift-watch.ts';

const SMALL: WorldInput = {
  customers: 250,
  terminals: 300,
  radius: 20,
  days: 70,
  compromisedTerminalsPerDay: 1,
  compromisedCustomersPerDay: 1,
};
const FIRST_DAY = 42;

interface Row {
  readonly day: number;
  readonly timeMs: number;
  readonly vector: Float64Array;
}

/** The vectors of a simulated world from `FIRST_DAY` on; `change` may alter an amount, in minor units. */
function vectorsOf(input: WorldInput, change: (amountMinor: number, day: number) => number = (amount) => amount): Row[] {
  const world = simulateWorld(input);
  const kernel = new FeatureKernel(SAMPLE_BELIEFS);
  const rows: Row[] = [];
  for (let row = 0; row < world.count; row++) {
    const timeMs = world.options.startMs + (world.timeS[row] ?? 0) * 1000;
    const day = Math.floor((timeMs - world.options.startMs) / DAY_MS);
    const amountThousandths = Math.round(change(world.amountMinor[row] ?? 0, day)) * 10;
    const event = { subject: `C${world.customer[row]}`, terminal: `T${world.terminal[row]}`, id: `t${row}`, timeMs, amountThousandths };
    kernel.fold(event, { fraud: world.scenario[row] !== 0, countsFromMs: timeMs + LABEL_DELAY_DAYS * DAY_MS });
    if (day < FIRST_DAY) continue;
    const vector = new Float64Array(FEATURE_COUNT);
    kernel.read(event, vector);
    rows.push({ day, timeMs, vector });
  }
  return rows;
}

/** Tenths of the amount stand for a score. */
const scoreOf = (vector: Float64Array) => Math.min(1000, Math.round((vector[0] ?? 0) / 2));

let quiet: Row[];
let reference: Reference;

beforeAll(() => {
  quiet = vectorsOf(SMALL);
  const fit = quiet.filter(({ day }) => day < 56);
  const spreadOf = (value: (row: Row) => number) => measureWatched(Float64Array.from(fit, value));
  reference = {
    manifest_sha256: '0'.repeat(64),
    from: '2018-04-29',
    to: '2018-05-13',
    rows: fit.length,
    features: Object.fromEntries(FEATURES.map(({ name }, column) => [name, spreadOf(({ vector }) => vector[column] ?? NaN)])),
    score: spreadOf(({ vector }) => scoreOf(vector)),
  };
}, 60_000);

function watch(rows: readonly Row[], days: readonly [from: number, to: number]): DriftWatch {
  const drift = new DriftWatch('luminous-1@abcdef', reference);
  for (const { day, timeMs, vector } of rows) if (day >= days[0] && day < days[1]) drift.note(vector, scoreOf(vector), timeMs);
  return drift;
}

describe('drift', () => {
  test('is silent on quiet weeks', () => {
    for (const days of [
      [56, 63],
      [63, 70],
      [59, 66],
    ] as const) {
      const report = watch(quiet, days).report();
      expect(report).toMatchObject({ judged: true, alarm: false, days: 7 });
      expect(report.movers.filter(({ steady }) => steady)[0]?.psi).toBeLessThan(PSI_ALARM);
    }
  });

  test('is heard where amounts rise, and the amounts are named first', () => {
    const risen = vectorsOf(SMALL, (amount, day) => (day >= 63 ? amount * 2 : amount));
    const report = watch(risen, [63, 70]).report();
    expect(report.alarm).toBe(true);
    const moved = report.movers.filter(({ psi }) => psi > PSI_ALARM).map(({ name }) => name);
    expect(moved).toContain('tx_amount');
    expect(moved).toContain('score');
    expect(moved).toContain('customer_amount_to_usual');
    expect(moved.filter((name) => name.startsWith('terminal_id') || name.startsWith('tx_during'))).toEqual([]);
  });

  test('is heard where terminals stay compromised for longer', () => {
    const longer = vectorsOf({ ...SMALL, terminalSpellDays: 56, compromisedTerminalsPerDay: 20 });
    const report = watch(longer, [63, 70]).report();
    expect(report.alarm).toBe(true);
    const moved = report.movers.filter(({ psi }) => psi > PSI_ALARM).map(({ name }) => name);
    expect(moved).toContain('terminal_id_risk_30day_window');
  });

  test('is not judged before a whole week is there, nor on a handful of payments', () => {
    expect(watch(quiet, [56, 59]).report()).toMatchObject({ judged: false, alarm: false, days: 3 });
    expect(
      watch(
        quiet.filter((_, index) => index % 100 === 0),
        [56, 63],
      ).report(),
    ).toMatchObject({ judged: false, days: 7 });
  });

  test('is that of the last week only', () => {
    const risen = vectorsOf(SMALL, (amount, day) => (day < 63 ? amount * 2 : amount));
    expect(watch(risen, [56, 63]).report().alarm).toBe(true);
    const report = watch(risen, [56, 70]).report();
    expect(report.movers.find(({ name }) => name === 'tx_amount')?.psi).toBeLessThan(PSI_ALARM);
    expect(report.payments).toBe(risen.filter(({ day }) => day >= 63).length);
  });
});

describe('the distances', () => {
  test('are none between equal spreads, and grow with the difference', () => {
    expect([stabilityIndex([0.5, 0.5], [0.5, 0.5]), largestGap([0.5, 0.5], [0.5, 0.5])]).toEqual([0, 0]);
    expect(stabilityIndex([0.5, 0.5], [0.7, 0.3])).toBeCloseTo(0.2 * Math.log(0.7 / 0.5) - 0.2 * Math.log(0.3 / 0.5), 10);
    expect(largestGap([0.2, 0.3, 0.5], [0.5, 0.3, 0.2])).toBeCloseTo(0.3, 10);
  });

  test('are finite where a bin is empty', () => {
    expect(stabilityIndex([0.5, 0.5], [1, 0])).toBeGreaterThan(PSI_ALARM);
    expect(Number.isFinite(stabilityIndex([1, 0], [0, 1]))).toBe(true);
  });
});
