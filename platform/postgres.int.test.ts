import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pause } from './clock.ts';
import { measureAgeing } from './measure-ageing.ts';
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

test('what was asked, and the answer, die young when it is answered, alone and in a transaction', async () => {
  const TEXT_LENGTH = 10_000;
  const askTwice = async (index: number) => {
    const query = { name: 'echo', text: 'SELECT $1::text AS said', values: [`${index}${'x'.repeat(TEXT_LENGTH)}`] };
    await postgres.pool.query(query);
    await postgres.inTransaction((client) => client.query(query));
  };
  const aged = await measureAgeing(askTwice, { warmUp: 100, count: 250, collectEvery: 10 });
  expect(aged).toBeLessThan((500 * TEXT_LENGTH) / 4);
});

test('a query that takes too long is given up, and the connection with it', async () => {
  const hasty = await connectPostgres({ url: testServers().databaseUrl, applicationName: 'hasty', poolMax: 1, queryTimeoutMs: 200 });
  const backend = async () => (await hasty.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  const first = await backend();
  const failure = await hasty.pool.query('SELECT pg_sleep(5)').catch((error: unknown) => error);
  expect(isTransient(failure)).toBe(true);
  expect(await backend()).not.toBe(first);
  const patient = { text: 'SELECT pg_sleep(0.4)', query_timeout: 5_000 };
  await hasty.pool.query(patient);
  const broken = hasty.inTransaction((client) => client.query('SELECT pg_sleep(5)'));
  expect(isTransient(await broken.catch((error: unknown) => error))).toBe(true);
  await hasty.ping();
  await hasty.stop();
});
