import pg from 'pg';
import { z } from 'zod';
import { loadConfig } from './config.ts';
import { newId } from './new-id.ts';

const TestServers = z.object({ TEST_KAFKA_BROKERS: z.string(), TEST_DATABASE_URL: z.string(), TEST_REDIS_URL: z.string() });

/** Addresses of the real servers that the test run has started and shares. */
export function testServers(): { kafkaBrokers: string[]; databaseUrl: string; redisUrl: string } {
  const config = loadConfig(TestServers);
  return { kafkaBrokers: config.TEST_KAFKA_BROKERS.split(','), databaseUrl: config.TEST_DATABASE_URL, redisUrl: config.TEST_REDIS_URL };
}

/** A fresh, empty database on the test server. `drop` removes it, ending whoever is still connected. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const { databaseUrl } = testServers();
  const name = newId('test').replaceAll('-', '');
  await onServer(databaseUrl, `CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(databaseUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
