import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { scoreOf } from './calibrate-scores.ts';
import { BATCH_ROWS_MAX } from './compile-network.ts';
import { VersionRefused } from './describe-version.ts';
import { measureWatched, type Reference } from './describe-reference.ts';
import { FEATURE_COUNT, findFeature } from './features/declare-features.ts';
import { toFeatureEvent } from './collect-examples.ts';
import { FeatureKernel } from './features/feature-kernel.ts';
import { DAY_MS, LABEL_DELAY_DAYS } from './features/feature-windows.ts';
import { loadVersion, type ModelVersion } from './load-version.ts';
import { readTransactions, TransactionFileError } from './simulator/read-transactions.ts';
import type { TransactionRow } from './simulator/transaction-file.ts';
import { versionsFolder } from './versions-folder.ts';

/** The days `from` up to `to`, excluding, at midnight UTC. */
interface Days {
  readonly from: string;
  readonly to: string;
}

if (process.argv[1]?.endsWith('write-reference.js') === true) await main();

async function main(): Promise<void> {
  const options = new Command('npm run model:reference --')
    .description('Writes reference.json of a model version: how features and scores were spread over the days that it was fitted on.')
    .requiredOption('--data <file.csv.gz>', 'the data that the version was trained on')
    .requiredOption('--model <name>', 'a folder of models/versions')
    .parse()
    .opts<{ data: string; model: string }>();
  try {
    const folder = join(versionsFolder(), options.model);
    const version = await loadVersion(folder);
    const reference = await measureReference(version, readTransactions(options.data), version.manifest.data.fit);
    await writeFile(join(folder, 'reference.json'), JSON.stringify(reference) + '\n');
    process.stdout.write(`${options.model}: reference of ${reference.rows} payments from ${reference.from} to ${reference.to}\n`);
  } catch (error) {
    if (!(error instanceof TransactionFileError) && !(error instanceof VersionRefused)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Folds the stream as the live service would and measures the days. Throws `VersionRefused` where there is no payment in them. */
export async function measureReference(
  version: ModelVersion,
  transactions: AsyncIterable<TransactionRow> | Iterable<TransactionRow>,
  { from, to }: Days,
): Promise<Reference> {
  const vectors = await collectVectors(version, transactions, { from, to });
  const rows = vectors.length / FEATURE_COUNT;
  if (rows === 0) throw new VersionRefused(`the data hold no payment from ${from} to ${to}`);
  const features = version.manifest.features.map((name) => {
    const column = findFeature(name) ?? NaN;
    return [name, measureWatched(Float64Array.from({ length: rows }, (_, row) => vectors[row * FEATURE_COUNT + column] ?? NaN))] as const;
  });
  return {
    manifest_sha256: version.hash,
    from,
    to,
    rows,
    features: Object.fromEntries(features),
    score: measureWatched(scoreAll(version, vectors, rows)),
  };
}

async function collectVectors(
  { manifest }: ModelVersion,
  transactions: AsyncIterable<TransactionRow> | Iterable<TransactionRow>,
  { from, to }: Days,
): Promise<Float64Array> {
  const kernel = new FeatureKernel(manifest.beliefs);
  const vectors: Float64Array[] = [];
  for await (const row of transactions) {
    if (row.occurredAtMs >= Date.parse(to)) break;
    const event = toFeatureEvent(row);
    kernel.fold(event, { fraud: row.fraud, countsFromMs: row.labelKnownAtMs ?? row.occurredAtMs + LABEL_DELAY_DAYS * DAY_MS });
    if (row.occurredAtMs < Date.parse(from)) continue;
    const vector = new Float64Array(FEATURE_COUNT);
    kernel.read(event, vector);
    vectors.push(vector);
  }
  const all = new Float64Array(vectors.length * FEATURE_COUNT);
  vectors.forEach((vector, row) => all.set(vector, row * FEATURE_COUNT));
  return all;
}

function scoreAll({ scorer }: ModelVersion, vectors: Float64Array, rows: number): Float64Array {
  const scores = new Float64Array(rows);
  const probabilities = new Float64Array(BATCH_ROWS_MAX);
  for (let start = 0; start < rows; start += BATCH_ROWS_MAX) {
    const count = Math.min(BATCH_ROWS_MAX, rows - start);
    scorer.score(vectors.subarray(start * FEATURE_COUNT), count, probabilities);
    for (let row = 0; row < count; row++) scores[start + row] = scoreOf(probabilities[row] ?? NaN);
  }
  return scores;
}
