import { mendKafkajs } from '@trancendos/platform/mend-kafkajs';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { request } from 'undici';

const CONNECT_WITHIN_MS = 2_000;
const ANSWER_WITHIN_MS = 3_000;

/**
 * Succeeds when the cluster has a broker, answers a metadata request, and coordinates consumer groups. Brokers are `host:port`, separated
 * by commas.
 */
export async function probeKafka(brokers: string): Promise<void> {
  mendKafkajs();
  const kafka = new Kafka({
    clientId: 'local-probe',
    brokers: brokers.split(','),
    connectionTimeout: CONNECT_WITHIN_MS,
    requestTimeout: ANSWER_WITHIN_MS,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length === 0) throw new Error('the broker has not joined its cluster yet');
    await admin.fetchOffsets({ groupId: 'local-probe' });
  } finally {
    await admin.disconnect();
  }
}

/** Succeeds when the database can be asked. With `create` it is made first where it is not there yet. */
export async function probePostgres(url: string, { create = false } = {}): Promise<void> {
  const target = new URL(url);
  const database = target.pathname.slice(1);
  if (create) target.pathname = '/postgres';
  const client = new pg.Client({ connectionString: target.href, connectionTimeoutMillis: CONNECT_WITHIN_MS });
  client.on('error', () => undefined); // the rejection of connect or query tells it
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (create && found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Succeeds when PING is answered, which a Redis that is still loading its data refuses. */
export async function probeRedis(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: CONNECT_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
  });
  client.on('error', () => undefined); // the rejection of connect or ping tells it
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}

/** Succeeds when the cluster serves every primary shard. A trimmed distribution has no `GET /` to ask. */
export async function probeElasticsearch(url: string): Promise<void> {
  const health = await readText(new URL('/_cluster/health', url).href);
  if (!/"status":"(green|yellow)"/.test(health)) throw new Error(health);
}

/** Succeeds when the service says that it can take work. */
export async function probeService(metricsPort: number): Promise<void> {
  await readText(`http://127.0.0.1:${metricsPort}/ready`);
}

async function readText(url: string): Promise<string> {
  const { statusCode, body } = await request(url, { headersTimeout: CONNECT_WITHIN_MS, bodyTimeout: CONNECT_WITHIN_MS });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(text);
  return text;
}
