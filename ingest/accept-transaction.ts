import type { KeyMode } from '@trancendos/contracts/api-key';
import { DEADLINE_MS, TransactionRequest, type Payer, type PaymentTransaction } from '@trancendos/contracts/transaction';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import { metrics } from '@trancendos/platform/metrics';
import { isTransient } from '@trancendos/platform/postgres';
import { PublishError } from '@trancendos/platform/publish';
import { recordSpan } from '@trancendos/platform/trace';
import { checkEventTime } from './check-event-time.ts';
import type { FallBack } from './fall-back.ts';
import { forceOutcome, isMisspeltTestPayer, isTestPayer } from './force-outcome.ts';
import type { GroupCommit } from './group-commit.ts';
import { hashRequest } from './hash-request.ts';
import { Moment } from './moment.ts';
import type { Wait } from './patience.ts';
import type { Preview } from './preview-transaction.ts';
import type { PublishOnce } from './publish-once.ts';
import { readBody } from './read-body.ts';
import { readIdempotencyKey } from './read-idempotency-key.ts';
import type { Refusal } from './refusal.ts';
import { asDuplicate, renderPendingAnswer, renderPreview } from './render-answer.ts';
import { jsonReply, problemReply, type Reply } from './reply.ts';
import type { Claim, Claimed } from './store-claims.ts';
import { waitingName, type WaitingRoom } from './waiting-room.ts';

/** The part of a request's trace in which it waits for PostgreSQL. */
const CLAIM = { name: 'ingest claim', kind: 'client', attributes: { 'db.system.name': 'postgresql' } } as const;

/** A request as it came in, after its sender was recognised. */
export interface MerchantRequest {
  readonly merchantId: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly arrivedAtMs: number;
  readonly idempotencyKey: string | string[] | undefined;
  /** For a line of a bulk request, which has no header of its own: its transaction id is its idempotency key. */
  readonly line?: {
    /** Whether it waits where it states no deadline. */
    readonly mayWait: boolean;
  };
  readonly body: Uint8Array;
  readonly keyMode: KeyMode;
  /** Starts to wait, for as long as the request says. */
  readonly waitFor: (deadlineMs: number) => Wait;
}

export interface AcceptParts {
  readonly claims: Pick<GroupCommit<Claim, Claimed>, 'add'>;
  readonly publications: Pick<PublishOnce, 'publish'>;
  readonly room: WaitingRoom;
  readonly fallBack: Pick<FallBack, 'decide' | 'propose'>;
  readonly preview: Preview;
  /** The stored answer to a transaction; undefined while there is none. */
  readonly storedAnswer: (merchantId: string, transactionId: string) => Promise<string | undefined>;
  /** Whether outcomes that the ledger announces reach this process. */
  readonly isHearing: () => boolean;
  /** Whether this process is so far behind that whoever comes now had better come again. */
  readonly isSwamped: () => boolean;
  /** Whether scoring will not decide by such a deadline, so that the policy may do so at once. */
  readonly isInVain: (deadlineMs: number) => boolean;
  /** Told of every payment that the broker has. */
  readonly onTaken: (transaction: PaymentTransaction) => void;
  readonly maxEventAgeDays: number;
  /** How long a request waits that does not say. */
  readonly deadlineMs: number;
}

/** What is waited for: that the broker has the payment, that it is really decided, or that somebody decides by the deadline. */
type Until = 'taken' | 'decided' | 'deadline';

/** A request that was read: what it claims, and how long it waits. */
interface Reading {
  /** Undefined for a dry run, which claims nothing. */
  readonly claim: Claim | undefined;
  readonly transaction: PaymentTransaction;
  readonly deadlineMs: number;
  readonly until: Until;
}

/**
 * `POST /v1/transactions`: reads, claims, publishes and waits for the outcome.
 *
 * The answer is the decision with its money (200). Where nobody decides in time the merchant's policy does, early enough that its answer comes
 * by the deadline; only when not even the ledger answers is it that the decision is on its way (202). A repeated request gets the bytes
 * that the first one got or will get. Whatever goes wrong before the broker has the transaction is told as a problem, and repeating the
 * request is always safe.
 */
export async function acceptTransaction(parts: AcceptParts, request: MerchantRequest): Promise<Reply> {
  if (!request.line && parts.isSwamped()) return problemReply({ refused: 'too_many_waiting' }, request.requestId);
  const reading = readClaim(parts, request);
  if ('refused' in reading) return problemReply(reading, request.requestId);
  const { claim, transaction, deadlineMs, until } = reading;
  if (!parts.room.enter()) return problemReply({ refused: 'too_many_waiting' }, request.requestId);
  try {
    const wait = request.waitFor(deadlineMs);
    return await (claim ? serveClaim(parts, request, { claim, wait, until }) : serveDryRun(parts, transaction, wait));
  } finally {
    parts.room.leave();
  }
}

