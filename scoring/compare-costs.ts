import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Costs } from '@trancendos/contracts/control';
import { toFeatureEvent } from '@trancendos/models/collect-examples';
import { VersionRefused } from '@trancendos/models/describe-version';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { DAY_MS, LABEL_DELAY_DAYS } from '@trancendos/models/features/feature-windows';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';
import { loadVersion, type ModelVersion } from '@trancendos/models/load-version';
import { readTransactions, TransactionFileError } from '@trancendos/models/simulator/read-transactions';
import { versionsFolder } from '@trancendos/models/versions-folder';
import { Command, InvalidArgumentError, Option } from 'commander';
import { bestFixedPolicy, costOfPolicy, type JudgedPayment, type PolicyCost } from './compare-policies.ts';
import { DEFAULT_COSTS } from './weigh-costs.ts';

interface Options {
  readonly data: string;
  readonly from: number;
  readonly days: string;
  readonly model: string;
  readonly costs?: string;
  readonly out?: string;
}

const options = new Command('npm run cost:compare --')
  .description('Says what thresholds by cost would have saved on past payments, against fixed thresholds and against approving everything.')
  .requiredOption('--data <file.csv.gz>', 'gzipped CSV as `npm run data:simulate` writes it, with labels')
  .addOption(
    new Option('--from <date>', 'first day that is judged; the days before are history')
      .argParser(parseDate)
      .default(parseDate('2018-08-08'), '2018-08-08'),
  )
  .option('--days <n>', 'days that are judged', '7')
  .option('--model <name>', 'a folder of models/versions', 'luminous-2')
  .option('--costs <file.json>', 'costs as in `PUT /v1/control/thresholds`; without it the defaults')
  .option('--out <file>', 'also write the figures as JSON')
  .parse()
  .opts<Options>();

try {
  await compare();
} catch (error) {
  if (!(error instanceof TransactionFileError) && !(error instanceof VersionRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function compare(): Promise<void> {
  const costs = options.costs === undefined ? DEFAULT_COSTS : Costs.parse(JSON.parse(readFileSync(options.costs, 'utf8')));
  const version = await loadVersion(join(versionsFolder(), options.model));
  const payments = await judgePayments(version);
  const { review, decline } = version.manifest.thresholds;
  const policies = {
    'by cost': costOfPolicy(payments, { mode: 'cost', costs, currencies: {} }, costs),
    "fixed, the version's own": costOfPolicy(payments, { mode: 'fixed', review, decline }, costs),
    'fixed, the best with hindsight': costOfPolicy(payments, bestFixedPolicy(payments, costs), costs),
    'approve everything': costOfPolicy(payments, { mode: 'fixed', review: 1_001, decline: 1_001 }, costs),
  };
  print(payments.length, policies);
  if (options.out !== undefined) {
    writeFileSync(options.out, JSON.stringify({ model: options.model, payments: payments.length, costs, policies }, null, 2) + '\n');
  }
}

async function judgePayments(version: ModelVersion): Promise<JudgedPayment[]> {
  const kernel = new FeatureKernel(version.manifest.beliefs);
  const features = new Float64Array(FEATURE_COUNT);
  const probability = new Float64Array(1);
  const judged: JudgedPayment[] = [];
  for await (const row of readTransactions(options.data)) {
    if (row.occurredAtMs >= options.from + Number(options.days) * DAY_MS) break;
    const event = toFeatureEvent(row);
    kernel.fold(event, { fraud: row.fraud, countsFromMs: row.labelKnownAtMs ?? row.occurredAtMs + LABEL_DELAY_DAYS * DAY_MS });
    if (row.occurredAtMs < options.from) continue;
    kernel.read(event, features);
    version.scorer.score(features, 1, probability);
    judged.push({ amount: row.amountMinor / 100, probability: probability[0] ?? NaN, fraud: row.fraud });
  }
  return judged;
}

function print(count: number, policies: Record<string, PolicyCost>): void {
  const byCost = policies['by cost']?.cost ?? NaN;
  const columns = ['cost', 'reviews', 'declines', 'missed', 'insults', 'saved by cost'];
  process.stdout.write(`${count} payments, ${options.model}\n${''.padEnd(32)}${columns.map((column) => column.padStart(14)).join('')}\n`);
  for (const [name, { cost, reviews, declines, missed, insults }] of Object.entries(policies)) {
    const figures = [cost.toFixed(2), reviews, declines, missed.toFixed(2), insults, (cost - byCost).toFixed(2)];
    process.stdout.write(`${name.padEnd(32)}${figures.map((figure) => String(figure).padStart(14)).join('')}\n`);
  }
}

function parseDate(text: string): number {
  const time = Date.parse(`${text}T00:00:00.000Z`);
  if (Number.isNaN(time)) throw new InvalidArgumentError('It is not a date such as 2018-08-08.');
  return time;
}
