import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitCalibration, probabilityOf } from './calibrate-scores.ts';
import { chooseThresholds } from './choose-thresholds.ts';
import { measureScores } from './measure-scores.ts';
import { NumpyRandom } from './simulator/draw-numpy.ts';
import { fitTransform, transformFeatures } from './transform-features.ts';

const scored = (probability: number[], fraud: number[], day?: number[]) => ({
  probability,
  fraud,
  customer: fraud.map((_, row) => `C${row}`),
  day: day ?? fraud.map(() => 0),
});

describe('metrics', () => {
  test('are those of the textbook on a ranking of six', () => {
    const { auc, average_precision } = measureScores(scored([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [1, 0, 1, 0, 0, 0]));
    expect(auc).toBeCloseTo(7 / 8, 12);
    expect(average_precision).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  test('take rows of equal score together, in whatever order they come', () => {
    const { auc, average_precision } = measureScores(scored([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 1]));
    expect(auc).toBe(0.5);
    expect(average_precision).toBe(0.5);
  });

  test('equal counting pairs', () => {
    const row = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (drawn) => {
        const rows: [number, number][] = [...drawn, [5, 0], [5, 1]];
        const frauds = rows.filter(([, fraud]) => fraud === 1);
        const genuine = rows.filter(([, fraud]) => fraud === 0);
        const wins = frauds.flatMap(([a]) => genuine.map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const { auc } = measureScores(
          scored(
            rows.map(([score]) => score / 10),
            rows.map(([, fraud]) => fraud),
          ),
        );
        expect(auc).toBeCloseTo(wins.reduce((sum: number, win) => sum + win, 0) / wins.length, 10);
      }),
    );
  });

  test('do not count a customer again on the days after its fraud was found', () => {
    const rows = { probability: [0.9, 0.9, 0.8], fraud: [1, 1, 1], customer: ['A', 'A', 'B'], day: [0, 1, 1] };
    expect(measureScores(rows).card_precision_100).toBeCloseTo((1 / 100 + 1 / 100) / 2, 12);
  });

  test('find no calibration error where shares equal probabilities', () => {
    const rows = Array.from({ length: 1_000 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    const { calibration_error, brier } = measureScores(
      scored(
        rows.map(() => 0.1),
        rows,
      ),
    );
    expect(calibration_error).toBeCloseTo(0, 12);
    expect(brier).toBeCloseTo(0.09, 12);
  });
});

describe('calibration', () => {
  test('finds the slope and intercept that the labels were drawn with', () => {
    const random = new NumpyRandom(3);
    const logits = Array.from({ length: 100_000 }, () => random.normal(-2, 2));
    const fraud = logits.map((logit) => (random.uniform(0, 1) < probabilityOf({ slope: 0.7, intercept: 0.5 }, logit) ? 1 : 0));
    const { slope, intercept } = fitCalibration(logits, fraud);
    expect(slope).toBeCloseTo(0.7, 1);
    expect(intercept).toBeCloseTo(0.5, 1);
  });

  test('stays finite on labels that the logits separate', () => {
    const { slope, intercept } = fitCalibration([-2, -1, 1, 2], [0, 0, 1, 1]);
    expect(Number.isFinite(slope) && Number.isFinite(intercept)).toBe(true);
    expect(slope).toBeGreaterThan(0);
  });
});

describe('thresholds', () => {
  test('decline 0.4 % and hold another 0.6 % of traffic', () => {
    const random = new NumpyRandom(5);
    const probabilities = Float64Array.from({ length: 100_000 }, () => random.uniform(0, 1) ** 3);
    const { review, decline } = chooseThresholds(probabilities);
    const share = (from: number) => probabilities.filter((probability) => Math.round(1000 * probability) >= from).length / 100_000;
    expect(share(decline)).toBeCloseTo(0.004, 3);
    expect(share(review)).toBeCloseTo(0.01, 3);
  });

  test('never meet, even where all scores are the same', () => {
    const { review, decline } = chooseThresholds(new Float64Array(100).fill(0.3));
    expect(decline).toBeGreaterThan(review);
  });
});

describe('the transform', () => {
  test('gives inputs of mean 0 and deviation 1 over the rows it was fitted on, and clips what is far off', () => {
    const random = new NumpyRandom(7);
    const features = Float64Array.from({ length: 20_000 }, (_, at) => (at % 2 === 0 ? random.uniform(0, 500) : 3));
    const transform = fitTransform(features, ['log', 'log'], 1);
    const inputs = new Float32Array(features.length);
    transformFeatures(transform, features, features.length / 2, inputs);
    const first = inputs.filter((_, at) => at % 2 === 0);
    expect(first.reduce((sum, value) => sum + value, 0) / first.length).toBeCloseTo(0, 4);
    expect(first.reduce((sum, value) => sum + value * value, 0) / first.length).toBeCloseTo(1, 4);
    expect(inputs[1]).toBe(0);
    transformFeatures(transform, Float64Array.of(1e12, -1e12), 1, inputs);
    expect([inputs[0], inputs[1]]).toEqual([8, -8]);
  });
});
