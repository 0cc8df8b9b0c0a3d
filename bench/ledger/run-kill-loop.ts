import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { verifyLedger } from '@trancendos/ledger/verify-ledger';
import { build } from 'hdr-histogram-js';
import { accountId, FUNDING, migrateLedger, MOST_CALLERS, openAccounts, openWriter } from './alervato-engine.ts';
import { expectCardMix, type Expected } from './expect-card-mix.ts';
import { percentiles, round, type EngineReport } from './measure-engine.ts';
import type { CpuMeter } from './read-cpu.ts';
import type { BenchPostgres } from './start-bench-postgres.ts';
import { storedBytesOf } from './stored-bytes.ts';
import type { Workload, WorkloadOptions } from './workload.ts';
import type { WriterNews, WriterOrders } from './writer-process.ts';

export interface KillLoop {
  readonly server: BenchPostgres;
  readonly databaseUrl: string;
  readonly workload: Workload;
  readonly options: WorkloadOptions;
  readonly batch: number;
  readonly seconds: number;
  readonly killEverySeconds: number;
  readonly serverCpu: CpuMeter | undefined;
  readonly report: (line: string) => void;
}

/** What a kill loop showed besides what every run shows. */
export interface KillLoopReport extends EngineReport {
  readonly writerKills: number;
  readonly postgresKills: number;
  readonly commands: number;
}

/** A successor has to be writing again after this long, or the ledger does not recover by itself. */
const RECOVERY_MAX_MS = 60_000;

/**
 * Runs a writer in a process of its own and ends it, and PostgreSQL, by SIGKILL in turns and together, as often as told. Afterwards
 * everything that was acknowledged must be there, everything that is there must be what the stream says (played by a plain model that
 * shares no code), each once, and the whole journal must verify.
 */
export async function runKillLoop(loop: KillLoop): Promise<KillLoopReport> {
  const postgres = await connectPostgres({
    url: loop.databaseUrl,
    applicationName: 'bench-kill-loop',
    poolMax: 2,
    queryTimeoutMs: 600_000,
  });
  try {
    await setUp(postgres, loop);
    const bytesBefore = await storedBytesOf(postgres.pool, 'ledger');
    const watched = new WatchedWriter(loop);
    const startedMs = performance.now();
    const serverBefore = loop.serverCpu?.();
    const kills = await killInTurns(watched, loop);
    const seconds = (performance.now() - startedMs) / 1000;
    const serverMicros = loop.serverCpu && serverBefore !== undefined ? loop.serverCpu() - serverBefore : undefined;
    await watched.drain();
    const bytes = (await storedBytesOf(postgres.pool, 'ledger')) - bytesBefore;
    loop.report('comparing with the model and verifying the journal');
    const violations = [
      ...watched.violations,
      ...(await compareWithModel(postgres, loop, watched.acknowledged)),
      ...(await verify(postgres)),
    ];
    const { transfers, commands, refused } = await countStored(postgres);
    return {
      engine: 'Alervato',
      about: `${kills.writer} times the writer and ${kills.postgres} times PostgreSQL ended by SIGKILL, batches of ${loop.batch}`,
      workload: loop.workload.name,
      batch: loop.batch,
      concurrency: MOST_CALLERS,
      seconds: round(seconds, 2),
      transfers,
      refused,
      commands,
      transfersPerSecond: Math.round(transfers / seconds),
      batchLatencyMs: percentiles(watched.latency),
      cpuMicrosPerTransfer: {
        node: round(watched.writerMicros / Math.max(1, transfers), 2),
        // A server that was killed takes the processor time of its connections with it.
        postgres: serverMicros === undefined || kills.postgres > 0 ? null : round(serverMicros / Math.max(1, transfers), 2),
        workload: 0,
      },
      bytesPerTransfer: Math.round(bytes / Math.max(1, transfers)),
      invariantsOk: violations.length === 0,
      violations,
      writerKills: kills.writer,
      postgresKills: kills.postgres,
    };
  } finally {
    await postgres.stop();
  }
}

