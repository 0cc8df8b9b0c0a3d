import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { createTestDatabase } from '@trancendos/platform/testing';
import { pino } from 'pino';
import { tellLateDecisions } from './keep-late-decisions.ts';

const ANSWERS = 20_000;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let postgres: Postgres;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = await connectPostgres({ url: database.url, applicationName: 'test', poolMax: 1 });
  const folder = join(packageRoot(import.meta.dirname), 'migrations');
  await migrate(postgres, { schema: 'ingest', folder, log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await postgres.stop();
  await database.drop();
});

/** How many answers have been read one after the other, as far as this connection has done it. */
async function answersScanned(): Promise<number> {
  await postgres.pool.query('SELECT pg_stat_force_next_flush()');
  await postgres.pool.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await postgres.pool.query<{ read: string }>(
    `SELECT seq_tup_read AS read FROM pg_stat_user_tables WHERE schemaname = 'ingest' AND relname = 'answers'`,
  );
  return Number(rows[0]?.read);
}

test('looking for late decisions reads their answers and no others, also where it began with empty tables', async () => {
  await tellLateDecisions(postgres.pool);
  await postgres.pool.query(
    `INSERT INTO ingest.answers (merchant_id, transaction_id, body)
     SELECT 'books-01', 't-' || n, '{"degraded_causes":["deadline"]}' FROM generate_series(1, ${ANSWERS}) AS n`,
  );
  await postgres.pool.query(
    `INSERT INTO ingest.late_decisions (merchant_id, transaction_id, decision_id, body)
     VALUES ('books-01', 't-7', 'dec_1', '{"decision_id":"dec_1"}'), ('books-01', 't-0', 'dec_2', '{"decision_id":"dec_2"}')`,
  );
  const before = await answersScanned();
  await tellLateDecisions(postgres.pool);
  expect((await answersScanned()) - before).toBe(0);
  const { rows } = await postgres.pool.query('SELECT transaction_id FROM ingest.late_decisions WHERE told');
  expect(rows).toEqual([{ transaction_id: 't-7' }]);
});
