import { LabelRequest, type Label } from '@trancendos/contracts/label';
import type { LabelAnswer } from '@trancendos/contracts/http';
import { toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import { isTransient } from '@trancendos/platform/postgres';
import { PublishError, type Publisher } from '@trancendos/platform/publish';
import type pg from 'pg';
import type { MerchantRequest } from './accept-transaction.ts';
import { checkEventTime } from './check-event-time.ts';
import { readBody } from './read-body.ts';
import { readIdempotencyKey } from './read-idempotency-key.ts';
import type { Refusal } from './refusal.ts';
import { jsonReply, problemReply, type Reply } from './reply.ts';

export interface LabelParts {
  readonly pool: pg.Pool;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly maxEventAgeDays: number;
}

/** A label is answered when it is published; nobody waits for an outcome. */
export type LabelCall = Omit<MerchantRequest, 'waitFor' | 'keyMode'>;

/**
 * `POST /v1/labels`: says what a past transaction of this merchant, a payment or imported history, turned out to be.
 *
 * The same statement (transaction, source, fraud, time) is one label however often it is sent; an Idempotency-Key is taken and not needed.
 */
export async function acceptLabel(parts: LabelParts, request: LabelCall): Promise<Reply> {
  const statement = readStatement(parts, request);
  if ('refused' in statement) return problemReply(statement, request.requestId);
  try {
    const stored = await storeLabel(parts.pool, request, statement);
    if ('refused' in stored) return problemReply(stored, request.requestId);
    if (!stored.published) await publishLabel(parts, stored.label);
    const { label_id, transaction_id, request_id } = stored.label;
    const answer: LabelAnswer = { label_id, transaction_id, request_id };
    return jsonReply(200, JSON.stringify(answer), stored.isRepeat ? { 'idempotent-replayed': 'true' } : {});
  } catch (error) {
    if (!(error instanceof PublishError) && !isTransient(error)) throw error;
    return problemReply(
      { refused: 'unavailable', detail: 'Wait for Retry-After seconds and repeat: a label is never counted twice.' },
      request.requestId,
    );
  }
}

interface Statement {
  readonly said: LabelRequest;
  readonly idempotencyKey: string | null;
}

function readStatement(parts: LabelParts, request: LabelCall): Statement | Refusal {
  const idempotencyKey = request.idempotencyKey === undefined ? null : readIdempotencyKey(request.idempotencyKey);
  if (idempotencyKey !== null && typeof idempotencyKey !== 'string') return idempotencyKey;
  const body = readBody(LabelRequest, request.body);
  if ('refused' in body) return body;
  const untimely = checkEventTime(body.read.known_at, '/known_at', { nowMs: request.arrivedAtMs, maxAgeDays: parts.maxEventAgeDays });
  return untimely ?? { said: body.read, idempotencyKey };
}

interface StoredLabel {
  readonly label: Label;
  readonly published: boolean;
  readonly isRepeat: boolean;
}

async function storeLabel(pool: pg.Pool, request: LabelCall, statement: Statement): Promise<StoredLabel | Refusal> {
  const { said, idempotencyKey } = statement;
  const facts = await factsOf(pool, request.merchantId, said.transaction_id);
  if (!facts) return { refused: 'transaction_unknown' };
  const label: Label = {
    ...said,
    label_id: newId('lab'),
    merchant_id: request.merchantId,
    request_id: request.requestId,
    ...facts,
    received_at: toInstant(request.arrivedAtMs),
  };
  const { rowCount } = await pool.query({
    name: 'store-label',
    text: `INSERT INTO ingest.labels (label_id, merchant_id, transaction_id, source, fraud, known_at, idempotency_key, message)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    values: [
      label.label_id,
      label.merchant_id,
      label.transaction_id,
      label.source,
      label.fraud,
      label.known_at,
      idempotencyKey,
      JSON.stringify(label),
    ],
  });
  if (rowCount === 1) return { label, published: false, isRepeat: false };
  return await labelBefore(pool, label, idempotencyKey);
}

async function factsOf(
  pool: pg.Pool,
  merchantId: string,
  transactionId: string,
): Promise<Pick<Label, 'subject' | 'terminal_id' | 'occurred_at'> | undefined> {
  const { rows } = await pool.query<{ subject: string; terminal_id: string | null; occurred_at: Date }>({
    name: 'label-facts',
    text: 'SELECT subject, terminal_id, occurred_at FROM ingest.transactions WHERE merchant_id = $1 AND transaction_id = $2',
    values: [merchantId, transactionId],
  });
  const [row] = rows;
  return row && { ...row, occurred_at: row.occurred_at.toISOString() };
}

/** The label that was there before: the same statement, or another one under the same key. */
async function labelBefore(pool: pg.Pool, label: Label, idempotencyKey: string | null): Promise<StoredLabel | Refusal> {
  const { rows } = await pool.query<{ message: Label; published: boolean }>({
    name: 'label-before',
    text: `SELECT message, published FROM ingest.labels
           WHERE merchant_id = $1 AND ((transaction_id = $2 AND source = $3 AND fraud = $4 AND known_at = $5) OR idempotency_key = $6)`,
    values: [label.merchant_id, label.transaction_id, label.source, label.fraud, label.known_at, idempotencyKey],
  });
  const same = rows.find(({ message }) => isSameStatement(message, label));
  return same ? { label: same.message, published: same.published, isRepeat: true } : { refused: 'idempotency_key_reused' };
}

function isSameStatement(one: Label, other: Label): boolean {
  const fields = ['transaction_id', 'source', 'fraud', 'known_at'] as const;
  return fields.every((field) => one[field] === other[field]);
}

async function publishLabel(parts: LabelParts, label: Label): Promise<void> {
  await parts.publisher.publish('labels', label.subject, label, label.request_id);
  await parts.pool.query({
    name: 'label-published',
    text: 'UPDATE ingest.labels SET published = true WHERE label_id = $1',
    values: [label.label_id],
  });
}
