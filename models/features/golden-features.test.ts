import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { BOOK_FEATURES } from './declare-book-features.ts';
import { FEATURE_COUNT, FEATURES, featureIndex, type FeatureName } from './declare-features.ts';
import { FeatureKernel, type FeatureEvent } from './feature-kernel.ts';
import { DAY_MS, LABEL_DELAY_DAYS, RETENTION_MS } from './feature-windows.ts';

const PUBLISHED = join(import.meta.dirname, '../../../shared/data/handbook');
const SAMPLE = join(import.meta.dirname, 'golden');
const PUBLISHED_TRANSACTIONS = join(PUBLISHED, 'transactions.csv.gz');
const GOLDEN_WEEK_END_MS = Date.UTC(2018, 7, 1);
/** What lies before is beyond every window of the week. */
const FIRST_MS = GOLDEN_WEEK_END_MS - 7 * DAY_MS - RETENTION_MS;

interface Row {
  readonly id: string;
  readonly timeMs: number;
  readonly customer: string;
  readonly terminal: string;
  readonly amountMinor: number;
  readonly fraud: boolean;
}

function* linesOf(path: string): Generator<string> {
  const bytes = gunzipSync(readFileSync(path));
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start);
    yield bytes.toString('latin1', start, end);
    start = end + 1;
  }
}

function* transactionsOf(path: string): Generator<Row> {
  let header = true;
  for (const line of linesOf(path)) {
    if (!header) {
      const [id, time, customer, terminal, amount, fraud] = line.split(',') as [string, string, string, string, string, string];
      yield { id, timeMs: Date.parse(time), customer, terminal, amountMinor: Number(amount), fraud: fraud === '1' };
    }
    header = false;
  }
}

/** Expected features: transaction id to the values of the columns that the header names. */
function readExpected(path: string): { columns: FeatureName[]; rows: Map<string, number[]> } {
  const [header = '', ...lines] = linesOf(path);
  const rows = lines.map((line): [string, number[]] => {
    const [id = '', ...values] = line.split(',');
    return [id, values.map((value) => (value === '' ? NaN : Number(value)))];
  });
  return { columns: header.split(',').slice(1) as FeatureName[], rows: new Map(rows) };
}

/** Replays a file as a stream, each fraud's label arriving 7 days after it, and counts the expected cells and those that differ. */
function compare(
  transactions: string,
  golden: string,
  fromMs = -Infinity,
): { cells: number; differing: Partial<Record<FeatureName, number>>; rows: number } {
  const { columns, rows } = readExpected(golden);
  const indices = columns.map((name) => featureIndex(name));
  const kernel = new FeatureKernel();
  const vector = new Float64Array(FEATURE_COUNT);
  const unlabelled: (FeatureEvent & { terminal: string })[] = [];
  const result = { cells: 0, differing: {} as Partial<Record<FeatureName, number>>, rows: 0 };
  let nextLabel = 0;
  for (const row of transactionsOf(transactions)) {
    if (row.timeMs >= GOLDEN_WEEK_END_MS) break;
    if (row.timeMs < fromMs) continue;
    for (let due; (due = unlabelled[nextLabel]) && due.timeMs + LABEL_DELAY_DAYS * DAY_MS <= row.timeMs; nextLabel++) {
      kernel.foldLabel({ ...due, fraud: true, countsFromMs: -Infinity });
    }
    const { id, timeMs, customer, terminal } = row;
    const event = { id, timeMs, subject: customer, terminal, amountThousandths: row.amountMinor * 10 };
    kernel.fold(event);
    if (row.fraud) unlabelled.push(event);
    const expected = rows.get(id);
    if (!expected) continue;
    result.rows++;
    kernel.read(event, vector);
    expected.forEach((value, column) => {
      const name = columns[column]!;
      if (Number.isNaN(value)) return;
      result.cells++;
      if (!(Math.abs(vector[indices[column]!]! - value) <= 1e-6)) result.differing[name] = (result.differing[name] ?? 0) + 1;
    });
  }
  return result;
}

describe('the book features', () => {
  test('are the 15 of the handbook, and every feature is declared once', () => {
    expect(BOOK_FEATURES).toHaveLength(15);
    expect(FEATURES.slice(0, 15)).toEqual(BOOK_FEATURES);
    expect(new Set(FEATURES.map(({ name }) => name)).size).toBe(FEATURE_COUNT);
  });

  test('equal the published ones for a sample of customers and terminals with their whole history', () => {
    const { cells, differing, rows } = compare(join(SAMPLE, 'transactions.csv.gz'), join(SAMPLE, 'features.csv.gz'));
    expect(differing).toEqual({});
    expect(rows).toBe(1_147);
    expect(cells).toBe(9_212);
  });

  (existsSync(PUBLISHED_TRANSACTIONS) ? test : test.skip)(
    'equal all published ones of the week from 2018-07-25',
    () => {
      const { cells, differing, rows } = compare(PUBLISHED_TRANSACTIONS, join(PUBLISHED, 'golden-features-2018-07-25.csv.gz'), FIRST_MS);
      expect(differing).toEqual({});
      expect(rows).toBe(67_240);
      expect(cells).toBe(941_360);
    },
    120_000,
  );
});
