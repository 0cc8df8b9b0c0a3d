import { readFileSync, statSync } from 'node:fs';
import { migrate } from '@trancendos/platform/migrate';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import pg from 'pg';
import { pino } from 'pino';
import { COMMANDS_TOPIC, commandOf, entryOf, migrateLedger, openAccounts, openWriter } from './alervato-engine.ts';
import { round } from './measure-engine.ts';
import type { BenchPostgres } from './start-bench-postgres.ts';
import type { Workload, WorkloadCommand } from './workload.ts';

/** Batches at the beginning that do not count, while caches fill: one of so many. */
const WARM_UP_SHARE = 6;
/** Of the dearest batches, those that are left out: a checkpoint or another process met them. */
const TRIMMED_SHARE = 0.05;

/** A ledger to compare: as it is, with a file of SQL carried out before it is measured, or from another folder of migrations. */
export interface Variant {
  readonly name: string;
  readonly path?: string | undefined;
}

export interface CompareOptions {
  readonly server: BenchPostgres;
  readonly workload: Workload;
  readonly batch: number;
  readonly batches: number;
  readonly variants: readonly Variant[];
  readonly report: (line: string) => void;
}

export interface VariantCost {
  readonly name: string;
  /** Processor time of the connection for a transfer, the dearest twentieth of the batches left out. */
  readonly microsPerTransfer: number;
  /** Of the first variant's. */
  readonly ratio: number;
}

/** A commit as the driver is given it. */
interface Call {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

interface Recording {
  readonly opening: readonly Call[];
  readonly measured: readonly Call[];
}

interface Measured {
  readonly name: string;
  readonly client: pg.Client;
  readonly pid: number;
  readonly micros: number[];
}

/**
 * What the same commits cost PostgreSQL in several databases of one server. They are recorded once and then carried out in turns, batch by
 * batch, so that a machine that becomes slower or faster meanwhile does so for all of them: a difference of a hundredth can be seen. Linux only.
 */
export async function compareCommits(options: CompareOptions): Promise<VariantCost[]> {
  const recording = await recordCommits(options);
  const open: Measured[] = [];
  try {
    for (const [place, variant] of options.variants.entries()) {
      options.report(`preparing ${variant.name}`);
      open.push(await openVariant(await options.server.createDatabase(`variant_${place}`), variant, recording));
    }
    await measureInTurns(open, recording.measured, options);
  } finally {
    await Promise.all(open.map(({ client }) => client.end()));
  }
  const costs = open.map(({ micros }) => trimmedMean(micros));
  return open.map(({ name }, place) => ({
    name,
    microsPerTransfer: round(costs[place] ?? 0, 2),
    ratio: round((costs[place] ?? 0) / (costs[0] ?? 1), 3),
  }));
}

async function recordCommits({ server, workload, batch, batches, report }: CompareOptions): Promise<Recording> {
  const postgres = await connectPostgres({ url: await server.createDatabase('recorded'), applicationName: 'bench-recorded' });
  try {
    await migrateLedger(postgres);
    const calls: Call[] = [];
    const writer = openWriter(recorded(postgres, calls), { keptMax: workload.accounts + 50_000 });
    await writer.startAt('ledgerCommands', [0]);
    report(`recording ${batches} batches of ${batch}`);
    await openAccounts(writer, workload);
    const opening = calls.splice(0);
    let position = 0;
    let offset = 0n;
    for (let made = 0; made < batches; made++) {
      const commands: WorkloadCommand[] = [];
      while (commands.length < batch) {
        const command = workload.commandAt(position++);
        if (command) commands.push(command);
      }
      await writer.submit(commands.map((command) => entryOf(commandOf(command), COMMANDS_TOPIC, offset++)));
    }
    return { opening, measured: calls };
  } finally {
    await postgres.stop();
  }
}

/** The same connections, with the writer's commits written down. */
function recorded(postgres: Postgres, calls: Call[]): Postgres {
  const pool = Object.create(postgres.pool) as pg.Pool;
  const query = postgres.pool.query.bind(postgres.pool) as (...given: unknown[]) => unknown;
  const record = (...given: unknown[]) => {
    const [call] = given as [Partial<Call>];
    if (call.name === 'commit-batch') calls.push(call as Call);
    return query(...given);
  };
  return { ...postgres, pool: Object.assign(pool, { query: record }) };
}

async function openVariant(url: string, variant: Variant, { opening }: Recording): Promise<Measured> {
  const isFolder = variant.path !== undefined && statSync(variant.path).isDirectory();
  const postgres = await connectPostgres({ url, applicationName: 'bench-variant' });
  try {
    if (isFolder) await migrate(postgres, { schema: 'ledger', folder: variant.path, log: pino({ level: 'silent' }) });
    else await migrateLedger(postgres);
    // Claims the journal as the recorded writer did, so that the epoch is the same.
    await openWriter(postgres, {}).startAt('ledgerCommands', [0]);
  } finally {
    await postgres.stop();
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const call of opening) await client.query(call);
  await client.query('VACUUM ANALYZE ledger.accounts');
  if (variant.path !== undefined && !isFolder) await client.query(readFileSync(variant.path, 'utf8'));
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return { name: variant.name, client, pid: rows[0]?.pid ?? 0, micros: [] };
}

async function measureInTurns(variants: readonly Measured[], calls: readonly Call[], { batch, report }: CompareOptions): Promise<void> {
  const warmUp = Math.floor(calls.length / WARM_UP_SHARE);
  for (const [made, call] of calls.entries()) {
    if (made % 500 === 0) report(`${made} of ${calls.length} batches`);
    // Another one begins each time, forwards and backwards: who comes after whom is not the same either.
    const turned = variants.map((_, place) => variants[(made + place) % variants.length] as Measured);
    for (const variant of made % 2 === 0 ? turned : turned.reverse()) {
      const before = microsOf(variant.pid);
      await variant.client.query(call);
      if (made >= warmUp) variant.micros.push((microsOf(variant.pid) - before) / batch);
    }
  }
}

/** The processor time of a process so far, in microseconds: the first field of its schedstat (sched-stats in the kernel's documentation). */
function microsOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
}

function trimmedMean(values: readonly number[]): number {
  const kept = [...values].sort((a, b) => a - b).slice(0, Math.ceil(values.length * (1 - TRIMMED_SHARE)));
  return kept.reduce((sum, value) => sum + value, 0) / Math.max(1, kept.length);
}
