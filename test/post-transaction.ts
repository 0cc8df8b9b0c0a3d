import type { TransactionAnswer } from '@trancendos/contracts/http';
import { request } from 'undici';

/** Where and as whom to ask. */
export interface Merchant {
  readonly api: string;
  readonly apiKey: string;
}

/** What came back, with the body both as bytes and read. */
export interface Posted {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly answer: TransactionAnswer;
}

/** A payment that the model finds ordinary: a small amount by a payer without history. */
export function payment(transactionId: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    transaction_id: transactionId,
    occurred_at: new Date().toISOString(),
    amount_minor: 1249,
    currency: 'EUR',
    payer: { account_id: 'ACC-TEST-1' },
    terminal_id: 'T-TEST-1',
    // A busy test machine is no reason to fall back to the policy.
    deadline_ms: 5_000,
    ...changes,
  };
}

/** `POST /v1/transactions` with the transaction id as idempotency key, unless another is given. */
export async function postTransaction(merchant: Merchant, body: Record<string, unknown>, idempotencyKey?: string): Promise<Posted> {
  const key = idempotencyKey ?? String(body['transaction_id']);
  return postBody(merchant, JSON.stringify(body), { 'idempotency-key': key });
}

/** `POST /v1/transactions` with any bytes at all. */
export async function postBody(merchant: Merchant, body: string | Buffer, headers: Record<string, string>): Promise<Posted> {
  const response = await request(`${merchant.api}/v1/transactions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${merchant.apiKey}`, 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.body.text();
  return { status: response.statusCode, headers: response.headers, text, answer: JSON.parse(text) as TransactionAnswer };
}
