import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, errors } from '@elastic/elasticsearch';
import { startTestElasticsearch, type TestElasticsearch } from '@trancendos/local/start-test-elasticsearch';
import { loadConfig } from '@trancendos/platform/config';
import { pause } from '@trancendos/platform/clock';
import { buildLog } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { Resource } from '@trancendos/platform/run';
import { ShipperConfig } from '@trancendos/shipper/config';
import { openShipper } from '@trancendos/shipper/open-shipper';
import { collectSpans, type SpanCollector } from './collect-spans.ts';
import { payment, postTransaction } from './post-transaction.ts';
import { startTestPlatform, type TestPlatform } from './start-test-platform.ts';
import { waitUntil } from './wait-until.ts';

const STREAM = 'logs-trancendos.ingest-test';
let elasticsearch: TestElasticsearch | undefined;
let client: Client;
let folder: string;
let shipper: Resource | undefined;
let platform: TestPlatform | undefined;
let spans: SpanCollector | undefined;

beforeAll(async () => {
  elasticsearch = await startTestElasticsearch();
  if (!elasticsearch) return;
  spans = await collectSpans();
  platform = await startTestPlatform({ LOG_LEVEL: 'info', OTEL_EXPORTER_OTLP_ENDPOINT: spans.endpoint });
  client = new Client({ node: elasticsearch.url, maxRetries: 0 });
  folder = mkdtempSync(join(tmpdir(), 'shipper-'));
  mkdirSync(join(folder, 'logs'));
}, 330_000);

