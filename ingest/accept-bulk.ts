import { nowMs } from '@trancendos/platform/clock';
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

/**
 * `POST /v1/transactions/bulk`: up to 500 transactions, each under its transaction id as idempotency key, and one answer a line in their order:
 * `{"line":1,"status":200,"answer":{...}}`, where the answer is what the transaction alone would have got, a problem included. Lines are
 * independent of each other; a body with too many of them is refused whole, before any is taken. Their deadlines count from the end of the
 * body, so that a long one on a slow line is decided like any other.
 */
export async function acceptBulk(parts: AcceptParts, request: BulkRequest): Promise<Reply> {
  const lines = await readAll(request.body);
  if (lines === 'too_large') {
    const detail = `A body holds at most ${BULK_LINES_MAX} lines and ${BULK_BYTES_MAX / 1_048_576} MB; send the rest in another.`;
    return problemReply({ refused: 'body_too_large', detail }, request.requestId);
  }
  const readAtMs = nowMs();
  const waitFor = (deadlineMs: number) => request.waitFor(deadlineMs, readAtMs);
  const answers = await Promise.all(lines.map((line) => acceptLine(parts, { ...request, arrivedAtMs: readAtMs, waitFor }, line)));
  return { status: 200, body: answers.map((answer) => `${answer}\n`).join(''), headers: { 'content-type': NDJSON_TYPE } };
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
    ? await acceptTransaction(parts, { ...request, body: bytes, idempotencyKey: undefined, isLine: true })
    : problemReply({ refused: 'body_too_large' }, request.requestId);
  const replayed = reply.headers['idempotent-replayed'] === 'true' ? ',"replayed":true' : '';
  return `{"line":${number},"status":${reply.status}${replayed},"answer":${reply.body}}`;
}
