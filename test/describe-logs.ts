import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from '@elastic/elasticsearch';
import { startTestElasticsearch, type TestElasticsearch } from '@trancendos/local/start-test-elasticsearch';
import { loadConfig } from '@trancendos/platform/config';
import { buildLog } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';
import { ShipperConfig } from '@trancendos/shipper/config';
import { openShipper } from '@trancendos/shipper/open-shipper';
import { join } from 'node:path';
import { payment, postTransaction } from './post-transaction.ts';
import type { TestPlatform } from './start-test-platform.ts';
import { waitUntil } from './wait-until.ts';

/** Ships the logs of a running platform to a real Elasticsearch and looks a payment up there. */
export function describeLogs(platform: () => TestPlatform): void {
  describe('the logs', () => {
    let elasticsearch: TestElasticsearch | undefined;
    let shipper: Resource | undefined;

    beforeAll(async () => {
      elasticsearch = await startTestElasticsearch();
      if (!elasticsearch) return;
      const { directory } = platform();
      const environment = {
        ELASTICSEARCH_URL: elasticsearch.url,
        SHIPPER_LOGS_DIR: join(directory, 'logs'),
        SHIPPER_STATE_DIR: join(directory, 'shipper'),
      };
      const silent = buildLog('shipper', 'fatal', { sink: { write: () => undefined }, names: 'ecs' });
      shipper = await openShipper(loadConfig(ShipperConfig, environment), silent);
    }, 330_000);

    afterAll(async () => {
      await shipper?.stop();
      await elasticsearch?.stop();
    }, 60_000);

    test('of a decision are found in Elasticsearch by the correlation id that its answer gives, and name no card, key or payer', async () => {
      if (!elasticsearch) return;
      const { headers, answer } = await postTransaction(platform(), payment('logs-1', { payer: { account_id: 'ACC-LOGS-1' } }));
      const client = new Client({ node: elasticsearch.url });
      const search = { index: 'logs-trancendos.*', query: { term: { 'http.request.id': String(headers['x-request-id']) } } };
      const found = await waitUntil('the line of the decision', async () => {
        await client.indices.refresh({ index: search.index });
        return (await client.search<Record<string, unknown>>(search)).hits.hits[0]?._source;
      });
      await client.close();
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
    }, 60_000);
  });
}
