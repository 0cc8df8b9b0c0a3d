import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { compareCommits, type Variant } from './ledger/compare-commits.ts';
import { openWorkload, WORKLOADS } from './ledger/open-workload.ts';
import { startBenchPostgres } from './ledger/start-bench-postgres.ts';
import { IDS_AHEAD_MS, type WorkloadName } from './ledger/workload.ts';

const BATCHES_MAX = 5_000;
const VARIANTS_MAX = 8;

const options = new Command('bench:commit')
  .description('Compares what the same commits cost PostgreSQL in ledgers that differ, in turns, batch by batch.')
  .addOption(new Option('--workload <name>', WORKLOADS.join(', ')).choices(WORKLOADS).default('W4'))
  .option('--batch <n>', 'commands in a commit', wholeNumber, 100)
  .option('--batches <n>', `batches, at most ${BATCHES_MAX}: all are kept in memory`, batchCount, 2_000)
  .option('--accounts <n>', 'accounts instead of what the workload says', wholeNumber)
  .option('--seed <n>', 'of the workload', wholeNumber, 42)
  .option('--variant <name=path...>', 'a file of SQL to carry out first, or a folder of migrations to use instead', variantOf, [])
  .addHelpText('after', '\nThe ledger as it is comes first, and the others are measured against it.\n')
  .parse()
  .opts<{ workload: WorkloadName; batch: number; batches: number; accounts?: number; seed: number; variant: Variant[] }>();

const say = (line: string) => void process.stderr.write(`${line}\n`);
if (process.platform !== 'linux') {
  say('the processor time of a connection can be read on Linux only');
  process.exit(1);
}
const { seed, accounts, batch } = options;
const workload = openWorkload(options.workload, { seed, accounts, idsFromMs: Date.now() + IDS_AHEAD_MS, hotAccounts: 1, hotPercent: 100 });
const server = await startBenchPostgres(say);
try {
  const variants = [{ name: 'as it is' }, ...options.variant];
  const costs = await compareCommits({ server, workload, batch, batches: options.batches, variants, report: say });
  for (const { name, microsPerTransfer, ratio } of costs) {
    say(`  ${name.padEnd(24)}${microsPerTransfer.toFixed(2).padStart(8)} us a transfer   ${ratio.toFixed(3)}`);
  }
  process.stdout.write(`${JSON.stringify(costs)}\n`);
} finally {
  await server.stop();
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
}

function batchCount(text: string): number {
  const count = wholeNumber(text);
  if (count > BATCHES_MAX) throw new InvalidArgumentError(`at most ${BATCHES_MAX}`);
  return count;
}

function variantOf(text: string, before: readonly Variant[]): Variant[] {
  const [, name, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) throw new InvalidArgumentError('a name, =, and a path');
  if (!existsSync(path)) throw new InvalidArgumentError(`${path} is not there`);
  if (before.length === VARIANTS_MAX) throw new InvalidArgumentError(`at most ${VARIANTS_MAX} variants`);
  return [...before, { name, path }];
}