afterAll(async () => {
  await shipper?.stop();
  if (elasticsearch) await client.close();
  await elasticsearch?.stop();
  await platform?.stop();
  await spans?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Writes to the file of ingest as its supervision does. */
const log = buildLog('ingest', 'info', {
  sink: { write: (line) => appendFileSync(join(folder, 'logs', 'ingest.log'), line) },
  names: 'ecs',
});
let number = 0;
function write(count: number): void {
  for (let line = 0; line < count; line++) log.info({ correlationId: requestId(number), ledgerSeq: number++ }, 'payment decided');
}
const requestId = (n: number) => `req_0198a000-0000-7000-8000-${String(n).padStart(12, '0')}`;

async function ship(logs: string, state: string, more: Record<string, string> = {}): Promise<Resource> {
  const environment = { ELASTICSEARCH_URL: elasticsearch?.url, SHIPPER_LOGS_DIR: logs, SHIPPER_STATE_DIR: state, ...more };
  const silent = buildLog('shipper', 'fatal', { sink: { write: () => undefined }, names: 'ecs' });
  return openShipper(loadConfig(ShipperConfig, environment), silent);
}

async function start(): Promise<void> {
  shipper = await ship(join(folder, 'logs'), join(folder, 'state'), { SHIPPER_NAMESPACE: 'test', SHIPPER_BULK_MAX_LINES: '100' });
}

async function stored(): Promise<number> {
  await client.indices.refresh({ index: STREAM }).catch(() => undefined);
  const { count } = await client.count({ index: STREAM }).catch(() => ({ count: 0 }));
  return count;
}

async function untilStored(count: number): Promise<void> {
  const endMs = Date.now() + 120_000;
  while ((await stored()) < count && Date.now() < endMs) await pause(100);
  expect(await stored()).toBe(count);
}

/** An index that has just been made has no shard that answers for a moment. */
function noShardYet(error: unknown): undefined {
  if (!(error instanceof errors.ResponseError) || error.statusCode !== 503) throw error;
}

/** Without the distribution there is nothing to ask; `startTestElasticsearch` has said so, and throws where CI is true. */
const withServer = (run: () => Promise<void>) => async () => {
  if (elasticsearch) await run();
};

describe('the logs of a running platform', () => {
  test(
    'are found in Elasticsearch by the correlation id that the answer to a payment gives, and name no card, key or payer',
    withServer(async () => {
      if (!platform) throw new Error('there is no platform');
      const own = await ship(join(platform.directory, 'logs'), join(platform.directory, 'shipper'));
      const { headers, answer } = await postTransaction(platform, payment('logs-1', { payer: { account_id: 'ACC-LOGS-1' } }));
      const search = { index: 'logs-trancendos.*', query: { term: { 'http.request.id': String(headers['x-request-id']) } } };
      const found = await waitUntil('the line of the decision', async () => {
        await client.indices.refresh({ index: search.index });
        return (await client.search<Record<string, unknown>>(search).catch(noShardYet))?.hits.hits[0]?._source;
      });
      await own.stop();
      expect(found).toMatchObject({
        'event.action': 'payment-decided',
        'service.name': 'ingest',
        'trace.id': String(headers['x-request-id']).slice('req_'.length).replaceAll('-', ''),
        'trancendos.transaction_id': 'logs-1',
        'trancendos.action': answer.action,
        'trancendos.score': answer.score,
        'trancendos.money': answer.money?.state,
      });
      expect(JSON.stringify(found)).not.toMatch(/ACC-LOGS-1|trn_/);
    }),
    60_000,
  );
});

describe('the traces of a running platform', () => {
  test(
    'follow a payment from its request through every service to its answer, under the id that its log lines have',
    withServer(async () => {
      if (!platform || !spans) throw new Error('there is no platform');
      const { headers } = await postTransaction(platform, payment('trace-1'));
      const traceId = String(headers['x-request-id']).slice('req_'.length).replaceAll('-', '');
      const collected = spans;
      const trace = await waitUntil('the spans of three services', () => {
        const found = collected.of(traceId);
        return new Set(found.map(({ service }) => service)).size >= 3 && found.some(({ parentSpanId }) => !parentSpanId) && found;
      });
      expect([...new Set(trace.map(({ service }) => service))]).toEqual(expect.arrayContaining(['ingest', 'scoring', 'ledger']));
      const ids = new Set(trace.map(({ spanId }) => spanId));
      expect(trace.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);
      expect(trace.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['ingest claim', 'transactions publish', 'decisions publish', 'outcomes publish']),
      );
    }),
    60_000,
  );
});

describe('log lines in a real Elasticsearch', () => {
  test(
    'are found by the correlation id of their request, and by its trace',
    withServer(async () => {
      write(10);
      await start();
      await untilStored(10);
      for (const query of [{ 'http.request.id': requestId(7) }, { 'trace.id': requestId(7).slice(4).replaceAll('-', '') }]) {
        const { hits } = await client.search<Record<string, unknown>>({ index: STREAM, query: { term: query } });
        expect(hits.hits.map(({ _source }) => _source)).toMatchObject([{ message: 'payment decided', 'trancendos.ledger_seq': 7 }]);
      }
    }),
    300_000,
  );

  test(
    'are all there, once each, after an outage, a rotation of the file and a shipper that began anew',
    withServer(async () => {
      await elasticsearch?.pause();
      write(300);
      renameSync(join(folder, 'logs', 'ingest.log'), join(folder, 'logs', 'ingest.log.1'));
      write(300);
      const bytes = ['ingest.log.1', 'ingest.log'].reduce((sum, name) => sum + statSync(join(folder, 'logs', name)).size, 0);
      const spooled = async () => (await metrics.logSpoolBytes.get()).values[0]?.value ?? 0;
      await waitUntil('both files to be counted, less the ten lines that are shipped', async () => (await spooled()) > 0.95 * bytes);
      expect(await spooled()).toBeLessThan(bytes);
      await shipper?.stop();
      await start();
      await elasticsearch?.resume();
      await untilStored(610);
      rmSync(join(folder, 'state', 'positions.json'));
      await shipper?.stop();
      await start(); // knows no position, and ships everything again
      write(5);
      await untilStored(615);
    }),
    300_000,
  );

  test(
    'that the server refuses are kept aside and hold up nothing; what a broken process writes is stored as a message',
    withServer(async () => {
      const bad = { '@timestamp': '2026-11-26T05:00:00.000Z', message: 'bad', process: { pid: 'not a number' } };
      appendFileSync(join(folder, 'logs', 'ingest.log'), `${JSON.stringify(bad)}\nFATAL ERROR: heap of card 4111 1111 1111 1111\n`);
      write(5);
      await untilStored(621);
      const letters = readFileSync(join(folder, 'state', 'dead-letters.ndjson'), 'utf8')
        .trim()
        .split('\n');
      expect(letters.map((letter) => JSON.parse(letter) as object)).toMatchObject([{ status: 400, document: { message: 'bad' } }]);
      const { hits } = await client.search<{ message: string }>({ index: STREAM, query: { match: { message: 'heap' } } });
      expect(hits.hits[0]?._source?.message).toBe('FATAL ERROR: heap of card [card]');
      expect(existsSync(join(folder, 'state', 'positions.json'))).toBe(true);
    }),
    300_000,
  );
});
