import { expect } from '@jest/globals';
import { Problem, type ProblemCode } from '@trancendos/contracts/http';
import { pause } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import type { TestIngest } from './run-test-ingest.ts';

/** A request of a test; `POST /v1/transactions` by the first merchant unless it says otherwise. */
export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly merchant?: 0 | 1;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Talks to an ingest that runs for a test. */
export class TestMerchant {
  readonly #ingest: () => TestIngest;

  constructor(ingest: () => TestIngest) {
    this.#ingest = ingest;
  }

  async send({ method = 'POST', path = '/v1/transactions', body, headers = {}, merchant = 0 }: Sending): Promise<Answer> {
    const ingest = this.#ingest();
    const response = await fetch(`${ingest.api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ingest.keys[merchant]}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  pay(body: unknown, key: string, sending: Sending = {}): Promise<Answer> {
    return this.send({ ...sending, body, headers: { 'idempotency-key': key, ...sending.headers } });
  }

  publishedOf(id: string) {
    return this.#ingest().published.filter(({ transaction_id }) => transaction_id === id);
  }
}

/** A payment as a merchant sends it. */
export const payment = (id: string = newId('tx')) => ({
  transaction_id: id,
  occurred_at: new Date().toISOString(),
  amount_minor: 1249,
  currency: 'EUR',
  payer: { account_id: 'ACC-00017' },
  terminal_id: 'T-00042',
});

export function jsonOf(answer: Answer): unknown {
  return JSON.parse(answer.text);
}

export function codeOf(answer: Answer): ProblemCode {
  return Problem.parse(jsonOf(answer)).code;
}

/** Throws when it does not come true within 5 s. */
export async function untilTrue(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries === 500) throw new Error('did not come true within 5 s');
    await pause(10);
  }
}
