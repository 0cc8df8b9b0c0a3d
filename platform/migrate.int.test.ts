import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { migrate } from './migrate.ts';
import { connectPostgres, isTransient, type Postgres } from './postgres.ts';
import { createTestDatabase } from './testing.ts';

const log = pino({ level: 'silent' });
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let postgres: Postgres;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase();
  postgres = await connectPostgres({ url: database.url, applicationName: 'test' });
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  writeFileSync(join(folder, '001-create-thing.sql'), 'CREATE TABLE thing (id int PRIMARY KEY);');
});

afterEach(async () => {
  await postgres.stop();
  await database.drop();
  rmSync(folder, { recursive: true });
});

describe('migrations', () => {
  test('run once, in order, however many instances start together', async () => {
    writeFileSync(join(folder, '002-fill-thing.sql'), 'INSERT INTO thing VALUES (1);');
    await Promise.all([1, 2, 3].map(() => migrate(postgres, { schema: 'demo', folder, log })));
    expect((await postgres.pool.query('SELECT id FROM demo.thing')).rows).toEqual([{ id: 1 }]);
  });

  test('refuse a file that was changed after it had been applied', async () => {
    await migrate(postgres, { schema: 'demo', folder, log });
    writeFileSync(join(folder, '001-create-thing.sql'), 'CREATE TABLE thing (id bigint PRIMARY KEY);');
    await expect(migrate(postgres, { schema: 'demo', folder, log })).rejects.toThrow('was changed after it had been applied');
  });

  test('leave nothing behind when one of them fails', async () => {
    writeFileSync(join(folder, '002-break.sql'), 'CREATE TABLE other (id int); SELECT no_such_function();');
    await expect(migrate(postgres, { schema: 'demo', folder, log })).rejects.toThrow('no_such_function');
    expect((await postgres.pool.query("SELECT to_regclass('demo.thing') AS found")).rows).toEqual([{ found: null }]);
  });
});

describe('a transaction', () => {
  test('is rolled back when the work throws, and its connection is used again', async () => {
    await migrate(postgres, { schema: 'demo', folder, log });
    const work = postgres.inTransaction(async (client) => {
      await client.query('INSERT INTO demo.thing VALUES (1)');
      throw new Error('second thoughts');
    });
    await expect(work).rejects.toThrow('second thoughts');
    expect((await postgres.pool.query('SELECT count(*)::int AS n FROM demo.thing')).rows).toEqual([{ n: 0 }]);
  });

  test('that fails because the server is away counts as transient, a wrong statement does not', async () => {
    const away = connectPostgres({ url: 'postgres://a:b@127.0.0.1:1/none', applicationName: 'test' });
    expect(isTransient(await away.catch((error: unknown) => error))).toBe(true);
    expect(isTransient(await postgres.pool.query('SELEC 1').catch((error: unknown) => error))).toBe(false);
  });
});
