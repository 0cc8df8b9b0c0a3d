import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { BOOK_FEATURES } from './features/declare-book-features.ts';
import { FEATURE_COUNT } from './features/declare-features.ts';
import { FeatureKernel } from './features/feature-kernel.ts';
import { featureEventOf } from './collect-examples.ts';
import type { Transactions } from './load-transactions.ts';
import { showProgress } from './simulator/show-progress.ts';

/** The amount is a column of the transactions themselves, and the first feature. */
const COLUMNS = BOOK_FEATURES.slice(1);
const LINES_A_CHUNK = 4_096;

/** Writes the handbook's features of every transaction as gzipped CSV, in the order of the stream. Returns how many rows. */
export async function writeBookFeatures(transactions: Transactions, file: string): Promise<number> {
  const progress = showProgress('computing features', 'transactions');
  try {
    await pipeline(Readable.from(chunksOf(transactions, progress.update)), createGzip(), createWriteStream(file));
  } finally {
    progress.stop();
  }
  return transactions.count;
}

function* chunksOf(transactions: Transactions, onProgress: (rows: number, of: number) => void): Generator<string> {
  const kernel = new FeatureKernel();
  const vector = new Float64Array(FEATURE_COUNT);
  let lines = [`transaction_id,${COLUMNS.map(({ name }) => name).join(',')}`];
  for (let row = 0; row < transactions.count; row++) {
    const event = featureEventOf(transactions, row);
    kernel.fold(event, { fraud: transactions.fraud[row] === 1, countsFromMs: transactions.knownAtMs[row] as number });
    kernel.read(event, vector);
    lines.push(`${transactions.id[row]},${Array.from(vector.subarray(1, BOOK_FEATURES.length), render).join(',')}`);
    if (lines.length < LINES_A_CHUNK) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
    onProgress(row, transactions.count);
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

function render(value: number): string {
  return String(Number(value.toPrecision(12)));
}
