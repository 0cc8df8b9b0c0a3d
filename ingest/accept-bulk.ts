import { setImmediate as nextTurn } from 'node:timers/promises';
import { DEADLINE_MS } from '@trancendos/contracts/transaction';
import { nowMs, pause } from '@trancendos/platform/clock';
import { acceptTransaction, type AcceptParts, type MerchantRequest } from './accept-transaction.ts';
import { readLines, type Line } from './read-lines.ts';
import { problemReply, type Reply } from './reply.ts';
import type { Wait } from './patience.ts';

/** A body of many transactions, one JSON object a line. */
export interface BulkRequest extends Omit<MerchantRequest, 'idempotencyKey' | 'body' | 'arrivedAtMs' | 'waitFor'> {
  readonly body: AsyncIterable<Uint8Array>;
  /** Starts to wait, from a moment in milliseconds since the epoch. */
  readonly waitFor: (deadlineMs: number, sinceMs: number) => Wait;
}

export const BULK_LINES_MAX = 500;
const LINE_BYTES_MAX = 65_536;
const BULK_BYTES_MAX = 4_194_304;
const NDJSON_TYPE = 'application/x-ndjson; charset=utf-8';

/** So many lines are begun in one go: other requests get their turn between them. */
const LINES_AT_ONCE = 25;
/**
 * The rest of a request waits while so many claims wait for the database, or so much of the waiting room is taken, so that its lines are not
 * refused one by one.
 */
const CLAIMS_WAITING_MAX = 1_000;
const ROOM_TAKEN_MAX = 0.9;
/** What lines without a deadline may take of it, so that the rest is free for whoever has one. */
const ROOM_FOR_PATIENT = 0.5;
const LOOK_EVERY_MS = 5;

export interface BulkParts extends AcceptParts {
  /** Whether so much waits for scoring already that more had better come later. */
  readonly isFarBehind: () => boolean;
  readonly claimsWaiting: () => number;
}

/**
 * `POST /v1/transactions/bulk`: up to 500 transactions, each under its transaction id as idempotency key, and one answer a line in their order:
 * `{"line":1,"status":200,"answer":{...}}`, where the answer is what the transaction alone would have got, a problem included. Lines are
 * independent of each other; a body with too many of them, or one that comes at a bad time, is refused whole, before any is taken. Their
 * deadlines count from the end of the body, so that a long one on a slow line is decided like any other.
 *
 * Nobody stands at a till for a line that states no deadline: it waits for the real decision for some seconds, and is told that it is pending
 * where that takes longer, or at once where many wait already. Its merchant's policy is not asked.
 */
export async function acceptBulk(parts: BulkParts, request: BulkRequest): Promise<Reply> {
  if (parts.isSwamped() || parts.isFarBehind()) return problemReply({ refused: 'too_many_waiting' }, request.requestId);
  const lines = await readAll(request.body);
  if (lines === 'too_large') {
    const detail = `A body holds at most ${BULK_LINES_MAX} lines and ${BULK_BYTES_MAX / 1_048_576} MB; send the rest in another.`;
    return problemReply({ refused: 'body_too_large', detail }, request.requestId);
  }
  const readAtMs = nowMs();
  const waitFor = (deadlineMs: number) => request.waitFor(deadlineMs, readAtMs);
  const asked = { ...request, arrivedAtMs: readAtMs, waitFor, line: { mayWait: parts.room.hasRoomFor(lines.length, ROOM_FOR_PATIENT) } };
  const answering: Promise<string>[] = [];
  for (const [index, line] of lines.entries()) {
    if (index % LINES_AT_ONCE === 0) await turnOf(parts, readAtMs + DEADLINE_MS.max);
    const answer = acceptLine(parts, asked, line);
    answer.catch(() => undefined); // it is looked at below, when all have begun
    answering.push(answer);
  }
  const answers = await Promise.all(answering);
  return { status: 200, body: answers.map((answer) => `${answer}\n`).join(''), headers: { 'content-type': NDJSON_TYPE } };
}

/** Resolves when the next lines may begin: when there is room for them, and after a while in any case, because most find some then. */
async function turnOf({ claimsWaiting, room }: BulkParts, untilMs: number): Promise<void> {
  await nextTurn();
  const isCrowded = () => claimsWaiting() > CLAIMS_WAITING_MAX || !room.hasRoomFor(LINES_AT_ONCE, ROOM_TAKEN_MAX);
  while (isCrowded() && nowMs() < untilMs) await pause(LOOK_EVERY_MS);
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<readonly Line[] | 'too_large'> {
  const lines: Line[] = [];
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of body) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  for await (const read of readLines(counted(), LINE_BYTES_MAX)) {
    lines.push(...read);
    if (lines.length > BULK_LINES_MAX || bytes > BULK_BYTES_MAX) return 'too_large';
  }
  return lines;
}

async function acceptLine(
  parts: AcceptParts,
  request: Omit<MerchantRequest, 'idempotencyKey' | 'body'>,
  { number, bytes }: Line,
): Promise<string> {
  const reply = bytes
    ? await acceptTransaction(parts, { ...request, body: bytes, idempotencyKey: undefined })
    : problemReply({ refused: 'body_too_large' }, request.requestId);
  const replayed = reply.headers['idempotent-replayed'] === 'true' ? ',"replayed":true' : '';
  return `{"line":${number},"status":${reply.status}${replayed},"answer":${reply.body}}`;
}
