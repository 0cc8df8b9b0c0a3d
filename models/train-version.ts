import * as tf from '@tensorflow/tfjs';
import { fitCalibration, probabilityOf, scoreOf, type Calibration } from './calibrate-scores.ts';
import { chooseThresholds } from './choose-thresholds.ts';
import { selectExamples, type Collected, type Examples } from './collect-examples.ts';
import { columnsOf, type Golden, type Manifest } from './describe-version.ts';
import { BOOK_FEATURES } from './features/declare-book-features.ts';
import { FEATURE_COUNT, FEATURE_SET } from './features/declare-features.ts';
import { measureScores } from './measure-scores.ts';
import { dateOf, type DayRange, type TrainingWindows } from './plan-windows.ts';
import { selectTestRows } from './select-test-rows.ts';
import { predictLogits, trainNetwork, type TrainProgress } from './train-network.ts';
import { fitTransform, transformFeatures, type ColumnKind, type FeatureTransform } from './transform-features.ts';
import { useWasmBackend } from './use-backend.ts';
import type { TrainedVersion } from './write-version.ts';

export interface VersionOptions {
  readonly name: string;
  /** Where the data came from, in words. */
  readonly source: string;
  readonly windows: TrainingWindows;
  readonly seed: number;
  readonly epochs: number;
  readonly onProgress?: (progress: TrainProgress) => void;
}

/** Data that a version cannot be trained on; the message says what is missing. */
export class DataInsufficient extends Error {
  override readonly name = 'DataInsufficient';
}

const BATCH_ROWS = 256;
const LEARNING_RATE = 0.004;
const GOLDEN_ROWS = 64;
const READ = BOOK_FEATURES.map(({ name }) => name);
const WIDTH = READ.length;

/**
 * Trains a version on collected examples: transform and weights, then calibration, thresholds and metrics, each on later days than the ones
 * before. Throws `DataInsufficient` where a window has no frauds or no genuine transactions.
 */
export async function trainVersion(collected: Collected, options: VersionOptions): Promise<TrainedVersion> {
  const { examples } = collected;
  const { windows } = options;
  const fit = selectLabelled(examples, windows.fit, 'the weights');
  const calibrating = selectLabelled(examples, windows.calibration, 'calibration');
  const unlabelled = selectLabelled(examples, windows.thresholds, 'thresholds');
  const test = selectTestRows(examples, windows);
  assertBothKinds(test, windows.test, 'the test');
  const backend = await useWasmBackend();
  const transform = fitTransform(gather(fit), new Array<ColumnKind>(WIDTH).fill('log'), largestGenuine(fit));
  const model = trainNetwork(toInputs(transform, fit), fit.fraud, WIDTH, {
    ...options,
    batchRows: BATCH_ROWS,
    learningRate: LEARNING_RATE,
  });
  const logitsOf = (rows: Examples) => predictLogits(model, toInputs(transform, rows), WIDTH);
  const calibration = fitCalibration(logitsOf(calibrating), calibrating.fraud);
  const thresholds = chooseThresholds(toProbabilities(calibration, logitsOf(unlabelled)));
  const testLogits = logitsOf(test);
  const manifest: TrainedVersion['manifest'] = {
    format: 2,
    name: options.name,
    feature_set: FEATURE_SET,
    features: READ,
    transform: { ...transform, kind: [...transform.kind], mean: [...transform.mean], deviation: [...transform.deviation] },
    beliefs: null,
    calibration,
    thresholds,
    baseline: mediansOfGenuine(fit),
    data: {
      source: options.source,
      sha256: collected.dataDigest,
      rows: collected.rows,
      fit: describeWindow(windows.fit, fit),
      calibration: describeWindow(windows.calibration, calibrating),
      thresholds: describeWindow(windows.thresholds, unlabelled),
      test: describeWindow(windows.test, test),
    },
    training: {
      seed: options.seed,
      epochs: options.epochs,
      batch_rows: BATCH_ROWS,
      learning_rate: LEARNING_RATE,
      backend,
      tensorflow: tf.version_core,
    },
    metrics: measureVersion(test, toProbabilities(calibration, testLogits), thresholds),
  };
  return { model, manifest, golden: chooseGolden(test, testLogits, calibration) };
}

