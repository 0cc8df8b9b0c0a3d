import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Engine } from './ledger/engine.ts';
import { measureEngine, type EngineReport } from './ledger/measure-engine.ts';
import { openAlervato } from './ledger/alervato-engine.ts';
import { printReport, printRatio } from './ledger/print-report.ts';
import { meterCpu, type CpuMeter } from './ledger/read-cpu.ts';
import { baselinesKnow, openEntriesBaseline, openRowBaseline } from './ledger/sql-baselines.ts';
import { startBenchPostgres, type BenchPostgres } from './ledger/start-bench-postgres.ts';
import { runKillLoop } from './ledger/run-kill-loop.ts';
import { openWorkload, WORKLOADS } from './ledger/open-workload.ts';
import { IDS_AHEAD_MS, type Workload, type WorkloadName } from './ledger/workload.ts';

interface Options {
  workload: WorkloadName;
  batch?: number;
  callers: number;
  seconds: number;
  warmUp: number;
  runs: number;
  seed: number;
  accounts?: number;
  hotAccounts: number;
  hotPercent: number;
  killEvery: number;
  baseline?: true;
  postgres?: string;
  out?: string;
}

/** How long a baseline is measured, in parts of the ledger's own time: it is there for a ratio. */
const BASELINE_SHARE = 0.5;

const options = new Command('bench:ledger')
  .description('Measures the ledger: batches as fast as they are durable, on a PostgreSQL of its own with fsync on.')
  .addOption(new Option('--workload <name>', WORKLOADS.join(', ')).choices(WORKLOADS).default('W4'))
  .option('--batch <n>', 'commands in a commit; by default what the workload says', wholeNumber)
  .option('--callers <n>', 'calls under way at once, each with a batch: one is built while the other is committed', wholeNumber, 2)
  .option('--seconds <n>', 'measured time of a run', wholeNumber, 60)
  .option('--warm-up <n>', 'seconds before that are not measured', wholeNumber, 10)
  .option('--runs <n>', 'how often', wholeNumber, 1)
  .option('--seed <n>', 'of the workload: the same seed is the same stream for every engine', wholeNumber, 42)
  .option('--accounts <n>', 'accounts instead of what the workload says', wholeNumber)
  .option('--hot-accounts <n>', 'W2: accounts that are hot', wholeNumber, 1)
  .option('--hot-percent <n>', 'W2: percent of the transfers that they pay', wholeNumber, 100)
  .option('--kill-every <n>', 'W10: seconds between two kills of the writer or PostgreSQL; 0 kills nothing', wholeNumber, 20)
  .option('--baseline', 'also measure two ledgers in plain SQL: row at a time, and a function in the manner of pgledger')
  .option('--postgres <folder>', 'with the programs of another PostgreSQL (15 or later) than the one that npm installs')
  .option('--out <file>', 'also write the report as JSON')
  .addHelpText('after', '\nExits with 1 where an invariant does not hold.\n')
  .parse()
  .opts<Options>();

const streamOptions = { ...options, idsFromMs: Date.now() + IDS_AHEAD_MS };
const workload = openWorkload(options.workload, streamOptions);
const batch = options.batch ?? workload.batch;
const say = (line: string) => void process.stderr.write(`${line}\n`);
say(`${workload.name}: ${workload.about}`);
if (options.baseline && !baselinesKnow(workload)) say(`${workload.name} has holds, which the baselines do not know: they are left out`);

const postgres = await startBenchPostgres(say, options.postgres);
const reports: EngineReport[] = [];
try {
  const serverCpu = meterCpu(postgres.pid);
  if (!serverCpu) say('the processor time of PostgreSQL can be read on Linux only: it is left out');
  const killed = workload.name === 'W10' && options.killEvery > 0;
  if (killed) reports.push(await killAndCheck(postgres, serverCpu));
  const open = killed ? [] : await enginesOf(postgres, workload, batch);
  for (const [place, openEngine] of open.entries()) {
    const engine = await openEngine();
    try {
      reports.push(...(await measureRuns(engine, serverCpu, place === 0 ? 1 : BASELINE_SHARE)));
    } finally {
      await engine.stop();
    }
  }
} finally {
  await postgres.stop();
}
printRatio(reports);
process.stdout.write(`${JSON.stringify(figuresOf(reports))}\n`);
if (options.out !== undefined) writeFileSync(options.out, JSON.stringify(summaryOf(reports), null, 2) + '\n');
process.exitCode = reports.every(({ invariantsOk }) => invariantsOk) ? 0 : 1;

/** The ledger first, then the baselines where they are asked for, each with a database of its own on the same server. */
async function enginesOf(server: BenchPostgres, stream: Workload, batchSize: number): Promise<(() => Promise<Engine>)[]> {
  const databases = await Promise.all(['alervato', 'rows', 'entries'].map((name) => server.createDatabase(name)));
  const at = (place: number) => ({ databaseUrl: databases[place] ?? '', workload: stream, batch: batchSize });
  const own = () => openAlervato({ ...at(0), callers: options.callers, report: say });
  if (!options.baseline || !baselinesKnow(stream)) return [own];
  return [own, () => openRowBaseline(at(1)), () => openEntriesBaseline(at(2))];
}

async function killAndCheck(server: BenchPostgres, serverCpu: CpuMeter | undefined): Promise<EngineReport> {
  const report = await runKillLoop({
    server,
    databaseUrl: await server.createDatabase('alervato'),
    workload,
    options: streamOptions,
    batch,
    seconds: options.seconds,
    killEverySeconds: options.killEvery,
    serverCpu,
    report: say,
  });
  printReport(report, 1);
  return report;
}

async function measureRuns(engine: Engine, serverCpu: CpuMeter | undefined, share: number): Promise<EngineReport[]> {
  const found: EngineReport[] = [];
  let from = 0;
  for (let round = 1; round <= options.runs; round++) {
    const { report, next } = await measureEngine({
      engine,
      workload,
      serverCpu,
      from,
      warmUpSeconds: Math.ceil(options.warmUp * share),
      seconds: Math.ceil(options.seconds * share),
      onSecond: (elapsed, rate) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${engine.name}, run ${round}: ${elapsed} s, ${rate} transfers/s   `);
      },
    });
    from = next;
    found.push(report);
    printReport(report, round);
  }
  return found;
}

/** The ledger's last run in one line, for programs that read what is printed. */
function figuresOf(all: readonly EngineReport[]) {
  const own = all.filter(({ engine }) => engine === 'Alervato').at(-1);
  if (!own) return {};
  const { transfersPerSecond, batchLatencyMs, cpuMicrosPerTransfer: cpu, bytesPerTransfer, invariantsOk } = own;
  const { p50, p95, p99, p999 } = batchLatencyMs;
  const cpuMicrosPerTransfer = { node: cpu.node, postgres: cpu.postgres };
  return { transfersPerSecond, batchLatencyMs: { p50, p95, p99, p999 }, cpuMicrosPerTransfer, bytesPerTransfer, invariantsOk };
}

/** What `--out` holds: the ledger's last run as the figures, and everything that was measured. */
function summaryOf(all: readonly EngineReport[]) {
  const own = all.filter(({ engine }) => engine === 'Alervato').at(-1);
  return {
    ...own,
    seed: options.seed,
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model,
      loadAverage: loadavg(),
      node: process.version,
      hugePages: postgres.hugePages,
    },
    runs: all,
  };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
}
