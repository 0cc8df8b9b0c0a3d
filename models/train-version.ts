import * as tf from '@tensorflow/tfjs';
import { probabilityOf, scoreOf, type Calibration } from './calibrate-scores.ts';
import type { OddsStart } from './begin-from-odds.ts';
import { chooseThresholds } from './choose-thresholds.ts';
import { selectExamples, type Examples } from './collect-examples.ts';
import type { Golden, Manifest } from './describe-version.ts';
import { FEATURE_COUNT, FEATURE_SET, FEATURES } from './features/declare-features.ts';
import type { BeliefParameters } from './features/describe-beliefs.ts';
import { gatherColumns } from './gather-columns.ts';
import { DataUnfit } from './load-transactions.ts';
import { measureScores } from './measure-scores.ts';
import { dateOf, type DayRange, type TrainingWindows } from './plan-windows.ts';
import { selectTestRows } from './select-test-rows.ts';
import { predictLogits, trainNetwork, type TrainProgress } from './train-network.ts';
import { fitTransform, transformFeatures, type FeatureTransform } from './transform-features.ts';
import { useBackend, type BackendChoice } from './use-backend.ts';
import type { VersionRecipe } from './version-recipes.ts';
import type { TrainedVersion } from './write-version.ts';

/** A network with what its inputs are made by. */
export interface TrainedNetwork {
  readonly model: tf.LayersModel;
  readonly transform: FeatureTransform;
  readonly names: readonly string[];
  readonly backend: string;
}

export interface NetworkOptions {
  readonly seed: number;
  readonly backend?: BackendChoice;
  readonly onProgress?: (progress: TrainProgress) => void;
}

export interface VersionOptions extends NetworkOptions {
  readonly name: string;
  /** Where the data came from, in words. */
  readonly source: string;
  readonly windows: TrainingWindows;
  readonly beliefs: BeliefParameters;
  readonly data: { readonly digest: string; readonly rows: number };
}

const GOLDEN_ROWS = 64;
/** What an untrained network adds for an amount above the limit. */
const LOG_ODDS_OVER_LIMIT = 12;
/** Log-loss without weights or resampling gives probabilities as they are; the test of a version tells how well they fit. */
const AS_IT_IS: Calibration = { slope: 1, intercept: 0 };

/** Fits transform and weights on the examples of a window. Throws `DataUnfit` where they lack frauds or genuine transactions. */
export async function trainOnExamples(
  fit: Examples,
  range: DayRange,
  recipe: VersionRecipe,
  options: NetworkOptions,
): Promise<TrainedNetwork> {
  assertBothKinds(fit, range, 'the weights');
  const backend = await useBackend(options.backend);
  const names = recipe.columns.map(({ feature }) => feature);
  const values = gatherColumns(fit, names);
  const kinds = recipe.columns.map(({ kind }) => kind);
  const transform = fitTransform(values, kinds, largestGenuine(fit));
  const inputs = new Float32Array(values.length);
  transformFeatures(transform, values, fit.count, inputs);
  assertFinite(inputs, names);
  const rows = { inputs, fraud: fit.fraud, width: names.length, start: startOf(recipe, transform) };
  const model = trainNetwork(rows, recipe.network, options);
  return { model, transform, names, backend };
}

/** Logits of examples. */
export function logitsOf({ model, transform, names }: TrainedNetwork, examples: Examples): Float32Array {
  const values = gatherColumns(examples, names);
  const inputs = new Float32Array(values.length);
  transformFeatures(transform, values, examples.count, inputs);
  return predictLogits(model, inputs, names.length);
}

/**
 * Trains a version on collected examples: transform and weights on the fitting window, thresholds on the week whose labels are not known yet,
 * metrics on the test week. Throws `DataUnfit` where a window has no frauds or no genuine transactions.
 */
export async function trainVersion(examples: Examples, recipe: VersionRecipe, options: VersionOptions): Promise<TrainedVersion> {
  const { windows, beliefs } = options;
  const fit = selectExamples(examples, windows.fit);
  const unlabelled = selectExamples(examples, windows.thresholds);
  const test = selectTestRows(examples, windows);
  assertBothKinds(test, windows.test, 'the test');
  const network = await trainOnExamples(fit, windows.fit, recipe, options);
  const thresholds = chooseThresholds(toProbabilities(logitsOf(network, unlabelled)));
  const testLogits = logitsOf(network, test);
  const { names, transform } = network;
  const manifest: TrainedVersion['manifest'] = {
    format: 2,
    name: options.name,
    purpose: recipe.purpose,
    feature_set: FEATURE_SET,
    features: [...names],
    transform: { ...transform, kind: [...transform.kind], mean: [...transform.mean], deviation: [...transform.deviation] },
    beliefs: readsBeliefs(recipe) ? beliefs : null,
    calibration: AS_IT_IS,
    thresholds,
    baseline: mediansOfGenuine(fit, names),
    data: {
      source: options.source,
      sha256: options.data.digest,
      rows: options.data.rows,
      fit: describeWindow(windows.fit, fit),
      thresholds: describeWindow(windows.thresholds, unlabelled),
      test: describeWindow(windows.test, test),
    },
    training: describeTraining(recipe, options.seed, network.backend),
    metrics: measureVersion(test, toProbabilities(testLogits), thresholds),
  };
  return { model: network.model, manifest, golden: chooseGolden(test, testLogits, names) };
}

