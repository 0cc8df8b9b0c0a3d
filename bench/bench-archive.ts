import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { nowMs } from '@trancendos/platform/clock';
import { connectPostgres } from '@trancendos/platform/postgres';
import { openReads } from '@trancendos/review/archive-reads';
import { openArchiveStore } from '@trancendos/review/archive-store';
import { Archivist } from '@trancendos/review/archivist';
import { migrateReview, readerUrl, writerUrl } from '@trancendos/review/open-store';
import { tendArchive } from '@trancendos/review/tend-archive';
import { Command, InvalidArgumentError } from 'commander';
import { openLog } from '@trancendos/platform/log';
import { drawArchiveBatch } from './archive/draw-archive-batch.ts';
import { fillRollups } from './archive/fill-rollups.ts';
import { meterCpu, type CpuMeter } from './ledger/read-cpu.ts';
import { startBenchPostgres } from './ledger/start-bench-postgres.ts';

interface Options {
  seconds: number;
  rate: number;
  batch: number;
  merchants: number;
  accounts: number;
  days: number;
  reads: number;
  postgres?: string;
  out?: string;
}

const PACE_MS = 250;
const DAY_MS = 86_400_000;
/** What is to be reached: decisions a second, and milliseconds at the 95th percentile of reads over a month. */
const RATE_MIN = 2_000;
const READ_MAX_MS = 300;
const RETENTION = { retentionDays: 90, rollupRetentionDays: 400 };

const options = new Command('bench:archive')
  .description(
    'Measures the archive on a PostgreSQL of its own with fsync on: as fast as it goes, then paced as the service paces itself, then its reads.',
  )
  .option('--seconds <n>', 'measured time of each of both', wholeNumber, 30)
  .option('--rate <n>', 'decisions a second that are offered to the paced run', wholeNumber, RATE_MIN)
  .option('--batch <n>', 'decisions in a batch of the first run', wholeNumber, 1_000)
  .option('--merchants <n>', 'merchants', wholeNumber, 50)
  .option('--accounts <n>', 'payers', wholeNumber, 50_000)
  .option('--days <n>', 'days of sums that insights are read over', wholeNumber, 30)
  .option('--reads <n>', 'of each kind', wholeNumber, 40)
  .option('--postgres <folder>', 'with the programs of another PostgreSQL (15 or later) than the one that npm installs')
  .option('--out <file>', 'also write the figures as JSON')
  .addHelpText(
    'after',
    `\nExits with 1 below ${RATE_MIN} decisions a second, or where a read over a month takes longer than ${READ_MAX_MS} ms.\n`,
  )
  .parse()
  .opts<Options>();

