import { toInstant } from '@trancendos/platform/clock';
import type { Client, Dispatcher } from 'undici';
import { z } from 'zod';
import type { IdleConnections } from './idle-connections.ts';

const SUBJECTS = 5_000;

const Answer = z.object({ status: z.string(), action: z.string().nullable(), timings_ms: z.record(z.string(), z.number()) });
const BulkLine = z.object({ status: z.number(), answer: z.unknown() });

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
  const request: Dispatcher.DispatchOptions = inBulk
    ? { method: 'POST', path: '/v1/transactions/bulk', headers, body }
    : { method: 'POST', path: '/v1/transactions', headers: { ...headers, 'idempotency-key': ids[0] }, body };
  const client = await connections.take();
  const { httpStatus, text } = await exchange(client, request).finally(() => connections.giveBack(client));
  if (!inBulk || httpStatus !== 200) return ids.map(() => readAnswer(httpStatus, () => JSON.parse(text)));
  const lines = text.trimEnd().split('\n');
  if (lines.length !== ids.length) throw new Error(`${lines.length} answers to ${ids.length} lines`);
  return lines.map((line) => {
    const { status, answer } = BulkLine.parse(JSON.parse(line));
    return readAnswer(status, () => answer);
  });
}

function readAnswer(httpStatus: number, read: () => unknown): PaymentAnswer {
  return httpStatus === 200 || httpStatus === 202 ? Answer.parse(read()) : { httpStatus };
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

/** By the client's own callbacks: its bodies as streams take more of the machine that is measured. */
function exchange(client: Client, request: Dispatcher.DispatchOptions): Promise<{ httpStatus: number; text: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let httpStatus = 0;
    client.dispatch(request, {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode) => void (httpStatus = statusCode),
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve({ httpStatus, text: Buffer.concat(chunks).toString() }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}
