import pg from 'pg';
import { limitQueries } from './limit-queries.ts';
import { watchPool } from './watch-pool.ts';
import type { Resource } from './run.ts';
import type { Secret } from './secret.ts';

/** A pool of connections. Inside `inTransaction` the client that it gives is the only database in scope. */
export interface Postgres extends Resource {
  readonly pool: pg.Pool;
  /** Runs `work` between BEGIN and COMMIT; rolls back when it throws, and throws the same again. */
  inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /** Throws when no query can be answered within the connection timeout. */
  ping(): Promise<void>;
}

export interface PostgresOptions {
  readonly url: Secret | string;
  readonly applicationName: string;
  /** Default 8. */
  readonly poolMax?: number;
  /** A query that takes longer is given up on the client's side. Default 15,000. */
  readonly queryTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 3_000;
const QUERY_TIMEOUT_MS = 15_000;

/** Connects and makes sure that the server answers. Lost connections are replaced on the next use. */
export async function connectPostgres(options: PostgresOptions): Promise<Postgres> {
  const pool = new pg.Pool({
    connectionString: typeof options.url === 'string' ? options.url : options.url.reveal(),
    application_name: options.applicationName,
    max: options.poolMax ?? 8,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('connect', (client) => limitQueries(client, options.queryTimeoutMs ?? QUERY_TIMEOUT_MS));
  // A connection that breaks while idle is dropped by the pool; the next query opens another, or fails and says so.
  pool.on('error', () => undefined);
  const ping = async () => {
    await pool.query('SELECT 1');
  };
  try {
    await ping();
  } catch (error) {
    await pool.end();
    throw error;
  }
  const watching = watchPool(pool, options.applicationName);
  const stop = async () => {
    watching.stop();
    await pool.end();
  };
  return { pool, ping, inTransaction: (work) => inTransaction(pool, work), stop };
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool does not listen while a client is lent out, and nobody listening would end the process; the next query fails and says so.
  const noteBroken = (error: Error) => void (broken = error);
  client.on('error', noteBroken);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: unknown) => (broken = rollbackError as Error));
    throw error;
  } finally {
    client.off('error', noteBroken);
    client.release(broken);
  }
}

/** Classes and codes of PostgreSQL errors that another try may get past (Appendix A of its manual). */
const TRANSIENT_SQLSTATE = /^(08|53|57P|58|40001$|40P01$|55P03$|25006$)/;
const TRANSIENT_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENOENT']);

/** True when the database is away or overtaken rather than the statement wrong: the same call may succeed later. */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isTransient);
  if ('code' in error && typeof error.code === 'string') return TRANSIENT_SYSTEM.has(error.code) || TRANSIENT_SQLSTATE.test(error.code);
  const message = 'message' in error ? String(error.message) : '';
  return /connection terminated|timeout|connection error|not queryable/i.test(message);
}
