import { completeLabel, LabelRequest } from '@trancendos/contracts/label';
import type { LabelAnswer } from '@trancendos/contracts/http';
import { toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import { isTransient } from '@trancendos/platform/postgres';
import { PublishError, type Publisher } from '@trancendos/platform/publish';
import type pg from 'pg';
import type { MerchantRequest } from '../accept-transaction.ts';
import { checkEventTime } from '../check-event-time.ts';
import { readBody } from '../read-body.ts';
import { readIdempotencyKey } from '../read-idempotency-key.ts';
import type { Refusal } from '../refusal.ts';
import { jsonReply, problemReply, type Reply } from '../reply.ts';
import { factsOf, notePublished, renderLabel, storeLabel, type StatedLabel } from './store-labels.ts';

export interface LabelParts {
  readonly pool: pg.Pool;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly maxEventAgeDays: number;
}

/** A label is answered when it is published; nobody waits for an outcome. */
export type LabelCall = Omit<MerchantRequest, 'waitFor' | 'keyMode'>;

/**
 * `POST /v1/labels`: says what a past transaction of this merchant, a payment or imported history, turned out to be. One that is not known
 * yet is waited for: its label is parked, and counts when it comes.
 *
 * The same statement is one label however often it is sent; an Idempotency-Key is taken and not needed.
 */
export async function acceptLabel(parts: LabelParts, request: LabelCall): Promise<Reply> {
  const stated = readStatement(parts, request);
  if ('refused' in stated) return problemReply(stated, request.requestId);
  try {
    const facts = await factsOf(parts.pool, stated.label.merchant_id, stated.label.transaction_id);
    const stored = await storeLabel(parts.pool, stated, facts);
    if ('refused' in stored) return problemReply(stored, request.requestId);
    const { label, row } = stored;
    if (label && !row.published) {
      await parts.publisher.publish('labels', label.subject, label, label.request_id);
      await notePublished(parts.pool, [label]);
    }
    const answer: LabelAnswer = { ...renderLabel(row), transaction_id: row.transaction_id, request_id: row.request_id };
    const headers = stored.isRepeat ? { 'idempotent-replayed': 'true' } : {};
    return jsonReply(answer.status === 'parked' ? 202 : 200, JSON.stringify(answer), headers);
  } catch (error) {
    if (!(error instanceof PublishError) && !isTransient(error)) throw error;
    return problemReply(
      { refused: 'unavailable', detail: 'Wait for Retry-After seconds and repeat: a label is never counted twice.' },
      request.requestId,
    );
  }
}

function readStatement(parts: LabelParts, request: LabelCall): StatedLabel | Refusal {
  const idempotencyKey = request.idempotencyKey === undefined ? null : readIdempotencyKey(request.idempotencyKey);
  if (idempotencyKey !== null && typeof idempotencyKey !== 'string') return idempotencyKey;
  const body = readBody(LabelRequest, request.body);
  if ('refused' in body) return body;
  const untimely = checkEventTime(body.read.known_at, '/known_at', { nowMs: request.arrivedAtMs, maxAgeDays: parts.maxEventAgeDays });
  if (untimely) return untimely;
  const label = {
    ...body.read,
    ...completeLabel(body.read),
    label_id: newId('lab'),
    merchant_id: request.merchantId,
    request_id: request.requestId,
    received_at: toInstant(request.arrivedAtMs),
  };
  return { label, idempotencyKey };
}