function selectLabelled(examples: Examples, range: DayRange, use: string): Examples {
  const selected = selectExamples(examples, range);
  assertBothKinds(selected, range, use);
  return selected;
}

function assertBothKinds(examples: Examples, range: DayRange, use: string): void {
  const frauds = countFrauds(examples);
  if (frauds > 0 && frauds < examples.count) return;
  const days = `${dateOf(range.from)} to ${dateOf(range.to - 1)}`;
  throw new DataInsufficient(
    `${use} need frauds and genuine transactions from ${days}; there are ${frauds} and ${examples.count - frauds}`,
  );
}

function toInputs(transform: FeatureTransform, examples: Examples): Float32Array {
  const inputs = new Float32Array(examples.count * WIDTH);
  transformFeatures(transform, gather(examples), examples.count, inputs);
  return inputs;
}

/** The values of the columns that the version reads. */
function gather({ count, features }: Pick<Examples, 'count' | 'features'>): Float64Array {
  const columns = columnsOf(READ);
  return Float64Array.from(
    { length: count * WIDTH },
    (_, at) => features[Math.floor(at / WIDTH) * FEATURE_COUNT + (columns[at % WIDTH] ?? 0)] ?? NaN,
  );
}

function largestGenuine({ count, features, fraud }: Examples): number {
  let largest = 0;
  for (let row = 0; row < count; row++) if (fraud[row] === 0) largest = Math.max(largest, features[row * FEATURE_COUNT] ?? 0);
  return largest;
}

function toProbabilities(calibration: Calibration, logits: Float32Array): Float64Array {
  return Float64Array.from(logits, (logit) => probabilityOf(calibration, logit));
}

function mediansOfGenuine(examples: Examples): number[] {
  const genuine = Array.from(examples.fraud.keys()).filter((row) => examples.fraud[row] === 0);
  const values = gather(examples);
  return READ.map((_, column) => {
    const sorted = Float64Array.from(genuine, (row) => values[row * WIDTH + column] ?? 0).sort();
    return sorted[sorted.length >> 1] ?? 0;
  });
}

function describeWindow(range: DayRange, examples: Examples): Manifest['data']['fit'] {
  return { from: dateOf(range.from), to: dateOf(range.to), rows: examples.count, frauds: countFrauds(examples) };
}

function countFrauds(examples: Examples): number {
  return examples.fraud.reduce((sum, fraud) => sum + fraud, 0);
}

function measureVersion(test: Examples, probability: Float64Array, thresholds: Manifest['thresholds']): Manifest['metrics'] {
  const band = { held: { rows: 0, frauds: 0 }, declined: { rows: 0, frauds: 0 } };
  probability.forEach((value, row) => {
    const score = scoreOf(value);
    if (score < thresholds.review) return;
    const counts = score >= thresholds.decline ? band.declined : band.held;
    counts.rows++;
    counts.frauds += test.fraud[row] ?? 0;
  });
  const { rows, frauds, ...metrics } = measureScores({ ...test, probability });
  return {
    ...metrics,
    held: band.held.rows / rows,
    declined: band.declined.rows / rows,
    held_precision: band.held.frauds / Math.max(1, band.held.rows),
    declined_precision: band.declined.frauds / Math.max(1, band.declined.rows),
    recall: (band.held.frauds + band.declined.frauds) / frauds,
  };
}

/** Rows spread evenly over the ranking's positions on a logarithmic scale, so that high scores are as well covered as low ones. */
function chooseGolden(test: Examples, logits: Float32Array, calibration: Calibration): Golden {
  const ranking = Array.from(logits.keys()).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
  const positions = Array.from({ length: GOLDEN_ROWS }, (_, index) => Math.floor(ranking.length ** (index / (GOLDEN_ROWS - 1))) - 1);
  const rows = [...new Set(positions)].map((position) => ranking[position] ?? 0);
  const probabilities = rows.map((row) => probabilityOf(calibration, logits[row] ?? NaN));
  return {
    features: rows.map((row) => [...gather({ count: 1, features: test.features.subarray(row * FEATURE_COUNT) })]),
    logits: rows.map((row) => logits[row] ?? NaN),
    probabilities,
    scores: probabilities.map(scoreOf),
  };
}
