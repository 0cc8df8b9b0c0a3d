import { nowMs, pause } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { Resource } from '@trancendos/platform/run';
import type pg from 'pg';
import type { Sealer } from '../seal-secret.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { sendWebhook, type AttemptResult } from './send-webhook.ts';
import { PlaceSharer } from './share-places.ts';
import { watchDeliveries } from './watch-deliveries.ts';
import type { VetOptions } from './vet-target.ts';

export interface DelivererOptions {
  readonly pool: pg.Pool;
  readonly sealer: Sealer;
  readonly vet: VetOptions;
  readonly log: Logger;
}

interface Due {
  readonly delivery_id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly body: string;
  readonly attempts: number;
  readonly url: string;
  readonly secret: Buffer;
  readonly previous_secret: Buffer | null;
}

const LOOK_EVERY_MS = 250;
/** While there is work the outbox is looked at this often. */
const LOOK_AGAIN_MS = 10;
const PER_ENDPOINT_MAX = 16;
/** Taken for one endpoint at a look. */
const TAKEN_MAX = 8;
/** Longer than an attempt can take: a delivery whose process died is taken up by another after this. */
const LEASE_S = 60;
/** Between one attempt and the next, a little more than a day in all; each is stretched by up to a fifth, at random. */
const RETRY_AFTER_S = [5, 60, 300, 1_800, 7_200, 18_000, 28_800, 36_000];
const STRETCH = 0.2;
const KEPT_DAYS = 30;
const TIDY_EVERY_MS = 3_600_000;
const TIDY_MAX = 10_000;
const WATCH_EVERY_MS = 10_000;
const GONE = 410;

/**
 * Sends what is in the outbox. Every endpoint has its own few places, and the slow ones together have theirs, so none of them holds up a
 * quick one; one that keeps failing is left alone for a while. Several instances share the work. An event may come twice, with the same id, where an instance dies after sending it.
 */
export class WebhookDeliverer implements Resource {
  readonly #options: DelivererOptions;
  readonly #breaker = new CircuitBreaker();
  readonly #places = new PlaceSharer();
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #tidiedAtMs = 0;
  #watchedAtMs = 0;

  constructor(options: DelivererOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Starts nothing more and waits for the attempts that are under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    let failing = false;
    while (!this.#stopping.signal.aborted) {
      let taken = 0;
      try {
        const dues = await this.#takeDue();
        for (const due of dues) this.#begin(due);
        taken = dues.length;
        await this.#tidy();
        await this.#watch();
        failing = false;
      } catch (error) {
        if (!failing) this.#options.log.warn({ err: error }, 'webhooks wait: the outbox cannot be read');
        failing = true;
      }
      await pause(taken > 0 ? LOOK_AGAIN_MS : LOOK_EVERY_MS, this.#stopping.signal);
    }
  }

  /** Leases what is due, of each endpoint as much as it has room for. */
  async #takeDue(): Promise<readonly Due[]> {
    const now = nowMs();
    const left = this.#places.left(now);
    if (left <= 0) return [];
    const full = this.#places.full(now, TAKEN_MAX, (id) => this.#breaker.room(id, now, PER_ENDPOINT_MAX));
    const { rows } = await this.#options.pool.query<Due>({
      name: 'due-webhooks',
      text: `
        WITH due AS (
          SELECT d.delivery_id FROM ingest.webhook_endpoints e CROSS JOIN LATERAL (
            SELECT delivery_id FROM ingest.webhook_deliveries
            WHERE endpoint_id = e.endpoint_id AND state = 'pending' AND next_attempt_at <= now()
            ORDER BY next_attempt_at LIMIT ${TAKEN_MAX} FOR UPDATE SKIP LOCKED
          ) d
          WHERE e.enabled AND e.endpoint_id <> ALL($1::text[]) LIMIT $2
        )
        UPDATE ingest.webhook_deliveries d SET next_attempt_at = now() + interval '${LEASE_S} seconds'
        FROM due, ingest.webhook_endpoints e
        WHERE d.delivery_id = due.delivery_id AND e.endpoint_id = d.endpoint_id
        RETURNING d.delivery_id, d.endpoint_id, d.event_id, d.body, d.attempts, e.url, e.secret,
          CASE WHEN e.previous_until > now() THEN e.previous_secret END AS previous_secret`,
      values: [[...full, ...this.#breaker.open(now)], left],
    });
    return rows;
  }

  #begin(due: Due): void {
    const place = this.#places.take(due.endpoint_id, nowMs());
    const attempt = this.#attempt(due)
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'the end of a webhook attempt was not noted; it is made again'))
      .finally(() => {
        this.#places.leave(place, nowMs());
        this.#underWay.delete(attempt);
      });
    this.#underWay.add(attempt);
  }

  async #attempt(due: Due): Promise<void> {
    const { sealer, vet } = this.#options;
    const sealed = due.previous_secret ? [due.secret, due.previous_secret] : [due.secret];
    const startedMs = nowMs();
    const result = await sendWebhook(
      {
        url: due.url,
        eventId: due.event_id,
        body: due.body,
        secrets: sealed.map((secret) => sealer.open(secret, due.endpoint_id)),
        sentAtS: Math.floor(startedMs / 1000),
      },
      vet,
    );
    const succeeded = 'status' in result && result.status >= 200 && result.status < 300;
    this.#breaker.note(due.endpoint_id, succeeded, nowMs());
    metrics.webhookSeconds.observe({ result: succeeded ? 'delivered' : 'failed' }, (nowMs() - startedMs) / 1000);
    await this.#note(due, result, succeeded);
  }

  async #note(due: Due, result: AttemptResult, succeeded: boolean): Promise<void> {
    const delayS = RETRY_AFTER_S[due.attempts];
    const state = succeeded ? 'delivered' : delayS === undefined ? 'failed' : 'pending';
    const status = 'status' in result ? result.status : null;
    await this.#options.pool.query({
      name: 'note-webhook',
      text: `UPDATE ingest.webhook_deliveries
             SET state = $2, attempts = attempts + 1, last_status = $3, last_error = $4, next_attempt_at = now() + $5 * interval '1 second'
             WHERE delivery_id = $1`,
      values: [due.delivery_id, state, status, 'error' in result ? result.error : null, (delayS ?? 0) * (1 + Math.random() * STRETCH)],
    });
    if (status === GONE) {
      await this.#options.pool.query('UPDATE ingest.webhook_endpoints SET enabled = false WHERE endpoint_id = $1', [due.endpoint_id]);
    }
  }

  async #watch(): Promise<void> {
    const now = nowMs();
    if (now < this.#watchedAtMs + WATCH_EVERY_MS) return;
    this.#watchedAtMs = now;
    metrics.webhookCircuitsOpen.set(this.#breaker.open(now).length);
    await watchDeliveries(this.#options.pool);
  }

  async #tidy(): Promise<void> {
    if (nowMs() < this.#tidiedAtMs + TIDY_EVERY_MS) return;
    this.#tidiedAtMs = nowMs();
    await this.#options.pool.query(
      `DELETE FROM ingest.webhook_deliveries WHERE delivery_id IN (
         SELECT delivery_id FROM ingest.webhook_deliveries
         WHERE created_at < now() - interval '${KEPT_DAYS} days' AND state <> 'pending' LIMIT ${TIDY_MAX})`,
    );
  }
}
