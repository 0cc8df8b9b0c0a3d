import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres, type PostgresPrograms } from './find-postgres.ts';
import { probePostgres } from './probe-servers.ts';
import { StartError } from './start-error.ts';
import { tellError } from './tell-error.ts';
import type { ProcessPlan } from './supervise.ts';

export interface PostgresOptions {
  /** The data directory of the run; PostgreSQL lives in its `postgres` folder. */
  readonly directory: string;
  readonly port: number;
  readonly report: (line: string) => void;
  /** The folder of `postgres` and `initdb` of another build, version 15 or later. Default: what npm has installed. */
  readonly bin?: string | undefined;
  /** Settings of the server instead of those of the local stack, by name. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

const SUPERUSER = 'trancendos';
const DATABASE = 'trancendos';

/** What docs/ledger.md asks of an operator, so that the rates of the benchmarks are those of `npm start`. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: `${sharedBuffersMb()}MB`,
  max_wal_size: '8GB',
  min_wal_size: '512MB',
  wal_buffers: '16MB',
  checkpoint_timeout: '30min',
  random_page_cost: '1.1',
  jit: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
  // Of what is only ever inserted a fifth more is enough to vacuum it; on few processors that should go slowly, as nobody waits for it.
  autovacuum_vacuum_cost_delay: '10ms',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** A quarter of the memory, as PostgreSQL's manual recommends, between 128 MB and 1 GB: other servers live here too. */
function sharedBuffersMb(): number {
  return Math.round(Math.min(1_024, Math.max(128, totalmem() / 4 / 2 ** 20)));
}

/**
 * One PostgreSQL with a database of ours. The cluster is made once, with a password of its own; a later start reuses it.
 * Where the caller is root it runs as another system user, because PostgreSQL refuses root; its files are in `home`.
 */
export async function planPostgres(options: PostgresOptions): Promise<{ plan: ProcessPlan; url: string; home: string }> {
  const programs = findPostgres(join(options.directory, 'postgres'), options.report, options.bin);
  const passwordFile = join(programs.home, 'password');
  if (!existsSync(join(programs.home, 'data'))) await createCluster(programs, passwordFile);
  const password = readFileSync(passwordFile, 'utf8').trim();
  const url = localDatabaseUrl(password, options.port);
  const settings = Object.entries({ ...SETTINGS, ...options.settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const plan: ProcessPlan = {
    name: 'postgres',
    command: programs.postgres,
    args: ['-D', join(programs.home, 'data'), '-p', String(options.port), ...settings],
    ...(programs.user && { user: programs.user }),
    probe: () => probePostgres(url, { create: true }),
    readyWithinMs: 60_000,
    stopSignal: 'SIGINT', // the fast shutdown: ends sessions, writes a checkpoint
    stopWithinMs: 20_000,
  };
  return { plan, url, home: programs.home };
}

/** The address of the stack's database. */
export function localDatabaseUrl(password: string, port: number): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** Makes the cluster beside its final place, so that one which is there is whole. */
async function createCluster(programs: PostgresPrograms, passwordFile: string): Promise<void> {
  const unfinished = join(programs.home, 'data.new');
  const handedOver = join(programs.home, 'password.new');
  rmSync(unfinished, { recursive: true, force: true });
  const password = randomBytes(18).toString('base64url');
  writeFileSync(handedOver, password, { mode: 0o600 });
  if (programs.user) chownSync(handedOver, programs.user.uid, programs.user.gid);
  const args = [`--pgdata=${unfinished}`, `--username=${SUPERUSER}`, `--pwfile=${handedOver}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C'];
  try {
    await promisify(execFile)(programs.initdb, [...args, ...locale], { cwd: programs.home, ...programs.user });
  } catch (error) {
    throw new StartError(`PostgreSQL's data directory cannot be made: ${tellError(error)}`);
  } finally {
    rmSync(handedOver, { force: true });
  }
  writeFileSync(passwordFile, password, { mode: 0o600 });
  renameSync(unfinished, join(programs.home, 'data'));
}