const say = (line: string) => void process.stderr.write(`${line}\n`);
const signal = new AbortController().signal;
const server = await startBenchPostgres(say, options.postgres);
try {
  const url = await server.createDatabase('archive');
  await migrateReview(url, { log: openLog('bench', { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' }) });
  const writing = await connectPostgres({ url: writerUrl(url), applicationName: 'bench-archive', poolMax: 1, queryTimeoutMs: 600_000 });
  const reading = await connectPostgres({ url: readerUrl(url), applicationName: 'bench-reads', poolMax: 6 });
  try {
    await tendArchive(writing.pool, RETENTION, { signal });
    const archivist = new Archivist({ store: openArchiveStore(writing.pool), retentionDays: 90, fullBatch: 0, paceMs: 0 });
    const figures = {
      openEnded: await measureOpenEnded(archivist, meterCpu(server.pid)),
      paced: await measurePaced(archivist),
      reads: await measureReads(),
      bytesPerDecision: await bytesPerDecision(),
      machine: { cpus: cpus().length, loadAverage: loadavg(), node: process.version },
      options,
    };
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(figures, null, 2)}\n`);
    const slowest = Math.max(figures.reads.insightsOfMonth.p95, figures.reads.insightsOfMerchant.p95);
    process.exitCode = figures.openEnded.decisionsPerSecond >= RATE_MIN && slowest <= READ_MAX_MS ? 0 : 1;
  } finally {
    await Promise.all([writing.stop(), reading.stop()]);
  }

  /** Batch after batch, each as soon as the one before is durable. */
  async function measureOpenEnded(archivist: Archivist, serverCpu: CpuMeter | undefined) {
    const startedMs = nowMs();
    const ownMicros = process.cpuUsage();
    const serverMicros = serverCpu?.() ?? 0;
    const batchMs: number[] = [];
    let decisions = 0;
    while (nowMs() - startedMs < options.seconds * 1_000) {
      const messages = drawArchiveBatch(options.batch, options);
      const fromMs = nowMs();
      await archivist.handle(messages, signal);
      batchMs.push(nowMs() - fromMs);
      decisions += options.batch;
    }
    const rate = Math.round(decisions / ((nowMs() - startedMs) / 1_000));
    const own = process.cpuUsage(ownMicros);
    const cpuMicrosPerDecision = {
      archive: Math.round((own.user + own.system) / decisions),
      postgres: serverCpu && Math.round((serverCpu() - serverMicros) / decisions),
    };
    say(`${rate} decisions/s in batches of ${options.batch}, processor time of each ${JSON.stringify(cpuMicrosPerDecision)} us`);
    return { decisions, decisionsPerSecond: rate, cpuMicrosPerDecision, batchMs: quantiles(batchMs) };
  }

  /**
   * What arrives in a quarter of a second, at that rate, whatever the archive does meanwhile: how long it waits until it is archived. Given up
   * after twice its time.
   */
  async function measurePaced(archivist: Archivist) {
    const perBatch = Math.round((options.rate * PACE_MS) / 1_000);
    const startedMs = nowMs();
    const batchMs: number[] = [];
    const archivedAfterMs: number[] = [];
    for (let batch = 1; batch * PACE_MS <= options.seconds * 1_000 && nowMs() < startedMs + 2_000 * options.seconds; batch++) {
      const dueMs = startedMs + batch * PACE_MS;
      const messages = drawArchiveBatch(perBatch, options);
      if (nowMs() < dueMs) await new Promise((resolve) => setTimeout(resolve, dueMs - nowMs()));
      const fromMs = nowMs();
      await archivist.handle(messages, signal);
      batchMs.push(nowMs() - fromMs);
      archivedAfterMs.push(nowMs() - dueMs);
    }
    say(`${options.rate} decisions/s offered: archived ${JSON.stringify(quantiles(archivedAfterMs))} ms after they were due`);
    return { offeredPerSecond: options.rate, batchMs: quantiles(batchMs), archivedAfterMs: quantiles(archivedAfterMs) };
  }

  async function measureReads() {
    await fillRollups(writing.pool, options);
    await writing.pool.query('ANALYZE review.rollup, review.rollup_latency, review.rollup_reason');
    const reads = openReads({ pool: reading.pool, retentionDays: RETENTION.retentionDays });
    const toMs = Math.floor(nowMs() / 60_000) * 60_000;
    const month = { fromMs: toMs - options.days * DAY_MS, toMs, step: '6h' as const };
    return {
      insightsOfMonth: await measureRead(() => reads.insights({ ...month, merchantId: undefined })),
      insightsOfMerchant: await measureRead(() => reads.insights({ ...month, merchantId: 'shop-7' })),
      insightsOfHour: await measureRead(() => reads.insights({ fromMs: toMs - 3_600_000, toMs, step: '1m', merchantId: undefined })),
      accountPage: await measureRead((n) => reads.search({ accountId: `ACC-${n}`, limit: 50 })),
      merchantPage: await measureRead((n) => reads.search({ merchantId: `shop-${n}`, limit: 50 })),
      newestDeclines: await measureRead(() => reads.search({ action: 'decline', limit: 50 })),
      accountProfile: await measureRead((n) => reads.entity('account', `ACC-${n}`)),
      merchantProfile: await measureRead((n) => reads.entity('merchant', `shop-${n}`)),
      transaction: await measureRead((n) => reads.transaction(`shop-${n}`, `tx-${n}`)),
    };
  }

  async function measureRead(read: (n: number) => Promise<unknown>) {
    const durationsMs: number[] = [];
    for (let n = 0; n < options.reads; n++) {
      const fromMs = nowMs();
      await read(n % options.merchants);
      durationsMs.push(nowMs() - fromMs);
    }
    return quantiles(durationsMs);
  }

  async function bytesPerDecision(): Promise<number> {
    const { rows } = await writing.pool.query<{ bytes: string; decisions: string }>(
      `SELECT sum(pg_total_relation_size(inhrelid)) AS bytes, (SELECT count(*) FROM review.decisions) AS decisions
       FROM pg_inherits WHERE inhparent = 'review.decisions'::regclass`,
    );
    return Math.round(Number(rows[0]?.bytes) / Number(rows[0]?.decisions));
  }
} finally {
  await server.stop();
}

/** Milliseconds, to the hundredth. */
function quantiles(durationsMs: readonly number[]) {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 100) / 100;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('a whole number of at least 1');
  return Number(text);
}
