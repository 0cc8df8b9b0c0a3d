import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDirectory } from '@trancendos/local/claim-directory';
import { findPort } from '@trancendos/local/find-port';
import { planPostgres } from '@trancendos/local/plan-postgres';
import { Supervised } from '@trancendos/local/supervise';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import pg from 'pg';
import { prepareWal, WAL_PREPARED_MB } from '../prepare-wal.ts';

/** A PostgreSQL for one measurement: that of the local stack, with its settings (fsync on), and data that is wiped afterwards. */
export interface BenchPostgres {
  readonly url: string;
  /** Whether its shared memory is in huge pages: `on`, `off`, or null where the server (before 17) does not say. */
  readonly hugePages: string | null;
  /** The pid of its first process. */
  readonly pid: () => number | undefined;
  /** Ends it as a crash would; it is started again. */
  readonly kill: () => void;
  /** Resolves when the server that runs now, or the next one, takes connections. */
  readonly ready: () => Promise<void>;
  /** A new, empty database on it. */
  readonly createDatabase: (name: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** `bin`: where the programs of another build are than the local stack's. */
export async function startBenchPostgres(report: (line: string) => void, bin?: string): Promise<BenchPostgres> {
  const directory = await claimDirectory(mkdtempSync(join(tmpdir(), 'trancendos-bench-')), report);
  const settings = { min_wal_size: `${WAL_PREPARED_MB}MB` };
  const { plan, url } = await planPostgres({ directory: directory.path, port: await findPort(), report, bin, settings });
  const server = new Supervised(plan, { directory, report, onGiveUp: (error) => report(error.message) });
  await server.start();
  const hugePages = await readHugePages(url);
  report(`PostgreSQL's shared memory in huge pages: ${hugePages ?? 'unknown'}`);
  await prepareWal(url);
  return {
    url,
    hugePages,
    pid: () => server.pid,
    kill: () => server.kill('SIGKILL'),
    ready: () => server.ready(),
    createDatabase: (name) => createDatabase(url, name),
    stop: async () => {
      await server.stop();
      directory.release();
      await wipeDirectory(directory.path);
    },
  };
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** With them PostgreSQL takes up to 18 percent less, so figures with and without are not to be compared. */
async function readHugePages(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ status: string | null }>("SELECT current_setting('huge_pages_status', true) AS status");
    return rows[0]?.status ?? null;
  } finally {
    await client.end();
  }
}
