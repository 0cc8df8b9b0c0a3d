import { writeFileSync } from 'node:fs';
import { openReads, type LedgerReads } from '@trancendos/ledger/ledger-reads';
import { readerUrl } from '@trancendos/ledger/open-store';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { Command, InvalidArgumentError } from 'commander';
import { build } from 'hdr-histogram-js';
import { accountId } from './ledger/alervato-engine.ts';
import { Draws } from './ledger/draw.ts';
import { loadJournal, paymentName } from './ledger/load-journal.ts';
import { percentiles } from './ledger/measure-engine.ts';
import { openWorkload } from './ledger/open-workload.ts';
import { startBenchPostgres } from './ledger/start-bench-postgres.ts';
import { IDS_AHEAD_MS } from './ledger/workload.ts';

interface Options {
  transfers: number;
  accounts: number;
  reads: number;
  seed: number;
  postgres?: string;
  database?: string;
  out?: string;
}

/** What every quick read has to stay under at its 99th percentile. */
const P99_MAX_MS = 20;
/** Sums over every account, which have connections of their own: measured a few times, and not held to the limit of the quick reads. */
const REPORTS = ['trial balance'];
const REPORT_READS = 20;

const options = new Command('bench:ledger-reads')
  .description(
    'Posts transfers (W4, and payments with holds) through the ledger, and measures its reads: one at a time, on what is drawn at random.',
  )
  .option('--transfers <n>', 'how large the journal is', wholeNumber, 10_000_000)
  .option('--accounts <n>', 'accounts', wholeNumber, 100_000)
  .option('--reads <n>', 'of each kind', wholeNumber, 500)
  .option('--seed <n>', 'of the workload and of what is asked', wholeNumber, 42)
  .option('--postgres <folder>', 'with the programs of another PostgreSQL (15 or later) than the one that npm installs')
  .option('--database <url>', 'an empty database, which is loaded and kept, or one that an earlier run has loaded with as many accounts')
  .option('--out <file>', 'also write the figures as JSON')
  .addHelpText('after', `\nExits with 1 where a 99th percentile is above ${P99_MAX_MS} ms, that of the trial balance apart.\n`)
  .parse()
  .opts<Options>();

const say = (line: string) => void process.stderr.write(`${line}\n`);
const stream = { ...options, idsFromMs: Date.now() + IDS_AHEAD_MS, hotAccounts: 1, hotPercent: 100 };
const workload = openWorkload('W4', stream);
const server = options.database === undefined ? await startBenchPostgres(say, options.postgres) : undefined;
try {
  const databaseUrl = options.database ?? (await server?.createDatabase('alervato')) ?? '';
  const postgres = await connectPostgres({ url: databaseUrl, applicationName: 'bench-reads', poolMax: 4, queryTimeoutMs: 600_000 });
  try {
    if (await isEmpty(postgres)) {
      await loadJournal({ databaseUrl, workload, stream, transfers: options.transfers, report: say });
      await postgres.pool.query('VACUUM ANALYZE');
    }
    const figures = await measureAs(readerUrl(databaseUrl), await spanOf(postgres));
    if (options.out !== undefined) writeFileSync(options.out, JSON.stringify({ ...options, latencyMs: figures }, null, 2) + '\n');
    const quick = Object.entries(figures).filter(([kind]) => !REPORTS.includes(kind));
    process.exitCode = quick.every(([, { p99 }]) => p99 < P99_MAX_MS) ? 0 : 1;
  } finally {
    await postgres.stop();
  }
} finally {
  await server?.stop();
}

/** Over connections like those of the service. */
async function measureAs(url: string, span: Span) {
  const reader = await connectPostgres({ url, applicationName: 'bench-reads', poolMax: 4, queryTimeoutMs: 600_000 });
  try {
    return await measure(openReads({ pool: reader.pool, reportPool: reader.pool, cache: undefined }), span);
  } finally {
    await reader.stop();
  }
}

