import type { Contender } from './contenders.ts';
import type { FoldReport } from './evaluate-fold.ts';
import type { FoldMetrics } from './measure-fold.ts';
import { PUBLISHED_RESULTS } from './published-results.ts';

type MetricName = keyof FoldMetrics;

/** Folds with mean and standard deviation over them. */
export interface Summary {
  readonly folds: readonly FoldReport[];
  readonly mean: Readonly<Partial<Record<MetricName, number | null>>>;
  readonly std: Readonly<Partial<Record<MetricName, number | null>>>;
}

const FACTS = new Set(['trainStart', 'trainRows', 'trainFrauds', 'rows', 'frauds', 'trainSeconds']);

/** Mean and standard deviation of every metric over the folds that have it. */
export function summarise(folds: readonly FoldReport[]): Summary {
  const names = Object.keys(folds[0] ?? {}).filter((name) => !FACTS.has(name)) as MetricName[];
  const valuesOf = (name: MetricName) => folds.map((fold) => fold[name]).filter((value): value is number => value !== null);
  return {
    folds,
    mean: Object.fromEntries(names.map((name) => [name, meanOf(valuesOf(name))])),
    std: Object.fromEntries(names.map((name) => [name, deviationOf(valuesOf(name))])),
  };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number | null {
  const mean = meanOf(values);
  return mean === null ? null : Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) ?? 0);
}

const TITLES: Record<Contender, string> = {
  champion: 'Luminous champion (open features)',
  fallback: 'Luminous fallback (open features)',
  strict: "Strict track: the handbook's 15 features, one week",
  logistic_regression: 'Logistic regression, 15 features, one week',
  boosted_trees: 'Boosted trees (YDF), 15 features, one week',
};

/** The tables that the command prints. */
export function renderEvaluation(
  reports: Partial<Record<Contender, FoldReport[]>>,
  { version, comparable }: { readonly version: string | null; readonly comparable: boolean },
): string {
  const entries = Object.entries(reports) as [Contender, FoldReport[]][];
  const titleOf = (name: Contender) => (version !== null && name === 'champion' ? version : TITLES[name]);
  const folds = entries.flatMap(([name, list]) => [`\n${titleOf(name)}\n`, FOLD_HEADER, ...list.map(renderFold), renderMean(list)]);
  const rows = entries.map(([name, list]) => renderComparison(titleOf(name), summarise(list)));
  const published = comparable
    ? PUBLISHED_RESULTS.map(({ model, auc, ap, cp100 }) => line([model, fixed(auc), fixed(ap), fixed(cp100)]))
    : [];
  return [...folds, '\nMean of the folds, and what is published\n', line(['', 'AUC', 'AP', 'CP@100']), ...rows, ...published, ''].join(
    '\n',
  );
}

const FOLD_HEADER = `${'training week'.padEnd(14)}${'rows'.padStart(8)}${'frauds'.padStart(8)}${[
  'AUC',
  'AP',
  'CP@100',
  'Brier',
  'logloss',
  'ECE',
  'P@.5%',
  'R@.5%',
  'TPR.1%',
  'S1',
  'S2',
  'S3',
  'new',
  'AP 95 %',
]
  .map((title) => title.padStart(9))
  .join('')}`;

function renderFold(fold: FoldReport): string {
  return `${fold.trainStart.padEnd(14)}${String(fold.rows).padStart(8)}${String(fold.frauds).padStart(8)}${cells(fold)}  ${fixed(fold.ap_low)}-${fixed(fold.ap_high)}`;
}

function renderMean(folds: readonly FoldReport[]): string {
  const { mean, std } = summarise(folds);
  return `${'mean'.padEnd(30)}${cells(mean)}\n${'std'.padEnd(30)}${cells(std)}`;
}

function cells(values: Readonly<Partial<Record<MetricName, number | null>>>): string {
  const columns: [MetricName, number][] = [
    ['auc', 4],
    ['ap', 4],
    ['cp100', 4],
    ['brier', 5],
    ['log_loss', 4],
    ['ece', 5],
    ['precision_at_half_percent', 3],
    ['recall_at_half_percent', 3],
    ['tpr_at_0_1_percent_fpr', 3],
    ['recall_over_limit', 3],
    ['recall_compromised_terminal', 3],
    ['recall_stolen_card', 3],
    ['ap_new_customers', 3],
  ];
  return columns.map(([name, digits]) => (values[name] == null ? '-' : values[name].toFixed(digits)).padStart(9)).join('');
}

function renderComparison(title: string, { mean, std }: Summary): string {
  const cell = (name: MetricName) => `${fixed(mean[name] ?? NaN, 4)} (${fixed(std[name] ?? NaN)})`;
  return line([title, cell('auc'), cell('ap'), cell('cp100')]);
}

function line([title = '', ...values]: readonly string[]): string {
  return title.padEnd(54) + values.map((value) => value.padStart(16)).join('');
}

function fixed(value: number, digits = 3): string {
  return value.toFixed(digits);
}
