import { describe, expect, test } from '@jest/globals';
import { adviseNext, TrancendosClient, TrancendosError } from './index.ts';

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
}

/** Answers in turn; `undefined` breaks the connection. */
function clientWith(answers: readonly ({ status: number; body?: object; headers?: Record<string, string> } | undefined)[]) {
  const seen: Seen[] = [];
  const pauses: number[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    seen.push({
      url: String(input instanceof Request ? input.url : input),
      method: init?.method ?? 'GET',
      headers: new Headers(init?.headers),
      body: typeof init?.body === 'string' ? init.body : null,
    });
    const answer = answers[seen.length - 1];
    if (!answer) return Promise.reject(new TypeError('fetch failed'));
    return Promise.resolve(new Response(JSON.stringify(answer.body ?? {}), { status: answer.status, headers: answer.headers ?? {} }));
  };
  const options = { baseUrl: 'https://api.example.com', apiKey: 'trn_test_x', fetch };
  const client = new TrancendosClient({ ...options, onRetry: ({ afterMs }) => void pauses.push(afterMs) });
  return { client, seen, pauses };
}

const PAYMENT = {
  transaction_id: 'order-1',
  occurred_at: '2026-05-01T16:04:11.482Z',
  amount_minor: 1249,
  currency: 'EUR' as const,
  payer: { account_id: 'ACC-1' },
};
const OK = { status: 200, body: { action: 'approve' } };
const problem = (status: number, code: string, headers = {}) => ({ status, headers, body: { status, code, title: 'It', detail: 'Do.' } });

describe('a request', () => {
  test('is sent again with the same body and the same key until it is answered', async () => {
    const { client, seen } = clientWith([undefined, problem(503, 'unavailable'), OK]);
    expect(await client.decide(PAYMENT)).toMatchObject({ action: 'approve' });
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ headers, body }) => `${headers.get('idempotency-key')} ${body}`)).size).toBe(1);
    expect(seen[0]).toMatchObject({ url: 'https://api.example.com/v1/transactions', method: 'POST' });
    expect(seen[0]?.headers.get('idempotency-key')).toBe('order-1');
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer trn_test_x');
  });

  test('waits as long as Retry-After says, and not at all for somebody who asks for minutes', async () => {
    const patient = clientWith([problem(429, 'rate_limited', { 'retry-after': '1' }), OK]);
    await patient.client.decide(PAYMENT);
    expect(patient.pauses[0]).toBeGreaterThanOrEqual(1_000);
    const impatient = clientWith([problem(503, 'unavailable', { 'retry-after': '120' })]);
    await expect(impatient.client.decide(PAYMENT)).rejects.toMatchObject({ status: 503, code: 'unavailable' });
    expect(impatient.seen).toHaveLength(1);
  });

  test('whose decision is on its way is asked again, under its key', async () => {
    const { client, seen } = clientWith([{ status: 202, body: { status: 'pending' }, headers: { 'retry-after': '0' } }, OK]);
    expect(await client.decide(PAYMENT, { idempotencyKey: 'k' })).toMatchObject({ action: 'approve' });
    expect(seen.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['k', 'k']);
  });

  test('that is refused is told by its code and never repeated', async () => {
    const { client, seen } = clientWith([problem(422, 'idempotency_key_reused')]);
    const refused = client.decide(PAYMENT);
    await expect(refused).rejects.toThrow(TrancendosError);
    await expect(refused).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 });
    expect(seen).toHaveLength(1);
  });

  test('that is declined is an answer, and never repeated', async () => {
    const { client, seen } = clientWith([{ status: 200, body: { action: 'decline' } }]);
    await client.decide(PAYMENT);
    expect(seen).toHaveLength(1);
  });

  test('ends when its caller aborts it, also between two attempts', async () => {
    const abort = new AbortController();
    const { client, seen } = clientWith([problem(503, 'unavailable', { 'retry-after': '20' })]);
    const asked = client.decide(PAYMENT, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 20);
    await expect(asked).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });

  test('for an operation has a key of its own for every call', async () => {
    const { client, seen } = clientWith([OK, OK]);
    await client.capture('order 1', { amount_minor: 5 });
    await client.refund('order-1');
    const keys = seen.map(({ headers }) => headers.get('idempotency-key'));
    expect([new Set(keys).size, seen[0]?.url]).toEqual([2, 'https://api.example.com/v1/transactions/order%201/capture']);
  });
});

describe('the advice after an answer', () => {
  const none = { pending_minor: 0, posted_minor: 0, refunded_minor: 0, transfer_id: null, expires_at: null, state: 'none' as const };
  test.each([
    ['proceed', { action: 'approve' as const, retry: null, money: null }],
    ['ask_again', { action: null, retry: null, money: null }],
    ['await_review', { action: 'review' as const, retry: null, money: { ...none, expires_at: '2026-05-01T16:04:11.482Z' } }],
    ['step_up', { action: 'decline' as const, retry: { advice: 'with_step_up' as const, not_before: null }, money: none }],
    ['try_later', { action: 'decline' as const, retry: { advice: 'after' as const, not_before: '2026-05-01T16:04:11.482Z' }, money: none }],
    ['give_up', { action: 'decline' as const, retry: { advice: 'never' as const, not_before: null }, money: none }],
  ])('%s', (kind, answer) => {
    expect(adviseNext(answer).kind).toBe(kind);
  });
});