async function setUp(postgres: Postgres, { workload, report }: KillLoop): Promise<void> {
  await migrateLedger(postgres);
  report(`opening ${workload.accounts} accounts`);
  const writer = openWriter(postgres, { keptMax: workload.accounts + 50_000 });
  await writer.startAt('ledgerCommands', [0]);
  await openAccounts(writer, workload);
  await postgres.pool.query('VACUUM ANALYZE ledger.accounts');
}

/** The writer, the server, both; and again, until the time is over. */
async function killInTurns(watched: WatchedWriter, { server, seconds, killEverySeconds, report }: KillLoop) {
  const kills = { writer: 0, postgres: 0 };
  const untilMs = performance.now() + seconds * 1000;
  await watched.start();
  for (let turn = 0; ; turn++) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= killEverySeconds * 1000) {
      await sleep(Math.max(0, leftMs));
      return kills;
    }
    await sleep(killEverySeconds * 1000);
    const both = turn % 3 === 2;
    if (both || turn % 3 === 1) {
      server.kill();
      kills.postgres++;
    }
    if (both || turn % 3 === 0) {
      watched.kill();
      kills.writer++;
    }
    const backAfterMs = await watched.recovered();
    report(
      `${both ? 'both' : turn % 3 === 1 ? 'postgres' : 'the writer'} killed; writing again after ${Math.round(backAfterMs)} ms, ${watched.acknowledged} taken`,
    );
  }
}

const LAST_WORDS = 2_000;

/** A writer process that is started again whenever it ends, and what it has acknowledged. */
class WatchedWriter {
  readonly #loop: KillLoop;
  readonly violations: string[] = [];
  readonly latency = build({ lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 });
  acknowledged = 0;
  writerMicros = 0;
  #child: ChildProcess | undefined;
  #ending = false;
  #lastWords = '';
  #committed = Promise.withResolvers<undefined>();
  #drained = Promise.withResolvers<undefined>();

  constructor(loop: KillLoop) {
    this.#loop = loop;
  }

  async start(): Promise<void> {
    this.#spawn();
    await this.recovered();
  }

  kill(): void {
    this.#committed = Promise.withResolvers();
    this.#child?.kill('SIGKILL');
  }

