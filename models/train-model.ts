import { basename, join } from 'node:path';
import { CommanderError } from 'commander';
import { collectExamples } from './collect-examples.ts';
import { DAY_MS } from './features/feature-windows.ts';
import { parseTrainArguments, type TrainArguments } from './parse-train-arguments.ts';
import { dayOf, planWindows } from './plan-windows.ts';
import { readTransactions } from './simulator/read-transactions.ts';
import { showProgress } from './simulator/show-progress.ts';
import { simulateWorld } from './simulator/simulate-world.ts';
import type { TransactionRow } from './simulator/transaction-file.ts';
import { SCENARIO, type World } from './simulator/world.ts';
import { loadVersion } from './load-version.ts';
import { showTraining } from './show-training.ts';
import { trainVersion } from './train-version.ts';
import { versionsFolder } from './versions-folder.ts';
import { writeVersion } from './write-version.ts';

/** `npm run model:train`: a new model version from transactions, with its card, checked by loading it as the service does. */
async function trainModel(request: TrainArguments): Promise<void> {
  const windows = planWindows(dayOf(request.start));
  const folder = request.out ?? join(versionsFolder(), 'luminous-1');
  const collected = await collect(request, windows.fit.from * DAY_MS, windows.test.to * DAY_MS);
  const training = showTraining();
  try {
    const version = await trainVersion(collected, {
      name: basename(folder),
      source: request.data === undefined ? 'Simulated with seed 0 of `npm run data:simulate`' : `File \`${basename(request.data)}\``,
      windows,
      seed: request.seed,
      epochs: request.epochs,
      onProgress: training.update,
    });
    training.stop();
    await writeVersion(folder, version);
    version.model.dispose();
  } finally {
    training.stop();
  }
  const { manifest, hash } = await loadVersion(folder);
  const { auc, average_precision: precision, card_precision_100: cards } = manifest.metrics;
  const bands = `review from ${manifest.thresholds.review}, decline from ${manifest.thresholds.decline}`;
  process.stdout.write(`${folder}: AUC ${auc.toFixed(3)}, AP ${precision.toFixed(3)}, CP@100 ${cards.toFixed(3)}; ${bands}; ${hash}\n`);
}

async function collect(request: TrainArguments, fromMs: number, toMs: number) {
  const transactions = request.data === undefined ? rowsOf(simulate()) : readTransactions(request.data);
  const progress = showProgress('computing features', 'days');
  let firstMs: number | undefined;
  const counted = async function* (): AsyncGenerator<TransactionRow> {
    for await (const row of transactions) {
      firstMs ??= row.occurredAtMs;
      if (row.transactionId % 10_000 === 0)
        progress.update(Math.floor((row.occurredAtMs - firstMs) / DAY_MS), Math.ceil((toMs - firstMs) / DAY_MS));
      yield row;
    }
  };
  try {
    return await collectExamples(counted(), { fromMs, toMs });
  } finally {
    progress.stop();
  }
}

function simulate(): World {
  const progress = showProgress('simulating', 'customers');
  try {
    return simulateWorld({}, progress.update);
  } finally {
    progress.stop();
  }
}

function* rowsOf(world: World): Generator<TransactionRow> {
  for (let row = 0; row < world.count; row++) {
    const scenario = world.scenario[row] ?? SCENARIO.genuine;
    yield {
      transactionId: row,
      occurredAtMs: world.options.startMs + (world.timeS[row] ?? 0) * 1000,
      customerId: world.customer[row] ?? 0,
      terminalId: world.terminal[row] ?? 0,
      amountMinor: world.amountMinor[row] ?? 0,
      fraud: scenario !== SCENARIO.genuine,
      scenario,
      labelKnownAtMs: null,
    };
  }
}

try {
  await trainModel(parseTrainArguments(process.argv.slice(2), (text) => process.stderr.write(text)));
} catch (error) {
  if (!(error instanceof CommanderError)) process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
}
