import { collectExamples, type Examples } from './collect-examples.ts';
import { estimateBeliefs } from './estimate-beliefs.ts';
import type { BeliefParameters } from './features/describe-beliefs.ts';
import { DAY_MS } from './features/feature-windows.ts';
import { DataUnfit, labelledPayments, rowsBefore, type Transactions } from './load-transactions.ts';
import { dateOf, type TrainingWindows } from './plan-windows.ts';
import { showProgress } from './simulator/show-progress.ts';

/** What one or more folds are trained and tested on. */
export interface PreparedFold {
  readonly beliefs: BeliefParameters;
  /** From the first day of fitting to the last of the test, of all folds. */
  readonly examples: Examples;
  /** How many transactions were read, the history included. */
  readonly rows: number;
}

/**
 * Estimates the belief parameters from the transactions up to the end of the first training week, whose labels are known when the first test week
 * begins, and computes the features of all folds with them in one pass; `given` parameters are used instead. Throws `DataUnfit` where the data do
 * not reach over the folds.
 */
export function prepareFolds(transactions: Transactions, folds: readonly TrainingWindows[], given?: BeliefParameters): PreparedFold {
  folds.forEach((windows) => assertCovers(transactions, windows));
  const days = { from: Math.min(...folds.map(({ fit }) => fit.from)), to: Math.max(...folds.map(({ test }) => test.to)) };
  const beliefs = given ?? estimate(transactions, Math.min(...folds.map(({ fit }) => fit.to)));
  const progress = showProgress('computing features', 'transactions');
  try {
    const examples = collectExamples(transactions, { beliefs, days, onProgress: progress.update });
    return { beliefs, examples, rows: rowsBefore(transactions, days.to * DAY_MS) };
  } finally {
    progress.stop();
  }
}

function estimate(transactions: Transactions, untilDay: number): BeliefParameters {
  process.stderr.write('estimating beliefs from labels\n');
  const known = rowsBefore(transactions, untilDay * DAY_MS);
  try {
    return estimateBeliefs(labelledPayments(transactions, known));
  } catch (error) {
    if (error instanceof RangeError) throw new DataUnfit(error.message, { cause: error });
    throw error;
  }
}

function assertCovers({ timeMs, count }: Transactions, windows: TrainingWindows): void {
  const first = Math.floor((timeMs[0] ?? 0) / DAY_MS);
  const last = Math.floor((timeMs[count - 1] ?? 0) / DAY_MS);
  if (first <= windows.fit.from && last >= windows.test.to - 1) return;
  const needed = `${dateOf(windows.fit.from)} to ${dateOf(windows.test.to - 1)}`;
  throw new DataUnfit(`the fold of ${dateOf(windows.start)} needs ${needed}; the data hold ${dateOf(first)} to ${dateOf(last)}`);
}
