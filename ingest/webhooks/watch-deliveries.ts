import { metrics } from '@trancendos/platform/metrics';
import type pg from 'pg';

/** Counting goes no further: beyond it the number says nothing more. */
const COUNTED_MAX = 100_000;

/** Looks, by index only, at the deliveries of endpoints that are enabled, and sets the metrics of how many wait and for how long. */
export async function watchDeliveries(database: pg.Pool | pg.Client): Promise<void> {
  const { rows } = await database.query<{ pending: string; overdue_s: string }>({
    name: 'watch-webhooks',
    text: `
      SELECT (SELECT count(*) FROM (
                SELECT 1 FROM ingest.webhook_deliveries JOIN ingest.webhook_endpoints USING (endpoint_id)
                 WHERE state = 'pending' AND enabled LIMIT ${COUNTED_MAX}) AS counted) AS pending,
             coalesce(extract(epoch FROM now() - min(next_attempt_at)), 0) AS overdue_s
        FROM ingest.webhook_endpoints CROSS JOIN LATERAL (
          SELECT next_attempt_at FROM ingest.webhook_deliveries
           WHERE endpoint_id = webhook_endpoints.endpoint_id AND state = 'pending' ORDER BY next_attempt_at LIMIT 1) AS first
       WHERE enabled`,
  });
  metrics.webhooksPending.set(Number(rows[0]?.pending ?? 0));
  metrics.webhooksOverdueSeconds.set(Math.max(0, Number(rows[0]?.overdue_s ?? 0)));
}
