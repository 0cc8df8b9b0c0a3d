import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { VersionRefused } from './describe-version.ts';
import { FEATURE_COUNT } from './features/declare-features.ts';
import { toFeatureEvent } from './collect-examples.ts';
import { FeatureKernel } from './features/feature-kernel.ts';
import { DAY_MS, LABEL_DELAY_DAYS } from './features/feature-windows.ts';
import { loadVersion, type ModelVersion } from './load-version.ts';
import { measureReference, type ReferenceDays } from './measure-reference.ts';
import { readTransactions, TransactionFileError } from './simulator/read-transactions.ts';
import type { TransactionRow } from './simulator/transaction-file.ts';
import { versionsFolder } from './versions-folder.ts';

await main();

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
    const { fit } = version.manifest.data;
    const reference = measureReference(version, await collectVectors(version, readTransactions(options.data), fit), fit);
    await writeFile(join(folder, 'reference.json'), JSON.stringify(reference) + '\n');
    process.stdout.write(`${options.model}: reference of ${reference.rows} payments from ${reference.from} to ${reference.to}\n`);
  } catch (error) {
    if (!(error instanceof TransactionFileError) && !(error instanceof VersionRefused)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Folds the stream as the live service would; returns the vectors of the days. */
async function collectVectors(
  { manifest }: ModelVersion,
  transactions: AsyncIterable<TransactionRow> | Iterable<TransactionRow>,
  { from, to }: ReferenceDays,
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
