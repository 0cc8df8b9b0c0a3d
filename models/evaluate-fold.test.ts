import { describe, expect, test } from '@jest/globals';
import type { Examples } from './collect-examples.ts';
import { FEATURE_COUNT } from './features/declare-features.ts';
import { fitLogisticRegression, logisticLogits } from './fit-logistic-regression.ts';
import { measureFold } from './measure-fold.ts';
import { NumpyRandom } from './simulator/draw-numpy.ts';
import { scoreWithBoostedTrees } from './train-boosted-trees.ts';

function drawTest(rows: number, fraud: (row: number) => number): Examples {
  return {
    count: rows,
    features: new Float64Array(rows * FEATURE_COUNT),
    fraud: Uint8Array.from({ length: rows }, (_, row) => fraud(row)),
    day: Uint32Array.from({ length: rows }, (_, row) => 17_000 + (row % 7)),
    customer: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / 10)),
    scenario: Uint8Array.from({ length: rows }, (_, row) => fraud(row) * (1 + (row % 3))),
  };
}

describe('the measures of a fold', () => {
  const drawn = drawTest(4_000, (row) => (row % 200 === 0 ? 1 : 0));

  test('are perfect for a perfect ranking, and its interval is one point', () => {
    const metrics = measureFold(drawn, Float64Array.from(drawn.fraud));
    expect(metrics).toMatchObject({ auc: 1, ap: 1, precision_at_half_percent: 1, recall_at_half_percent: 1, tpr_at_0_1_percent_fpr: 1 });
    expect([metrics.ap_low, metrics.ap_high, metrics.recall_stolen_card]).toEqual([1, 1, 1]);
  });

  test('have an interval around the average precision, the same on every run', () => {
    const random = new NumpyRandom(1);
    const scores = Float64Array.from(drawn.fraud, (fraud) => 0.3 * fraud + random.uniform(0, 0.7));
    const metrics = measureFold(drawn, scores);
    expect(metrics.ap_low).toBeLessThan(metrics.ap);
    expect(metrics.ap_high).toBeGreaterThan(metrics.ap);
    expect(measureFold(drawn, scores)).toEqual(metrics);
  });
});

describe('the baselines', () => {
  const random = new NumpyRandom(2);
  const values = Float64Array.from({ length: 2 * 3_000 }, () => random.normal(0, 1));
  const fraud = Uint8Array.from({ length: 3_000 }, (_, row) =>
    random.uniform(0, 1) < 1 / (1 + Math.exp(-(1.5 * values[2 * row]! - 2 * values[2 * row + 1]! - 1))) ? 1 : 0,
  );

  test('logistic regression finds the weights that made the data', () => {
    const weights = fitLogisticRegression(Float32Array.from(values), fraud, 2);
    expect(weights[0]).toBeCloseTo(1.5, 0);
    expect(weights[1]).toBeCloseTo(-2, 0);
    expect(weights[2]).toBeCloseTo(-1, 0);
    expect(logisticLogits(weights, Float32Array.of(0, 0))[0]).toBe(weights[2]);
  });

  test('boosted trees give the probability of fraud, not that of its contrary', async () => {
    const rows = { values, fraud, width: 2 };
    const probability = await scoreWithBoostedTrees(rows, { values: Float64Array.of(2, -2, -2, 2), fraud: Uint8Array.of(1, 0), width: 2 });
    expect(probability[0]).toBeGreaterThan(0.8);
    expect(probability[1]).toBeLessThan(0.2);
  });
});
