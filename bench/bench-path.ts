import { Command, InvalidArgumentError, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { measurePath, type PathReport } from './measure-path.ts';
import { startBenchPlatform, type BenchTarget } from './start-bench-platform.ts';

interface Options {
  api?: string;
  key?: string;
  rate: string;
  bulk?: number;
  seconds: string;
  warmUp: string;
  runs: string;
  out?: string;
  profile?: string;
}

const options = new Command('bench:path')
  .description(
    'Measures the answer of POST /v1/transactions at a fixed rate (open loop), prints percentiles, and counts in the ledger what was lost or doubled.',
  )
  .option(
    '--api <url>',
    'the merchant API of a running platform; without it one is started for the measurement, on ports and data of its own',
  )
  .option('--key <key>', 'API key, with --api')
  .option('--rate <n>', 'payments sent each second', '200')
  .addOption(
    new Option('--bulk <lines>', 'send them as requests of so many lines, 1 to 500, to POST /v1/transactions/bulk').argParser(parseLines),
  )
  .option('--seconds <n>', 'measured time', '30')
  .option('--warm-up <n>', 'seconds before that are not measured', '10')
  .option('--runs <n>', 'how often', '3')
  .option('--out <file>', 'also write the reports as JSON')
  .option('--profile <folder>', 'also write a CPU profile of every service there (not with --api)')
  .parse()
  .opts<Options>();

const target = await findTarget(options);
const reports: PathReport[] = [];
try {
  for (let round = 1; round <= Number(options.runs); round++) {
    const report = await measurePath({
      ...target,
      rate: Number(options.rate),
      ...(options.bulk !== undefined && { bulkLines: options.bulk }),
      seconds: Number(options.seconds),
      warmUpSeconds: Number(options.warmUp),
      onSecond: (elapsed, answered) => {
        if (process.stderr.isTTY) process.stderr.write(`\rrun ${round}, ${elapsed} s, ${answered} answers `);
      },
    });
    reports.push(report);
    print(round, report);
  }
} finally {
  await target.stop();
}
if (options.out !== undefined) writeFileSync(options.out, JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2) + '\n');
process.exitCode = reports.some(({ errors, lost, duplicated }) => errors > 0 || lost || duplicated) ? 1 : 0;

async function findTarget({ api, key, profile }: Options): Promise<BenchTarget> {
  if (api !== undefined && key !== undefined) return { apiUrl: api, apiKey: key, metrics: {}, stop: () => Promise.resolve() };
  if (api !== undefined) throw new Error('--api needs --key');
  return startBenchPlatform(profile === undefined ? undefined : resolve(profile));
}

function parseLines(text: string): number {
  const lines = Number(text);
  if (!Number.isInteger(lines) || lines < 1 || lines > 500) throw new InvalidArgumentError('It is no whole number from 1 to 500.');
  return lines;
}

function print(round: number, report: PathReport): void {
  const { totalMs, stagesMs } = report;
  const row = (name: string, { p50, p95, p99, p999, max }: PathReport['totalMs']) =>
    `  ${name.padEnd(12)}${[p50, p95, p99, p999, max].map((value) => value.toFixed(2).padStart(10)).join('')}\n`;
  process.stdout.write(
    `\nrun ${round}: offered ${report.offeredRate}/s, answered ${report.achievedRate}/s, ${report.requests} requests, ${report.errors} errors, ` +
      `${report.pending} pending, ${report.lost ?? 'unknown'} lost, ${report.duplicated ?? 'unknown'} duplicated, ${report.lateStarts} late starts, load ${report.loadAverage}\n` +
      `  ${'ms'.padEnd(12)}${['p50', 'p95', 'p99', 'p99.9', 'max'].map((name) => name.padStart(10)).join('')}\n` +
      row('answer', totalMs) +
      Object.entries(stagesMs)
        .map(([stage, values]) => row(stage, values))
        .join('') +
      `  ${JSON.stringify(report.answers)}\n` +
      `  processor time for a payment, in us: ${JSON.stringify(report.cpuMicrosPerRequest)}\n`,
  );
}
