import { TransactionRequest, type PaymentTransaction } from '@trancendos/contracts/transaction';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import { metrics } from '@trancendos/platform/metrics';
import { isTransient } from '@trancendos/platform/postgres';
import { PublishError } from '@trancendos/platform/publish';
import { checkEventTime } from './check-event-time.ts';
import type { GroupCommit } from './group-commit.ts';
import { hashRequest } from './hash-request.ts';
import type { PublishOnce } from './publish-once.ts';
import { readBody } from './read-body.ts';
import { readIdempotencyKey } from './read-idempotency-key.ts';
import type { Refusal } from './refusal.ts';
import { renderPendingAnswer } from './render-answer.ts';
import { jsonReply, problemReply, type Reply } from './reply.ts';
import type { Claim, Claimed } from './store-claims.ts';
import { waitingName, type WaitingRoom } from './waiting-room.ts';

/** A request as it came in, after its sender was recognised. */
export interface MerchantRequest {
  readonly merchantId: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly arrivedAtMs: number;
  readonly idempotencyKey: string | string[] | undefined;
  readonly body: Uint8Array;
  /** Aborted when the caller is gone or has waited long enough. */
  readonly end: AbortSignal;
}

export interface AcceptParts {
  readonly claims: Pick<GroupCommit<Claim, Claimed>, 'add'>;
  readonly publications: Pick<PublishOnce, 'publish'>;
  readonly room: WaitingRoom;
  /** The stored answer to a transaction; undefined while there is none. */
  readonly storedAnswer: (merchantId: string, transactionId: string) => Promise<string | undefined>;
  readonly maxEventAgeDays: number;
}

/**
 * `POST /v1/transactions`: reads, claims, publishes and waits for the outcome.
 *
 * The answer is the decision with its money (200), or that it is on its way (202). A repeated request gets the bytes that the first one got
 * or will get. Whatever goes wrong before the broker has the transaction is told as a problem, and repeating the request is always safe.
 */
export async function acceptTransaction(parts: AcceptParts, request: MerchantRequest): Promise<Reply> {
  const claim = readClaim(parts, request);
  if ('refused' in claim) return problemReply(claim, request.requestId);
  if (!parts.room.enter()) return problemReply({ refused: 'too_many_waiting' }, request.requestId);
  try {
    return await serveClaim(parts, request, claim);
  } finally {
    parts.room.leave();
  }
}

function readClaim(parts: AcceptParts, request: MerchantRequest): Claim | Refusal {
  const idempotencyKey = readIdempotencyKey(request.idempotencyKey);
  if (typeof idempotencyKey !== 'string') return idempotencyKey;
  const body = readBody(TransactionRequest, request.body);
  if ('refused' in body) return body;
  const untimely = checkEventTime(body.read.occurred_at, '/occurred_at', { nowMs: request.arrivedAtMs, maxAgeDays: parts.maxEventAgeDays });
  if (untimely) return untimely;
  const transaction: PaymentTransaction = {
    kind: 'payment',
    ...body.read,
    merchant_id: request.merchantId,
    request_id: request.requestId,
    received_at: toInstant(request.arrivedAtMs),
  };
  return { idempotencyKey, bodyHash: hashRequest(body.read), transaction };
}

async function serveClaim(parts: AcceptParts, request: MerchantRequest, claim: Claim): Promise<Reply> {
  const claimed = await makeClaim(parts, request, claim);
  if ('refused' in claimed) return problemReply(claimed, request.requestId);
  observe('claim', request);
  const isRepeat = claimed.kind === 'repeated';
  if (isRepeat && claimed.answer !== undefined) return decidedReply(claimed.answer, isRepeat);
  const failure = await publish(parts, request, claimed.transaction);
  if (failure) return problemReply(failure, request.requestId);
  observe('ingest', request);
  return await awaitAnswer(parts, request, claimed);
}

type Accepted = Extract<Claimed, { kind: 'new' | 'repeated' }>;

async function makeClaim(parts: AcceptParts, request: MerchantRequest, claim: Claim): Promise<Accepted | Refusal> {
  const claiming = parts.claims.add(claim);
  if (!claiming) return { refused: 'too_many_waiting' };
  try {
    const claimed = await beforeEnd(claiming, request.end);
    if (claimed === undefined) return { refused: 'unavailable' };
    if (claimed.kind === 'key_reused') return { refused: 'idempotency_key_reused' };
    if (claimed.kind === 'id_reused') return { refused: 'transaction_id_reused' };
    return claimed;
  } catch (error) {
    if (!isTransient(error)) throw error;
    return { refused: 'unavailable' };
  }
}

async function publish(parts: AcceptParts, request: MerchantRequest, transaction: PaymentTransaction): Promise<Refusal | undefined> {
  try {
    const confirmed = await beforeEnd(
      parts.publications.publish(transaction).then(() => true),
      request.end,
    );
    return confirmed ? undefined : { refused: 'unavailable' };
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    return { refused: error.code === 'queue_full' ? 'too_many_waiting' : 'unavailable' };
  }
}

async function awaitAnswer(parts: AcceptParts, request: MerchantRequest, accepted: Accepted): Promise<Reply> {
  const { merchant_id: merchantId, transaction_id: transactionId } = accepted.transaction;
  const isRepeat = accepted.kind === 'repeated';
  const answer =
    (await parts.room.wait(waitingName(merchantId, transactionId), request.end)) ??
    // The outcome may have been stored by another instance, or between the claim and the wait.
    (await parts.storedAnswer(merchantId, transactionId).catch(() => undefined));
  if (answer === undefined) return pendingReply(accepted.transaction, isRepeat);
  observe('answer', request);
  return decidedReply(answer, isRepeat);
}

function decidedReply(answer: string, isRepeat: boolean): Reply {
  return jsonReply(200, answer, isRepeat ? { 'idempotent-replayed': 'true' } : {});
}

function pendingReply(transaction: PaymentTransaction, isRepeat: boolean): Reply {
  return jsonReply(202, renderPendingAnswer(transaction), {
    location: `/v1/transactions/${transaction.transaction_id}`,
    'retry-after': '1',
    ...(isRepeat ? { 'idempotent-replayed': 'true' } : {}),
  });
}

/** What `work` gives, or undefined when `end` comes first; the work goes on without its caller then. */
function beforeEnd<T>(work: Promise<T>, end: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onEnd = () => resolve(undefined);
    if (end.aborted) onEnd();
    else end.addEventListener('abort', onEnd, { once: true });
    work.then(resolve, reject).finally(() => end.removeEventListener('abort', onEnd));
  });
}

function observe(hop: 'claim' | 'ingest' | 'answer', request: MerchantRequest): void {
  metrics.hopSeconds.observe({ hop }, Math.max(0, nowMs() - request.arrivedAtMs) / 1000);
}
