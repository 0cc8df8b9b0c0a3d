import { randomBytes } from 'node:crypto';
import {
  WebhookEventType,
  type NewWebhookEndpoint,
  type WebhookDelivery,
  type WebhookEndpoint,
  type WebhookEventType as EventType,
} from '@trancendos/contracts/webhook';
import { newId } from '@trancendos/platform/new-id';
import type { Postgres } from '@trancendos/platform/postgres';
import type pg from 'pg';
import type { Refusal } from '../refusal.ts';
import type { Sealer } from '../seal-secret.ts';
import { SECRET_PREFIX } from './send-webhook.ts';

export const ENDPOINTS_MAX = 10;
/** So long the secret before signs beside the new one. */
const OVERLAP_HOURS = 24;
const SECRET_BYTES = 32;

interface EndpointRow {
  readonly endpoint_id: string;
  readonly merchant_id: string;
  readonly url: string;
  readonly event_types: EventType[];
  readonly enabled: boolean;
  readonly created_at: Date;
}
const COLUMNS = 'endpoint_id, merchant_id, url, event_types, enabled, created_at';

/** An endpoint with its secret as merchants get it. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** Adds an endpoint of `merchantId`, whose address was vetted. Refused while ten are there. */
export async function addEndpoint(
  postgres: Pick<Postgres, 'inTransaction'>,
  sealer: Sealer,
  merchantId: string,
  asked: NewWebhookEndpoint,
): Promise<EndpointWithSecret | Refusal> {
  const endpointId = newId('we');
  const secret = randomBytes(SECRET_BYTES);
  return await postgres.inTransaction(async (client): Promise<EndpointWithSecret | Refusal> => {
    // One at a time for each merchant, or two could both find room for the last endpoint.
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`ingest webhooks ${merchantId}`]);
    const { rows: there } = await client.query(`SELECT 1 FROM ingest.webhook_endpoints WHERE merchant_id = $1 LIMIT ${ENDPOINTS_MAX}`, [
      merchantId,
    ]);
    if (there.length === ENDPOINTS_MAX) return { refused: 'too_many_webhooks' };
    const { rows } = await client.query<EndpointRow>(
      `INSERT INTO ingest.webhook_endpoints (endpoint_id, merchant_id, url, event_types, secret)
       VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      [endpointId, merchantId, asked.url, asked.event_types ?? WebhookEventType.options, sealer.seal(secret, endpointId)],
    );
    const [row] = rows;
    if (!row) throw new Error('an insert gave no row');
    return { endpoint: render(row), secret: spell(secret) };
  });
}

/** Gives an endpoint a new secret; the old one goes on signing beside it for a day. Undefined when the merchant has no such endpoint. */
export async function rotateSecret(
  pool: pg.Pool,
  sealer: Sealer,
  merchantId: string,
  endpointId: string,
): Promise<EndpointWithSecret | undefined> {
  const secret = randomBytes(SECRET_BYTES);
  const { rows } = await pool.query<EndpointRow>(
    `UPDATE ingest.webhook_endpoints
     SET previous_secret = secret, previous_until = now() + interval '${OVERLAP_HOURS} hours', secret = $3
     WHERE merchant_id = $1 AND endpoint_id = $2 RETURNING ${COLUMNS}`,
    [merchantId, endpointId, sealer.seal(secret, endpointId)],
  );
  const [row] = rows;
  return row && { endpoint: render(row), secret: spell(secret) };
}

/** The endpoints of a merchant, oldest first. */
export async function listEndpoints(pool: pg.Pool, merchantId: string): Promise<WebhookEndpoint[]> {
  const { rows } = await pool.query<EndpointRow>(
    `SELECT ${COLUMNS} FROM ingest.webhook_endpoints WHERE merchant_id = $1 ORDER BY endpoint_id`,
    [merchantId],
  );
  return rows.map(render);
}

/** Removes an endpoint with its log, or switches it on again. Undefined when the merchant has no such endpoint. */
export async function changeEndpoint(
  pool: pg.Pool,
  merchantId: string,
  endpointId: string,
  change: 'remove' | 'enable',
): Promise<WebhookEndpoint | undefined> {
  const statement = change === 'remove' ? 'DELETE FROM ingest.webhook_endpoints' : 'UPDATE ingest.webhook_endpoints SET enabled = true';
  const { rows } = await pool.query<EndpointRow>(`${statement} WHERE merchant_id = $1 AND endpoint_id = $2 RETURNING ${COLUMNS}`, [
    merchantId,
    endpointId,
  ]);
  return rows[0] && render(rows[0]);
}

interface DeliveryRow extends Omit<WebhookDelivery, 'sample' | 'created_at' | 'next_attempt_at'> {
  readonly is_sample: boolean;
  readonly created_at: Date;
  readonly next_attempt_at: Date;
}

/** The newest 100 deliveries to an endpoint, newest first. Undefined when the merchant has no such endpoint. */
export async function listDeliveries(pool: pg.Pool, merchantId: string, endpointId: string): Promise<WebhookDelivery[] | undefined> {
  const { rows } = await pool.query<DeliveryRow | { event_id: null }>(
    `SELECT d.event_id, d.type, d.is_sample, d.state, d.attempts, d.last_status, d.last_error, d.next_attempt_at, d.created_at
     FROM ingest.webhook_endpoints e LEFT JOIN ingest.webhook_deliveries d USING (endpoint_id)
     WHERE e.merchant_id = $1 AND e.endpoint_id = $2 ORDER BY d.delivery_id DESC LIMIT 100`,
    [merchantId, endpointId],
  );
  if (rows.length === 0) return undefined;
  return rows
    .filter((row): row is DeliveryRow => row.event_id !== null)
    .map(({ is_sample, ...row }) => ({
      ...row,
      ...(is_sample && { sample: true }),
      created_at: row.created_at.toISOString(),
      next_attempt_at: row.state === 'pending' ? row.next_attempt_at.toISOString() : null,
    }));
}

/** Sends an event of the log again, as if it were new. False when there is none. */
export async function replayDelivery(pool: pg.Pool, merchantId: string, endpointId: string, eventId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE ingest.webhook_deliveries d SET state = 'pending', attempts = 0, next_attempt_at = now()
     FROM ingest.webhook_endpoints e
     WHERE e.endpoint_id = d.endpoint_id AND e.merchant_id = $1 AND d.endpoint_id = $2 AND d.event_id = $3`,
    [merchantId, endpointId, eventId],
  );
  return rowCount === 1;
}

