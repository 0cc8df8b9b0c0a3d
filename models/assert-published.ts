import { selectExamples } from './collect-examples.ts';
import { DataUnfit, type Transactions } from './load-transactions.ts';
import { dateOf, planWindows, type TrainingWindows } from './plan-windows.ts';
import type { PreparedFold } from './prepare-folds.ts';
import { PUBLISHED_FOLD_SIZES, PUBLISHED_TOTALS } from './published-results.ts';
import { selectTestRows } from './select-test-rows.ts';

/** Payments on which the published world is recognised: its first ones, and no other world's. */
const FIRST_MINOR = [5_716, 8_151, 14_600];

/**
 * Whether the transactions are the handbook's published ones, whole or up to 2018-09-04. Throws `DataUnfit` where they begin like them and their
 * totals are others: a damaged copy.
 */
export function isPublished(transactions: Transactions): boolean {
  if (FIRST_MINOR.some((minor, row) => transactions.amountMinor[row] !== minor)) return false;
  const totals = totalsOf(transactions);
  const known = Object.values(PUBLISHED_TOTALS);
  if (known.some(({ rows, frauds, minor }) => totals.rows === rows && totals.frauds === frauds && totals.minor === minor)) return true;
  const expected = known.map(({ rows, frauds, minor }) => `${rows} rows, ${frauds} frauds, ${minor} minor units`).join(' or ');
  throw new DataUnfit(
    `the file begins like the published data and has other totals: ${totals.rows} rows, ${totals.frauds} frauds, ${totals.minor} minor units instead of ${expected}`,
  );
}

/** Throws `DataUnfit` where a fold of the published data has not its published size. */
export function assertPublished({ examples }: PreparedFold, windows: TrainingWindows): void {
  const expected = PUBLISHED_FOLD_SIZES[dateOf(windows.start)];
  if (!expected) return;
  const sizes = [selectExamples(examples, planWindows(windows.start, 7).fit), selectTestRows(examples, windows)].flatMap(
    ({ count, fraud }) => [count, fraud.reduce((sum, label) => sum + label, 0)],
  );
  if (sizes.join() !== expected.join())
    throw new DataUnfit(
      `the fold of ${dateOf(windows.start)} has ${sizes.join(', ')} rows and frauds in training and test, published are ${expected.join(', ')}`,
    );
}

function totalsOf({ count, fraud, amountMinor }: Transactions): { rows: number; frauds: number; minor: number } {
  let frauds = 0;
  let minor = 0;
  for (let row = 0; row < count; row++) {
    frauds += fraud[row] ?? 0;
    minor += amountMinor[row] ?? 0;
  }
  return { rows: count, frauds, minor };
}
