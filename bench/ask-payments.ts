import { toInstant } from '@trancendos/platform/clock';
import { z } from 'zod';
import type { HttpRequest } from './http-connection.ts';
import type { IdleConnections } from './idle-connections.ts';

const SUBJECTS = 5_000;

/** What is looked at of an answer. All of it is read once in a hundred times: the generator runs on the machine that it measures. */
const Answer = z.object({ status: z.string(), action: z.string().nullable(), timings_ms: z.record(z.string(), z.number()) });
const READ_WHOLE_EVERY = 100;
const PARTS = /"status":"(\w+)".*?"action":(?:"(\w+)"|null).*?"timings_ms":(\{[^}]*\})/;
const BULK_LINE = /^\{"line":\d+,"status":(\d+)(?:,"replayed":true)?,"answer":(.*)\}$/;

/** What one payment was answered: the decision, or the HTTP status of a refusal. */
export type PaymentAnswer = z.infer<typeof Answer> | { readonly httpStatus: number };

/** Whose payments are asked for, and where. */
export interface Asking {
  readonly connections: IdleConnections;
  readonly apiKey: string;
  /** Whether they go as lines of one bulk request. Else there is one of them. */
  readonly inBulk: boolean;
}

/** Asks for made-up payments with these ids in one request. One answer each, in their order; rejects when the connection breaks. */
export async function askPayments({ connections, apiKey, inBulk }: Asking, ids: readonly string[]): Promise<PaymentAnswer[]> {
  const body = ids.map((id) => JSON.stringify(makePayment(id))).join('\n');
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': inBulk ? 'application/x-ndjson' : 'application/json' };
  const request: HttpRequest = inBulk
    ? { method: 'POST', path: '/v1/transactions/bulk', headers, body }
    : { method: 'POST', path: '/v1/transactions', headers: { ...headers, 'idempotency-key': ids[0] ?? '' }, body };
  const connection = await connections.take();
  const { httpStatus, text } = await connection.exchange(request).finally(() => connections.giveBack(connection));
  if (!inBulk || httpStatus !== 200) return ids.map(() => readAnswer(httpStatus, text));
  const lines = text.trimEnd().split('\n');
  if (lines.length !== ids.length) throw new Error(`${lines.length} answers to ${ids.length} lines`);
  return lines.map((line) => {
    const [, status, answer] = BULK_LINE.exec(line) ?? [];
    if (status === undefined || answer === undefined) throw new Error('a line of an answer that is none');
    return readAnswer(Number(status), answer);
  });
}

let answersRead = 0;

function readAnswer(httpStatus: number, text: string): PaymentAnswer {
  if (httpStatus !== 200 && httpStatus !== 202) return { httpStatus };
  const [, status, action, timings] = PARTS.exec(text) ?? [];
  if (answersRead++ % READ_WHOLE_EVERY === 0 || status === undefined || timings === undefined) return Answer.parse(JSON.parse(text));
  return { status, action: action ?? null, timings_ms: JSON.parse(timings) as Record<string, number> };
}

function makePayment(id: string): object {
  const subject = Math.floor(Math.random() * SUBJECTS);
  return {
    transaction_id: id,
    occurred_at: toInstant(Date.now()),
    amount_minor: 100 + Math.floor(Math.random() * 9_900),
    currency: 'EUR',
    payer: { account_id: `BENCH-${subject}` },
    terminal_id: `BT-${subject % 500}`,
  };
}