/** A payment's claim, how long it is waited for, and for what. */
interface Serving<C> {
  readonly claim: C;
  readonly wait: Wait;
  readonly until: Until;
}

function readClaim(parts: AcceptParts, request: MerchantRequest): Reading | Refusal {
  const body = readBody(TransactionRequest, request.body);
  if ('refused' in body) return body;
  // How long somebody waits is no part of what happened: a repetition may have more patience.
  const { deadline_ms: asked, mode = 'enforce', ...stated } = body.read;
  const idempotencyKey = mode === 'enforce' ? keyOf(request, stated.transaction_id) : undefined;
  if (typeof idempotencyKey === 'object') return idempotencyKey;
  const untimely = checkEventTime(body.read.occurred_at, '/occurred_at', { nowMs: request.arrivedAtMs, maxAgeDays: parts.maxEventAgeDays });
  if (untimely) return untimely;
  const misused = checkTestToken(request.keyMode, stated.payer);
  if (misused) return misused;
  const transaction: PaymentTransaction = {
    kind: 'payment',
    ...stated,
    merchant_id: request.merchantId,
    request_id: request.requestId,
    received_at: toInstant(request.arrivedAtMs),
  };
  const claim = idempotencyKey === undefined ? undefined : { idempotencyKey, bodyHash: hashRequest(stated), transaction };
  return {
    claim,
    transaction,
    ...(asked === undefined ? usualPatience(parts, request, transaction) : { deadlineMs: asked, until: 'deadline' }),
  };
}

/** How long somebody waits who does not say. A payment of the sandbox asks for its outcome itself, a policy's too. */
function usualPatience(
  parts: AcceptParts,
  { line }: MerchantRequest,
  { payer }: PaymentTransaction,
): Pick<Reading, 'deadlineMs' | 'until'> {
  if (!line || isTestPayer(payer)) return { deadlineMs: parts.deadlineMs, until: 'deadline' };
  return { deadlineMs: DEADLINE_MS.max, until: line.mayWait ? 'decided' : 'taken' };
}

function keyOf({ line, idempotencyKey }: MerchantRequest, transactionId: string): string | Refusal {
  return line ? transactionId : readIdempotencyKey(idempotencyKey);
}

function checkTestToken(keyMode: KeyMode, payer: Payer): Refusal | undefined {
  if (keyMode === 'live') return isTestPayer(payer) ? { refused: 'test_token_refused' } : undefined;
  if (!isMisspeltTestPayer(payer)) return undefined;
  return { refused: 'test_token_unknown', misfits: [{ pointer: '/payer/card_token', detail: 'a token that the sandbox knows' }] };
}

/** Decides as if in earnest. Claims nothing and publishes nothing; where nobody answers in time the policy is shown that would have decided. */
async function serveDryRun({ preview, fallBack }: AcceptParts, transaction: PaymentTransaction, wait: Wait): Promise<Reply> {
  const forced = forceOutcome(transaction);
  const decision = typeof forced === 'object' ? forced : forced === 'timeout' ? undefined : await preview(transaction, wait.nearEnd);
  return jsonReply(200, renderPreview(decision ?? fallBack.propose(transaction)));
}

async function serveClaim(parts: AcceptParts, request: MerchantRequest, { claim, wait, until }: Serving<Claim>): Promise<Reply> {
  const claimingSinceMs = nowMs();
  const claimed = await makeClaim(parts, claim, wait);
  recordSpan(request.requestId, { ...CLAIM, startMs: claimingSinceMs });
  if ('refused' in claimed) return problemReply(claimed, request.requestId);
  observe('claim', request);
  if (claimed.kind !== 'new' && claimed.answer !== undefined) return decidedReply(claimed.answer, claimed.kind);
  const name = waitingName(claimed.transaction.merchant_id, claimed.transaction.transaction_id);
  const expectNoMore = until === 'taken' ? () => undefined : parts.room.expect(name);
  try {
    return await publishAndAwait(parts, request, { name, claim: claimed, wait, until });
  } finally {
    expectNoMore();
  }
}

