import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drawVersion } from './draw-version.ts';
import { ScoreExplainer } from './explain-score.ts';
import { FEATURE_COUNT, FEATURES } from './features/declare-features.ts';
import { FEATURE_GROUPS } from './features/feature-declaration.ts';
import { loadVersion, type ModelVersion } from './load-version.ts';

const ROWS = 40;
let folder: string;
let version: ModelVersion;
let exact: ScoreExplainer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explain-'));
  await drawVersion(join(folder, 'luminous-1'), { name: 'luminous-1', seed: 5, members: 8, hidden: [32, 16] });
  version = await loadVersion(join(folder, 'luminous-1'));
  exact = new ScoreExplainer(version.manifest, version.network, 'exact');
});
afterAll(() => rm(folder, { recursive: true }));

function drawVectors(): Float64Array {
  return Float64Array.from({ length: ROWS * FEATURE_COUNT }, (_, at) => Math.abs(Math.sin(at * 1.31)) * 20 * (1 + (at % 5)));
}

function baselineVector(): Float64Array {
  return Float64Array.from(FEATURES, (_, column) => version.manifest.baseline[column] ?? NaN);
}

function logitsOf(features: Float64Array): number[] {
  const rows = features.length / FEATURE_COUNT;
  const probabilities = new Float64Array(rows);
  version.scorer.score(features, rows, probabilities);
  return [...probabilities].map((probability) => Math.log(probability / (1 - probability)));
}

describe.each(['pairs', 'exact'] as const)('an explanation (%s)', (method) => {
  const explain = (features: Float64Array) =>
    (method === 'exact' ? exact : version.explainer).explain(features, features.length / FEATURE_COUNT);

  test('sums up to the distance from the baseline in log-odds', () => {
    const vectors = drawVectors();
    const [baseline = NaN] = logitsOf(baselineVector());
    const logits = logitsOf(vectors);
    explain(vectors).forEach((weights, row) => {
      const sum = FEATURE_GROUPS.reduce((total, group) => total + weights[group], 0);
      expect(Math.abs(sum - ((logits[row] ?? NaN) - baseline))).toBeLessThan(1e-3);
    });
  });

  test('of many rows is that of each of them alone', () => {
    const vectors = drawVectors();
    const together = explain(vectors);
    for (const row of [0, 17, ROWS - 1]) {
      expect(explain(vectors.slice(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT))[0]).toEqual(together[row]);
    }
  });

  test('gives no weight to a group that is as usual, and all of it to the only one that is not', () => {
    const features = baselineVector();
    FEATURES.forEach(({ group }, column) => {
      if (group === 'terminal') features[column] = 30;
    });
    const [weights] = explain(features);
    const [baseline = NaN] = logitsOf(baselineVector());
    const [logit = NaN] = logitsOf(features);
    expect(weights?.terminal).toBeCloseTo(logit - baseline, 4);
    for (const group of ['amount', 'velocity', 'customer', 'time'] as const) expect(Math.abs(weights?.[group] ?? NaN)).toBeLessThan(1e-6);
  });
});

describe('both ways of explaining', () => {
  test('agree where only two groups act together', () => {
    const features = baselineVector();
    FEATURES.forEach(({ group }, column) => {
      if (group === 'terminal' || group === 'amount') features[column] = 25;
    });
    const [byPairs] = version.explainer.explain(features, 1);
    const [byAll] = exact.explain(features, 1);
    for (const group of FEATURE_GROUPS) expect(byPairs?.[group]).toBeCloseTo(byAll?.[group] ?? NaN, 5);
  });
});
