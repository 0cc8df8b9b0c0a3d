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

test('what a caller gives a query stays as it is, answered or refused, and may be given again', async () => {
  const values = [Buffer.from('twelve bytes'), 3];
  const query = { name: 'length', text: 'SELECT length($1::bytea) / $2::int AS length', values };
  for (let time = 0; time < 2; time++) {
    const { rows } = await postgres.pool.query<{ length: number }>(query);
    expect(rows).toEqual([{ length: 4 }]);
  }
  await expect(postgres.pool.query(query.text, [values[0], 0])).rejects.toMatchObject({ code: '22012' });
  expect(values).toEqual([Buffer.from('twelve bytes'), 3]);
});