async function publishAndAwait(
  parts: AcceptParts,
  request: MerchantRequest,
  { name, claim: claimed, wait, until }: Named<Serving<Accepted>>,
): Promise<Reply> {
  const failure = await publish(parts, { name, transaction: claimed.transaction }, wait);
  if (failure) return problemReply(failure, request.requestId);
  observe('ingest', request);
  const answer = until === 'taken' ? undefined : await awaitAnswer(parts, claimed, { name, wait, asksPolicy: until === 'deadline' });
  if (answer === undefined) return pendingReply(claimed.transaction, claimed.kind);
  observe('answer', request);
  return decidedReply(answer, claimed.kind);
}

/** With the name under which the transaction waits. Made once: V8 takes long to look for a text in a map that it has not looked for before. */
type Named<T> = T & { readonly name: string };

type Accepted = Extract<Claimed, { kind: 'new' | 'repeated' | 'duplicate' }>;

async function makeClaim(parts: AcceptParts, claim: Claim, wait: Wait): Promise<Accepted | Refusal> {
  const claiming = parts.claims.add(claim);
  if (!claiming) return { refused: 'too_many_waiting' };
  try {
    const claimed = await beforeEnd(claiming, wait.end);
    if (claimed === undefined) return { refused: 'unavailable' };
    if (claimed.kind === 'key_reused') return { refused: 'idempotency_key_reused' };
    if (claimed.kind === 'id_reused') return { refused: 'transaction_id_reused' };
    return claimed;
  } catch (error) {
    if (!isTransient(error)) throw error;
    return { refused: 'unavailable' };
  }
}

async function publish(
  parts: AcceptParts,
  { name, transaction }: Named<{ readonly transaction: PaymentTransaction }>,
  wait: Wait,
): Promise<Refusal | undefined> {
  try {
    const confirmed = await beforeEnd(
      parts.publications.publish(name, transaction).then(() => true),
      wait.end,
    );
    if (!confirmed) return { refused: 'unavailable' };
    parts.onTaken(transaction);
    return undefined;
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    return { refused: error.code === 'queue_full' ? 'too_many_waiting' : 'unavailable' };
  }
}

/** The answer, be it the real decision's or, where that is asked for one, the policy's; undefined when the deadline comes before both. */
async function awaitAnswer(
  parts: AcceptParts,
  { transaction, kind }: Accepted,
  { name, wait, asksPolicy }: Named<{ readonly wait: Wait; readonly asksPolicy: boolean }>,
): Promise<string | undefined> {
  // Whoever hears what the ledger announces has heard of a new payment of its own. A look-up for each that is slow would make all slower.
  const mayBeStored = () => kind !== 'new' || !parts.isHearing();
  const lookUp = () => parts.storedAnswer(transaction.merchant_id, transaction.transaction_id).catch(() => undefined);
  const onNearEnd = () => {
    // The outcome may have been stored by another instance: the ledger then ignores what the policy says.
    if (mayBeStored()) void lookUp().then((answer) => answer !== undefined && parts.room.announce(name, answer));
    if (asksPolicy) parts.fallBack.decide(transaction);
  };
  if (wait.nearEnd.hasCome || (asksPolicy && kind === 'new' && parts.isInVain(wait.deadlineMs))) onNearEnd();
  else wait.nearEnd.tell(onNearEnd);
  const answer = await parts.room.wait(name, wait.end);
  wait.nearEnd.forget(onNearEnd);
  if (answer !== undefined) return answer;
  const told = parts.room.wait(name, Moment.after(wait.dueAtMs - nowMs()));
  return mayBeStored() ? await Promise.race([told, lookUp().then((stored) => stored ?? told)]) : await told;
}

function decidedReply(answer: string, kind: Accepted['kind']): Reply {
  return jsonReply(200, kind === 'duplicate' ? asDuplicate(answer) : answer, replayed(kind));
}

function pendingReply(transaction: PaymentTransaction, kind: Accepted['kind']): Reply {
  return jsonReply(202, renderPendingAnswer(transaction), {
    location: `/v1/transactions/${transaction.transaction_id}`,
    'retry-after': '1',
    ...replayed(kind),
  });
}

function replayed(kind: Accepted['kind']): Record<string, string> {
  return kind === 'repeated' ? { 'idempotent-replayed': 'true' } : {};
}

/** What `work` gives, or undefined when `end` comes first; the work goes on without its caller then. */
function beforeEnd<T>(work: Promise<T>, end: Moment): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onEnd = () => resolve(undefined);
    if (end.hasCome) onEnd();
    else end.tell(onEnd);
    work.then(resolve, reject).finally(() => end.forget(onEnd));
  });
}

function observe(hop: 'claim' | 'ingest' | 'answer', request: MerchantRequest): void {
  metrics.hopSeconds.observe({ hop }, Math.max(0, nowMs() - request.arrivedAtMs) / 1000);
}
