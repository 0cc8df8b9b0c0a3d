import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pause } from './clock.ts';
import { connectPostgres, isTransient, type Postgres } from './postgres.ts';
import { testServers } from './testing.ts';

let postgres: Postgres;

beforeEach(async () => {
  postgres = await connectPostgres({ url: testServers().databaseUrl, applicationName: 'test' });
});

afterEach(() => postgres.stop());

test('a connection that breaks between two statements of a transaction fails the transaction, not the process', async () => {
  const work = postgres.inTransaction(async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await postgres.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    await pause(200);
    await client.query('SELECT 1');
  });
  const failure = await work.catch((error: unknown) => error);
  expect(isTransient(failure)).toBe(true);
  await postgres.ping();
});