async function isEmpty({ pool }: Postgres): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>("SELECT to_regclass('ledger.writer') IS NOT NULL AS found");
  return rows[0]?.found !== true;
}

interface Span {
  readonly transfers: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly payments: number;
}

/** What there is to ask about: the times at which it was recorded, and how many payments. */
async function spanOf({ pool }: Postgres): Promise<Span> {
  const { rows } = await pool.query<{ transfers: string; from: Date; until: Date; payments: string }>(
    `SELECT (SELECT last_transfer_seq FROM ledger.writer) AS transfers, (SELECT count(*) FROM ledger.transactions) AS payments,
            min(committed_at) AS from, max(committed_at) AS until FROM ledger.batches`,
  );
  const [row] = rows;
  if (!row) throw new Error('the journal has no batch');
  say(`${row.transfers} transfers in the journal`);
  return {
    transfers: Number(row.transfers),
    fromMs: row.from.getTime(),
    untilMs: row.until.getTime(),
    payments: Number(row.payments),
  };
}

async function measure(reads: LedgerReads, { transfers, fromMs, untilMs, payments }: Span) {
  const draws = new Draws(options.seed + 1);
  // As busy as the workload makes them: half of the asked accounts are those that transfers name.
  const account = (n: number) => {
    const command = workload.commandAt(draws.below(transfers, n, 0));
    return accountId(n % 2 === 0 && command && 'debit' in command ? command.debit : draws.below(workload.accounts, n, 1));
  };
  const time = (n: number, lane: number) => new Date(fromMs + draws.unit(n, lane) * (untilMs - fromMs)).toISOString();
  const known = await drawTransfers(reads, (n) => time(n, 5));
  const transfer = (n: number) => known[draws.below(known.length, n, 4)] ?? '';
  const payment = (n: number) => paymentName(draws.below(payments, n, 6));
  const kinds: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
    account: (n) => reads.account(account(n)),
    'balance as recorded': (n) => reads.balanceAt(account(n), { recordedAt: time(n, 2) }),
    'balance as effective': (n) => reads.balanceAt(account(n), { recordedAt: time(n, 2), effectiveAt: time(n, 3) }),
    'statement, newest page': (n) => reads.statement({ accountId: account(n), order: 'newest_first', limit: 50 }),
    'statement, from a time': (n) => reads.statement({ accountId: account(n), order: 'oldest_first', limit: 50, from: time(n, 2) }),
    'journal search': (n) => reads.transfers({ accountId: account(n), kind: 'post', limit: 50, until: time(n, 2) }),
    transfer: (n) => reads.transfer(transfer(n)),
    proof: (n) => reads.proof(transfer(n)),
    'money trail': (n) => reads.trail(payment(n).merchantId, payment(n).transactionId),
    'open holds': (n) => reads.openHolds({ accountId: account(n), limit: 50 }),
    'trial balance': () => reads.trialBalance(),
  };
  const figures: Record<string, ReturnType<typeof percentiles>> = {};
  for (const [kind, read] of Object.entries(kinds)) {
    const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 });
    for (let n = 0; n < (REPORTS.includes(kind) ? REPORT_READS : options.reads); n++) {
      const askedMs = performance.now();
      await read(n);
      histogram.recordValue(Math.max(1, Math.round((performance.now() - askedMs) * 1000)));
    }
    const found = (figures[kind] = percentiles(histogram));
    process.stdout.write(`${kind.padEnd(26)} p50 ${found.p50}  p95 ${found.p95}  p99 ${found.p99}  max ${found.max} ms\n`);
  }
  return figures;
}

/** Transfers from all over the journal: some behind each of a hundred moments. */
async function drawTransfers(reads: LedgerReads, time: (n: number) => string): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 100; n++) {
    const { transfers } = await reads.transfers({ until: time(n), limit: 10 });
    ids.push(...transfers.map(({ transfer_id }) => transfer_id));
  }
  return ids;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
}
