import { startPlatform } from '@trancendos/local/start-platform';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { loadVersion } from '@trancendos/models/load-version';
import { DAY_MS } from '@trancendos/models/features/feature-windows';
import { measureScores } from '@trancendos/models/measure-scores';
import { readTransactions, TransactionFileError } from '@trancendos/models/simulator/read-transactions';
import type { TransactionRow } from '@trancendos/models/simulator/transaction-file';
import { versionsFolder } from '@trancendos/models/versions-folder';
import { Command, InvalidArgumentError, Option } from 'commander';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { compareScores } from './compare-scores.ts';

interface Options {
  readonly data: string;
  readonly from: number;
  readonly days: string;
  readonly history: string;
  readonly out?: string;
}

const options = new Command('npm run verify:path --')
  .description(
    'Replays days of a transaction file through the merchant API, the event log and scoring, and compares every score with the offline run.',
  )
  .requiredOption('--data <file.csv.gz>', 'gzipped CSV as `npm run data:simulate` writes it')
  .addOption(
    new Option('--from <date>', 'first day that is paid; the days before are imported')
      .argParser(parseDate)
      .default(parseDate('2018-08-08'), '2018-08-08'),
  )
  .option('--days <n>', 'days that are paid', '7')
  .option('--history <n>', 'days that are imported before', '120')
  .option('--out <file>', 'also write the figures as JSON')
  .parse()
  .opts<Options>();

const SHOW_EVERY_MS = 10_000;
let shownAtMs = 0;

try {
  await verify();
} catch (error) {
  if (!(error instanceof TransactionFileError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function verify(): Promise<void> {
  const rows = await readRows(options.from - Number(options.history) * DAY_MS, options.from + Number(options.days) * DAY_MS);
  const directory = mkdtempSync(join(tmpdir(), 'trancendos-verify-'));
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  const platform = await startPlatform({ directory, report, environment: { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' } });
  try {
    const version = await loadVersion(join(versionsFolder(), await nameOfModel(platform.scoring)));
    const compared = await compareScores(version, { target: platform, rows, fromMs: options.from, onProgress: show });
    const { auc, average_precision, card_precision_100 } = measureScores(compared.scored);
    const { payments, equal, equalFeatures, largestGap } = compared;
    const restartSeconds = await timeRestart(() => platform.restart('scoring'));
    const figures = { payments, equal, equalFeatures, largestGap, auc, average_precision, card_precision_100, restartSeconds };
    const summary = { model: version.manifest.name, ...figures };
    process.stdout.write(
      `\n${equal} of ${payments} payments have the offline run's score to the last bit, ${equalFeatures} its features\n` +
        `from the stored scores: AUC ${auc.toFixed(4)}, AP ${average_precision.toFixed(4)}, CP@100 ${card_precision_100.toFixed(4)}\n` +
        `scoring, stopped and started with ${options.history} days of state, decides again after ${restartSeconds} s\n`,
    );
    if (options.out !== undefined) writeFileSync(options.out, JSON.stringify(summary, null, 2) + '\n');
    process.exitCode = equal === payments ? 0 : 1;
  } finally {
    await platform.stop();
    await wipeDirectory(directory);
  }
}

async function timeRestart(restart: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await restart();
  return Math.round((performance.now() - startedMs) / 100) / 10;
}

/** Of the version that the platform scores with. */
async function nameOfModel(scoring: string): Promise<string> {
  const answer = z.object({ model: z.string() }).safeParse(await (await fetch(`${scoring}/v1/model`)).json());
  if (!answer.success) throw new Error('no model scores on the platform; its log says why');
  return answer.data.model;
}

async function readRows(fromMs: number, toMs: number): Promise<TransactionRow[]> {
  const rows: TransactionRow[] = [];
  for await (const row of readTransactions(options.data)) {
    if (row.occurredAtMs >= toMs) break;
    if (row.occurredAtMs >= fromMs) rows.push(row);
  }
  return rows;
}

/** In place on a terminal; elsewhere a line now and then, so that a log shows that it goes on. */
function show(done: number, of: number, what: string): void {
  const { isTTY } = process.stderr;
  if (!isTTY && done < of && performance.now() - shownAtMs < SHOW_EVERY_MS) return;
  shownAtMs = performance.now();
  process.stderr.write(`${isTTY ? '\r' : ''}${what} ${done} of ${of} ${!isTTY || done === of ? '\n' : ''}`);
}

function parseDate(text: string): number {
  const time = Date.parse(`${text}T00:00:00.000Z`);
  if (Number.isNaN(time)) throw new InvalidArgumentError('It is not a date such as 2018-08-08.');
  return time;
}
