import { join } from 'node:path';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import type { Scope } from '@trancendos/platform/run';

/** The archive's database, by connections that are apart from each other: no read and no clean-up stands in the way of archiving. */
export interface Store {
  /** For what arrives. */
  readonly writing: Postgres;
  /** For partitions, and for what is not kept any longer. */
  readonly keeping: Postgres;
  /** For answers; a statement that takes longer than a few seconds is ended by the server. */
  readonly reading: Postgres;
}

const READ_TIMEOUT_MS = 5_000;
/** On the client's side, where the server does not answer at all. */
const ANSWER_TIMEOUT_MS = READ_TIMEOUT_MS + 1_000;
/**
 * Pages come in the order of an index, partition after partition. Of an entity that is named by a parameter the planner expects few
 * decisions, and would sort them: a million, of a busy merchant.
 */
const READER_OPTIONS = `-c role=review_reader -c enable_sort=off -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off -c statement_timeout=${READ_TIMEOUT_MS}`;

/** Brings the schema forward and connects. What connects here may do no more than its part needs. */
export async function openStore(databaseUrl: string, scope: Scope): Promise<Store> {
  await migrateReview(databaseUrl, scope);
  const connect = (name: string, options: string, limits: { poolMax: number; queryTimeoutMs?: number }) =>
    scope.open(connectPostgres({ url: withOptions(databaseUrl, options), applicationName: `review-${name}`, ...limits }));
  return {
    writing: await connect('writer', '-c role=review_writer', { poolMax: 1 }),
    keeping: await connect('keeper', '-c role=review_writer', { poolMax: 1, queryTimeoutMs: 60_000 }),
    reading: await connect('reads', READER_OPTIONS, { poolMax: 6, queryTimeoutMs: ANSWER_TIMEOUT_MS }),
  };
}

export async function migrateReview(databaseUrl: string, { log }: Pick<Scope, 'log'>): Promise<void> {
  const owner = await connectPostgres({ url: databaseUrl, applicationName: 'review-migrate', poolMax: 1 });
  try {
    await migrate(owner, { schema: 'review', folder: join(packageRoot(import.meta.dirname), 'migrations'), log });
  } finally {
    await owner.stop();
  }
}

/** The address under which answers are read. */
export function readerUrl(databaseUrl: string): string {
  return withOptions(databaseUrl, READER_OPTIONS);
}

/** The address under which is archived. */
export function writerUrl(databaseUrl: string): string {
  return withOptions(databaseUrl, '-c role=review_writer');
}

/** The address with settings for the session, beside those that it may bring. */
function withOptions(databaseUrl: string, options: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', given === null ? options : `${given} ${options}`);
  return url.href;
}
