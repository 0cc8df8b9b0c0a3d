import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServers } from '@trancendos/platform/testing';
import { mendKafkajs } from '@trancendos/platform/mend-kafkajs';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { identityOf } from './process-identity.ts';
import { readProcessRecords } from './process-records.ts';
import { settlePorts } from './settle-ports.ts';
import { startServers, type RunningServers } from './start-servers.ts';
import { wipeDirectory } from './wipe-directory.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'servers-'));
});

afterAll(async () => {
  await wipeDirectory(directory);
  rmSync(directory, { recursive: true, force: true });
});

const given = () => {
  const { kafkaBrokers, databaseUrl, redisUrl } = testServers();
  return { kafkaBrokers: kafkaBrokers.join(','), databaseUrl, redisUrl };
};
const start = () => startServers({ directory, small: true });

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function topicsOf({ kafkaBrokers }: RunningServers, create?: string): Promise<string[]> {
  mendKafkajs();
  const admin = new Kafka({ brokers: kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    if (create !== undefined) await admin.createTopics({ topics: [{ topic: create, numPartitions: 1, replicationFactor: 1 }] });
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

describe('the servers', () => {
  test('answer when they are started, keep what they are told over a restart, and leave no process behind', async () => {
    const first = await start();
    const pids = readProcessRecords(directory).map(({ pid }) => pid);
    expect(pids).toHaveLength(3);
    await query(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await topicsOf(first, 'kept');
    await first.stop();
    expect(pids.map(identityOf)).toEqual([undefined, undefined, undefined]);

    const second = await start();
    try {
      expect(await query(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      expect(await topicsOf(second)).toContain('kept');
      expect(await query(second.databaseUrl, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
      await expect(wipeDirectory(directory)).rejects.toThrow(/already running/);

      await second.stopServer('postgres');
      await expect(query(second.databaseUrl, 'SELECT 1')).rejects.toThrow();
      await second.startServer('postgres');
      expect(await query(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    } finally {
      await second.stop();
    }
  }, 120_000);

  test('are not started where their addresses are given', async () => {
    const servers = await startServers({ directory, given: given() });
    expect(servers).toMatchObject(given());
    expect(readProcessRecords(directory)).toEqual([]);
    expect(() => servers.kill('kafka', 'SIGKILL')).toThrow('not ours');
    await servers.stop();
  });

  test('that are given and do not answer are named', async () => {
    const silent = { kafkaBrokers: '127.0.0.1:1', databaseUrl: 'postgres://a:secret@127.0.0.1:1/c', redisUrl: 'redis://127.0.0.1:1' };
    const refusal = await startServers({ directory, given: silent }).catch((error: unknown) => String(error));
    expect(refusal).toMatch(/server of DATABASE_URL.*\n.*KAFKA_BROKERS.*\n.*REDIS_URL/);
    expect(refusal).not.toContain('secret');
  });
});

describe('ports', () => {
  test('that are taken are told with the variable that changes them, all at once', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    try {
      await expect(settlePorts(['kafka', 'postgres', 'redis'], { kafka: port, postgres: port })).rejects.toThrow(
        `port ${port} for Kafka is taken: end what listens on it, or set LOCAL_KAFKA_PORT to another one\n` +
          `port ${port} is wanted for Kafka and for PostgreSQL: set LOCAL_POSTGRES_PORT to another one`,
      );
    } finally {
      taken.close();
    }
  });

  test('that nobody asks for are free ones, all different', async () => {
    const ports = Object.values(await settlePorts(['kafka', 'kafkaController', 'postgres', 'redis'], { kafka: 0 }));
    expect(new Set(ports).size).toBe(4);
    expect(ports.every((port) => port > 1_024)).toBe(true);
  });
});
