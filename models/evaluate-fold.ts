import { selectExamples, type Examples } from './collect-examples.ts';
import type { Contender } from './contenders.ts';
import { fitLogisticRegression, logisticLogits } from './fit-logistic-regression.ts';
import { gatherColumns } from './gather-columns.ts';
import type { ModelVersion } from './load-version.ts';
import { measureFold, type FoldMetrics } from './measure-fold.ts';
import { dateOf, planWindows, type TrainingWindows } from './plan-windows.ts';
import type { PreparedFold } from './prepare-folds.ts';
import { BATCH_ROWS_MAX } from './compile-network.ts';
import { selectTestRows } from './select-test-rows.ts';
import { showTraining } from './show-training.ts';
import { scoreWithBoostedTrees } from './train-boosted-trees.ts';
import { logitsOf, trainOnExamples, type NetworkOptions } from './train-version.ts';
import { fitTransform, transformFeatures } from './transform-features.ts';
import { VERSION_RECIPES, type RecipeName } from './version-recipes.ts';
import { FEATURE_COUNT } from './features/declare-features.ts';

/** One fold of the report: what it holds, and what a model did on it. */
export interface FoldReport extends FoldMetrics {
  readonly trainStart: string;
  readonly trainRows: number;
  readonly trainFrauds: number;
  /** Of the test week, without known defrauded customers. */
  readonly rows: number;
  readonly frauds: number;
  /** Wall time of training; 0 for a version that was given. */
  readonly trainSeconds: number;
}

export interface EvaluateOptions extends Pick<NetworkOptions, 'seed' | 'backend'> {
  /** Scores with it instead of training the champion. */
  readonly version: ModelVersion | null;
  /** Who is trained and measured. */
  readonly only: readonly Contender[];
}

const WEEK_DAYS = 7;

/** Trains and measures the contenders on a fold that is prepared; with a given version, that one alone. */
export async function evaluateFold(
  fold: PreparedFold,
  windows: TrainingWindows,
  options: EvaluateOptions,
): Promise<Partial<Record<Contender, FoldReport>>> {
  const test = selectTestRows(fold.examples, windows);
  const week = selectExamples(fold.examples, planWindows(windows.start, WEEK_DAYS).fit);
  const facts = {
    trainStart: dateOf(windows.start),
    trainRows: week.count,
    trainFrauds: countFrauds(week),
    rows: test.count,
    frauds: countFrauds(test),
  };
  const report = (probability: Float64Array, startedMs: number): FoldReport => ({
    ...facts,
    ...measureFold(test, probability),
    trainSeconds: Math.round((performance.now() - startedMs) / 100) / 10,
  });
  if (options.version) return { champion: report(scoreVersion(options.version, test), performance.now()) };
  const trained = async (name: RecipeName): Promise<FoldReport> => {
    const startedMs = performance.now();
    return report(await scoreRecipe(name, fold.examples, { windows, test }, options), startedMs);
  };
  const plain = async (score: (training: Examples, test: Examples) => Promise<Float64Array> | Float64Array): Promise<FoldReport> => {
    const startedMs = performance.now();
    return report(await score(week, test), startedMs);
  };
  const contenders: Record<Contender, () => Promise<FoldReport>> = {
    champion: () => trained('champion'),
    fallback: () => trained('fallback'),
    strict: () => trained('strict'),
    logistic_regression: () => plain(scoreLogistic),
    boosted_trees: () => plain(scoreTrees),
  };
  const reports: Partial<Record<Contender, FoldReport>> = {};
  for (const name of options.only) reports[name] = await contenders[name]();
  return reports;
}

async function scoreRecipe(
  name: RecipeName,
  examples: Examples,
  { windows, test }: { readonly windows: TrainingWindows; readonly test: Examples },
  options: EvaluateOptions,
): Promise<Float64Array> {
  const recipe = VERSION_RECIPES[name];
  const range = planWindows(windows.start, recipe.fitDays).fit;
  const progress = showTraining(`${name} of ${dateOf(windows.start)}`);
  try {
    const network = await trainOnExamples(selectExamples(examples, range), range, recipe, { ...options, onProgress: progress.update });
    const probability = Float64Array.from(logitsOf(network, test), logistic);
    network.model.dispose();
    return probability;
  } finally {
    progress.stop();
  }
}

function scoreVersion({ scorer }: ModelVersion, test: Examples): Float64Array {
  const probability = new Float64Array(test.count);
  for (let start = 0; start < test.count; start += BATCH_ROWS_MAX) {
    const rows = Math.min(BATCH_ROWS_MAX, test.count - start);
    scorer.score(
      test.features.subarray(start * FEATURE_COUNT, (start + rows) * FEATURE_COUNT),
      rows,
      probability.subarray(start, start + rows),
    );
  }
  return probability;
}

const BOOK = VERSION_RECIPES.strict.columns.map(({ feature }) => feature);

/** The handbook's logistic regression: its 15 features as they are, standardised, one week. */
function scoreLogistic(training: Examples, test: Examples): Float64Array {
  const values = gatherColumns(training, BOOK);
  const transform = {
    ...fitTransform(
      values,
      BOOK.map(() => 'raw' as const),
      1,
    ),
    clip: Infinity,
  };
  const inputsOf = (examples: Examples): Float32Array => {
    const inputs = new Float32Array(examples.count * BOOK.length);
    transformFeatures(transform, gatherColumns(examples, BOOK), examples.count, inputs);
    return inputs;
  };
  return logisticLogits(fitLogisticRegression(inputsOf(training), training.fraud, BOOK.length), inputsOf(test)).map(logistic);
}

function scoreTrees(training: Examples, test: Examples): Promise<Float64Array> {
  const rowsOf = (examples: Examples) => ({ values: gatherColumns(examples, BOOK), fraud: examples.fraud, width: BOOK.length });
  return scoreWithBoostedTrees(rowsOf(training), rowsOf(test));
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function countFrauds({ fraud }: Examples): number {
  return fraud.reduce((sum, label) => sum + label, 0);
}