function describeTraining({ network }: VersionRecipe, seed: number, backend: string): Manifest['training'] {
  return {
    seed,
    members: network.members,
    hidden_units: [...network.hiddenUnits],
    activation: network.activation,
    skip: network.skip,
    dropout: network.dropout,
    weight_decay: network.weightDecay,
    epochs: network.epochs,
    batch_rows: network.batchRows,
    learning_rate: network.learningRate,
    backend,
    tensorflow: tf.version_core,
  };
}

function readsBeliefs({ columns }: VersionRecipe): boolean {
  return columns.some(({ feature }) => BELIEVED.has(feature));
}

function assertBothKinds(examples: Examples, range: DayRange, use: string): void {
  const frauds = countFrauds(examples);
  if (frauds > 0 && frauds < examples.count) return;
  const days = `${dateOf(range.from)} to ${dateOf(range.to - 1)}`;
  throw new DataUnfit(`${use} need frauds and genuine transactions from ${days}; there are ${frauds} and ${examples.count - frauds}`);
}

/** The log-odds of both causes count as they are, and an amount above every genuine one for as much as they can. */
function startOf({ columns, network }: VersionRecipe, { mean, deviation, clip }: FeatureTransform): OddsStart | undefined {
  if (network.startFrom === null) return undefined;
  const [one, other] = network.startFrom.map((name) => {
    const column = columns.findIndex(({ feature }) => feature === name);
    return { column, mean: mean[column] ?? NaN, deviation: deviation[column] ?? NaN };
  });
  if (!one || !other) return undefined;
  const over = columns.findIndex(({ kind }) => kind === 'over');
  return { either: [one, other], certain: over < 0 ? null : { column: over, weight: LOG_ODDS_OVER_LIMIT / clip } };
}

/** One NaN would make every weight NaN. */
function assertFinite(inputs: Float32Array, names: readonly string[]): void {
  const at = inputs.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new Error(`${names[at % names.length]} of training row ${Math.floor(at / names.length)} is no number`);
}

function largestGenuine({ count, features, fraud }: Examples): number {
  let largest = 0.01;
  for (let row = 0; row < count; row++) if (fraud[row] === 0) largest = Math.max(largest, features[row * FEATURE_COUNT] ?? 0);
  return largest;
}

function toProbabilities(logits: Float32Array): Float64Array {
  return Float64Array.from(logits, (logit) => probabilityOf(AS_IT_IS, logit));
}

function mediansOfGenuine(examples: Examples, names: readonly string[]): number[] {
  const genuine = Array.from(examples.fraud.keys()).filter((row) => examples.fraud[row] === 0);
  const values = gatherColumns(examples, names);
  return names.map((_, column) => {
    const sorted = Float64Array.from(genuine, (row) => values[row * names.length + column] ?? 0).sort();
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
  const { rows, frauds, auc, average_precision, card_precision_100, brier, log_loss, calibration_error } = measureScores({
    ...test,
    probability,
  });
  return {
    auc,
    average_precision,
    card_precision_100,
    brier,
    log_loss,
    calibration_error,
    held: band.held.rows / rows,
    declined: band.declined.rows / rows,
    held_precision: band.held.frauds / Math.max(1, band.held.rows),
    declined_precision: band.declined.frauds / Math.max(1, band.declined.rows),
    recall: (band.held.frauds + band.declined.frauds) / frauds,
  };
}

/** Rows spread evenly over the ranking's positions on a logarithmic scale, so that high scores are as well covered as low ones. */
function chooseGolden(test: Examples, logits: Float32Array, names: readonly string[]): Golden {
  const ranking = Array.from(logits.keys()).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
  const positions = Array.from({ length: GOLDEN_ROWS }, (_, index) => Math.floor(ranking.length ** (index / (GOLDEN_ROWS - 1))) - 1);
  const rows = [...new Set(positions)].map((position) => ranking[position] ?? 0);
  const probabilities = rows.map((row) => probabilityOf(AS_IT_IS, logits[row] ?? NaN));
  const valuesOf = (row: number) => gatherColumns({ count: 1, features: test.features.subarray(row * FEATURE_COUNT) }, names);
  return {
    features: rows.map((row) => [...valuesOf(row)]),
    logits: rows.map((row) => logits[row] ?? NaN),
    probabilities,
    scores: probabilities.map(scoreOf),
  };
}

const BELIEVED = new Set<string>(FEATURES.filter(({ believed }) => believed).map(({ name }) => name));