  /** Resolves with how long it took, when something is committed that was handed over after the call. */
  async recovered(): Promise<number> {
    const startedMs = performance.now();
    this.#committed = Promise.withResolvers();
    const late = new AbortController();
    const given = sleep(RECOVERY_MAX_MS, 'late' as const, { signal: late.signal });
    const outcome = await Promise.race([this.#committed.promise, given.catch(() => undefined)]);
    late.abort();
    if (outcome === 'late')
      throw new Error(`nothing was committed within ${RECOVERY_MAX_MS} ms after a kill. The writer's last words:\n${this.#lastWords}`);
    return performance.now() - startedMs;
  }

  async drain(): Promise<void> {
    // After the last kill there may be no writer yet.
    await this.recovered();
    this.#ending = true;
    this.#child?.send('drain');
    await this.#drained.promise;
  }

  #spawn(): void {
    const { databaseUrl, workload, options, batch } = this.#loop;
    const { seed, idsFromMs, accounts, hotAccounts, hotPercent } = options;
    const orders: WriterOrders = {
      databaseUrl,
      workload: workload.name,
      options: { seed, idsFromMs, hotAccounts, hotPercent, ...(accounts !== undefined && { accounts }) },
      batch,
    };
    const child = fork(join(import.meta.dirname, 'writer-process.js'), [JSON.stringify(orders)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => void (this.#lastWords = (this.#lastWords + chunk.toString()).slice(-LAST_WORDS)));
    child.on('message', (news) => this.#take(news as unknown as WriterNews));
    void once(child, 'exit').then(() => {
      if (!this.#ending) void this.#spawnWhenReady();
    });
  }

  async #spawnWhenReady(): Promise<void> {
    await this.#loop.server.ready();
    this.#spawn();
  }

  #take(news: WriterNews): void {
    switch (news.kind) {
      case 'claimed':
        if (news.position < this.acknowledged) {
          this.violations.push(`acknowledged up to ${this.acknowledged}, and the journal goes to ${news.position}`);
        }
        break;
      case 'committed':
        this.acknowledged = Math.max(this.acknowledged, news.position);
        this.latency.recordValue(Math.max(1, Math.round(news.latencyMs * 1000)));
        this.writerMicros += news.cpuMicros;
        this.#committed.resolve(undefined);
        break;
      case 'drained':
        this.#drained.resolve(undefined);
    }
  }
}

async function compareWithModel(postgres: Postgres, { workload }: KillLoop, acknowledged: number): Promise<string[]> {
  const { rows } = await postgres.pool.query<{ next_offset: string }>('SELECT next_offset FROM ledger.inputs WHERE topic = $1', [
    'ledger-commands.v1',
  ]);
  const position = Number(rows[0]?.next_offset ?? 0);
  const found: string[] = [];
  if (position < acknowledged) found.push(`acknowledged up to ${acknowledged}, and the journal goes to ${position}`);
  const expected = expectCardMix(workload, position);
  return [...found, ...(await compareAccounts(postgres, expected)), ...(await compareCounts(postgres, expected))];
}

async function compareAccounts(postgres: Postgres, { accounts }: Expected): Promise<string[]> {
  const { rows } = await postgres.pool.query<
    Record<'id' | 'debits_posted' | 'credits_posted' | 'debits_pending' | 'credits_pending', string>
  >('SELECT id, debits_posted, credits_posted, debits_pending, credits_pending FROM ledger.accounts WHERE id <> $1', [FUNDING]);
  const stored = new Map(rows.map((row) => [row.id, row]));
  const wrong = accounts.filter(({ debitsPosted, creditsPosted, debitsPending, creditsPending }, number) => {
    const row = stored.get(accountId(number));
    const same = [row?.debits_posted, row?.credits_posted, row?.debits_pending, row?.credits_pending].join();
    return same !== [debitsPosted, creditsPosted, debitsPending, creditsPending].join();
  });
  return wrong.length > 0 ? [`${wrong.length} accounts are not as the model has them`] : [];
}

async function compareCounts(postgres: Postgres, expected: Expected): Promise<string[]> {
  const kinds = await postgres.pool.query<{ name: string; count: string }>(
    `SELECT kind AS name, count(*) AS count FROM ledger.transfers JOIN ledger.inputs ON number = input
      WHERE topic <> 'bench-setup' GROUP BY kind`,
  );
  const refusals = await postgres.pool.query<{ name: string; count: string }>(
    `SELECT result AS name, count(*) AS count FROM ledger.commands WHERE result <> 'applied' GROUP BY result`,
  );
  const compare = (what: string, rows: readonly { name: string; count: string }[], counts: ReadonlyMap<string, number>) => {
    const stored = new Map(rows.map(({ name, count }) => [name, Number(count)]));
    return [...new Set([...stored.keys(), ...counts.keys()])]
      .filter((name) => stored.get(name) !== counts.get(name))
      .map((name) => `${stored.get(name) ?? 0} ${what} ${name}, and the model has ${counts.get(name) ?? 0}`);
  };
  return [...compare('transfers of kind', kinds.rows, expected.transfers), ...compare('refusals for', refusals.rows, expected.refusals)];
}

async function verify(postgres: Postgres): Promise<string[]> {
  const report = await postgres.inTransaction(async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    return verifyLedger({ client, mismatchesMax: 10 });
  });
  return report.found.map(({ kind, where, detail }) => `${kind} ${where}: ${detail}`);
}

async function countStored(postgres: Postgres): Promise<{ transfers: number; commands: number; refused: number }> {
  const { rows } = await postgres.pool.query<{ transfers: string; commands: string; refused: string }>(
    `SELECT (SELECT count(*) FROM ledger.transfers JOIN ledger.inputs ON number = input WHERE topic <> 'bench-setup') AS transfers,
            (SELECT count(*) FROM ledger.commands) AS commands,
            (SELECT count(*) FROM ledger.commands WHERE result <> 'applied') AS refused`,
  );
  return { transfers: Number(rows[0]?.transfers), commands: Number(rows[0]?.commands), refused: Number(rows[0]?.refused) };
}
