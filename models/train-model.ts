import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { DAY_MS } from './features/feature-windows.ts';
import { selectExamples } from './collect-examples.ts';
import { digestTransactions, rowsBefore } from './load-transactions.ts';
import { loadVersion } from './load-version.ts';
import { measureReference } from './measure-reference.ts';
import { parseTrainArguments, type TrainArguments } from './parse-train-arguments.ts';
import { dayOf, planWindows } from './plan-windows.ts';
import { prepareFolds } from './prepare-folds.ts';
import { readSource } from './read-source.ts';
import { showTraining } from './show-training.ts';
import { trainVersion } from './train-version.ts';
import { VERSION_RECIPES } from './version-recipes.ts';
import { versionsFolder } from './versions-folder.ts';
import { writeVersion } from './write-version.ts';

/** `npm run model:train`: a champion and a fallback from transactions, with their cards, checked by loading them as the service does. */
async function trainModel(request: TrainArguments): Promise<void> {
  const windows = planWindows(dayOf(request.start));
  const { transactions, words } = await readSource(request.data);
  const { examples, beliefs, rows } = prepareFolds(transactions, [windows]);
  const data = { rows, digest: digestTransactions(transactions, rowsBefore(transactions, windows.test.to * DAY_MS)) };
  const parent = request.out ?? versionsFolder();
  for (const [recipeName, number] of [['champion', request.champion] as const, ['fallback', request.fallback] as const]) {
    const name = `luminous-${number}`;
    const training = showTraining(name);
    const { seed, backend } = request;
    try {
      const options = { name, source: words, windows, beliefs, data, seed, backend, onProgress: training.update };
      const version = await trainVersion(examples, VERSION_RECIPES[recipeName], options);
      await writeVersion(join(parent, name), version);
      version.model.dispose();
    } finally {
      training.stop();
    }
    await finish(join(parent, name), selectExamples(examples, windows.fit).features);
  }
}

/** Loads the version as the service does, writes beside it what drift is measured against, and says how good it is. */
async function finish(folder: string, vectors: Float64Array): Promise<void> {
  const version = await loadVersion(folder);
  const { manifest, hash } = version;
  await writeFile(join(folder, 'reference.json'), JSON.stringify(measureReference(version, vectors, manifest.data.fit)) + '\n');
  version.dispose();
  const { auc, average_precision: precision, card_precision_100: cards } = manifest.metrics;
  const bands = `review from ${manifest.thresholds.review}, decline from ${manifest.thresholds.decline}`;
  process.stdout.write(`${folder}: AUC ${auc.toFixed(3)}, AP ${precision.toFixed(3)}, CP@100 ${cards.toFixed(3)}; ${bands}; ${hash}\n`);
}

try {
  await trainModel(parseTrainArguments(process.argv.slice(2), (text) => process.stderr.write(text)));
} catch (error) {
  if (!(error instanceof CommanderError)) process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
}
