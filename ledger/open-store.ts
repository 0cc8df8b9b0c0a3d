import { join } from 'node:path';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import type { Scope } from '@trancendos/platform/run';
import { UNDER_WAY_MAX } from './write-batches.ts';

/** The ledger's database, by connections that are apart from each other: no read and no clean-up ever stands in the writer's way. */
export interface Store {
  /** The writer's own, for commits: one connection for each that is under way. */
  readonly writing: Postgres;
  /** For what the writer reads while a commit is under way. */
  readonly loading: Postgres;
  /** For the outbox, and for partitions. */
  readonly keeping: Postgres;
  /** For answers that take milliseconds. */
  readonly reading: Postgres;
  /** For what reads much, so that quick reads never wait for a connection. */
  readonly reporting: Postgres;
  /** For settlement files: may write those, and nothing else. */
  readonly reconciling: Postgres;
}

/**
 * Pages come in the order of an index, merged over the partitions. Of an account that is named by a parameter the planner expects few
 * transfers, and would sort them: half a million, of a busy one.
 */
const READER_OPTIONS = '-c role=ledger_reader -c enable_sort=off';
/** One who adds up all accounts takes one processor, not all of them from whoever waits for a commit. */
const ALONE = ' -c max_parallel_workers_per_gather=0';
const READ_TIMEOUT_MS = 10_000;
const REPORT_TIMEOUT_MS = 120_000;

/** Brings the schema forward and connects. What connects here may do no more than its part needs: nobody can change what was posted. */
export async function openStore(databaseUrl: string, scope: Scope): Promise<Store> {
  const owner = await connectPostgres({ url: databaseUrl, applicationName: 'ledger-migrate', poolMax: 1 });
  try {
    await migrate(owner, { schema: 'ledger', folder: join(packageRoot(import.meta.dirname), 'migrations'), log: scope.log });
  } finally {
    await owner.stop();
  }
  const connect = (name: string, options: string, limits: { poolMax: number; queryTimeoutMs?: number }) =>
    scope.open(connectPostgres({ url: withOptions(databaseUrl, options), applicationName: `ledger-${name}`, ...limits }));
  return {
    writing: await connect('writer', '-c role=ledger_writer', { poolMax: UNDER_WAY_MAX }),
    loading: await connect('loader', '-c role=ledger_reader', { poolMax: 2 }),
    // How far the outcomes are published may be lost in a crash of the server: being behind means publishing some again.
    keeping: await connect('outbox', '-c role=ledger_writer -c synchronous_commit=off', { poolMax: 2 }),
    reading: await connect('reads', READER_OPTIONS + ALONE, { poolMax: 4, queryTimeoutMs: READ_TIMEOUT_MS }),
    reporting: await connect('reports', READER_OPTIONS, { poolMax: 2, queryTimeoutMs: REPORT_TIMEOUT_MS }),
    reconciling: await connect('reconciliation', '-c role=ledger_reconciler', { poolMax: 2, queryTimeoutMs: REPORT_TIMEOUT_MS }),
  };
}

/** The address under which quick reads and reports connect. */
export function readerUrl(databaseUrl: string): string {
  return withOptions(databaseUrl, READER_OPTIONS);
}

/** The address with settings for the session, beside those that it may bring. */
function withOptions(databaseUrl: string, options: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', given === null ? options : `${given} ${options}`);
  return url.href;
}