/** Puts a sample into the outbox of one endpoint, whichever events it is there for. Gives why not, where it is unknown or disabled. */
export async function queueSample(
  pool: pg.Pool,
  merchantId: string,
  endpointId: string,
  sample: { readonly eventId: string; readonly type: EventType; readonly body: string },
): Promise<Refusal | undefined> {
  const { rows } = await pool.query<{ enabled: boolean }>(
    `WITH endpoint AS (
       SELECT endpoint_id, enabled FROM ingest.webhook_endpoints WHERE merchant_id = $1 AND endpoint_id = $2 FOR SHARE
     ), queued AS (
       INSERT INTO ingest.webhook_deliveries (endpoint_id, event_id, type, body, is_sample)
       SELECT endpoint_id, $3, $4, $5, true FROM endpoint WHERE enabled
     )
     SELECT enabled FROM endpoint`,
    [merchantId, endpointId, sample.eventId, sample.type, sample.body],
  );
  const [endpoint] = rows;
  if (!endpoint) return { refused: 'webhook_unknown' };
  return endpoint.enabled ? undefined : { refused: 'webhook_disabled' };
}

function spell(secret: Buffer): string {
  return SECRET_PREFIX + secret.toString('base64');
}

function render(row: EndpointRow): WebhookEndpoint {
  return { ...row, created_at: row.created_at.toISOString() };
}
