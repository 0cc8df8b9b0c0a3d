import { expect, test } from '@jest/globals';
import { metrics } from '@trancendos/platform/metrics';
import pg from 'pg';
import { runTestIngest } from '../run-test-ingest.ts';
import { watchDeliveries } from './watch-deliveries.ts';

const VALUES = `('e-1', 'm', 'https://x.example', '{}', '', true), ('e-2', 'm', 'https://x.example', '{}', '', false)`;

test('deliveries of enabled endpoints that wait are counted, and how long the first is overdue', async () => {
  const ingest = await runTestIngest();
  const database = new pg.Client({ connectionString: ingest.databaseUrl });
  await database.connect();
  try {
    await database.query('BEGIN'); // nobody else sees them, so nobody delivers them
    await database.query(
      `INSERT INTO ingest.webhook_endpoints (endpoint_id, merchant_id, url, event_types, secret, enabled) VALUES ${VALUES}`,
    );
    await database.query(`
      INSERT INTO ingest.webhook_deliveries (endpoint_id, event_id, type, body, state, next_attempt_at) VALUES
        ('e-1', 'late', 't', '{}', 'pending', now() - interval '90 seconds'),
        ('e-1', 'early', 't', '{}', 'pending', now() + interval '1 hour'),
        ('e-1', 'done', 't', '{}', 'delivered', now() - interval '1 day'),
        ('e-2', 'off', 't', '{}', 'pending', now() - interval '1 day')`);
    await watchDeliveries(database);
    expect((await metrics.webhooksPending.get()).values[0]?.value).toBe(2);
    expect((await metrics.webhooksOverdueSeconds.get()).values[0]?.value).toBe(90);
    await database.query('ROLLBACK');
  } finally {
    await database.end();
    await ingest.stop();
  }
}, 60_000);
