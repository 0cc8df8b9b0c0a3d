import { describe, expect, test } from '@jest/globals';
import { MERCHANT_OPERATIONS } from '@trancendos/contracts/merchant-operations';
import { adviseNext, TrancendosClient, TrancendosError } from './index.ts';

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
}

interface Answer {
  readonly status: number;
  readonly body?: object;
  /** NDJSON instead of a body. */
  readonly lines?: readonly object[];
  readonly headers?: Record<string, string>;
}

/** Answers in turn; `undefined` breaks the connection. */
function clientWith(answers: readonly (Answer | undefined)[]) {
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
    const { status, lines, body = {}, headers = {} } = answer;
    const type = lines ? 'application/x-ndjson; charset=utf-8' : 'application/json';
    const text = lines ? lines.map((line) => `${JSON.stringify(line)}\n`).join('') : JSON.stringify(body);
    return Promise.resolve(new Response(text, { status, headers: { 'content-type': type, ...headers } }));
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

describe('many payments', () => {
  const payments = (count: number) => Array.from({ length: count }, (_, index) => ({ ...PAYMENT, transaction_id: `order-${index + 1}` }));
  const idsOf = ({ body }: Seen) =>
    (body ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as typeof PAYMENT).transaction_id);
  const lines = (statuses: readonly number[]) => ({
    status: 200,
    lines: statuses.map((status, index) => ({ line: index + 1, status, answer: { action: 'approve' } })),
  });
  const collect = async (client: TrancendosClient, count: number) => {
    const answers = [];
    for await (const answer of client.decideMany(payments(count))) answers.push(answer);
    return answers;
  };

  test('go out 500 in a request, and each has an answer under its own number', async () => {
    const { client, seen } = clientWith([lines(Array.from({ length: 500 }, () => 200)), lines([200, 422])]);
    const answers = await collect(client, 502);
    expect(answers.map(({ line }) => line)).toEqual(Array.from({ length: 502 }, (_, index) => index + 1));
    expect(answers.at(-1)?.status).toBe(422);
    expect(seen.map((request) => idsOf(request).length)).toEqual([500, 2]);
    expect(seen[0]?.headers.get('content-type')).toBe('application/x-ndjson');
  });

  test('are sent again where they are not decided yet or something was away, without those that are', async () => {
    const { client, seen } = clientWith([lines([200, 202, 422, 503]), undefined, lines([200, 200])]);
    const answers = await collect(client, 4);
    expect(seen.map(idsOf)).toEqual([
      ['order-1', 'order-2', 'order-3', 'order-4'],
      ['order-2', 'order-4'],
      ['order-2', 'order-4'],
    ]);
    expect(answers.map(({ line, status }) => [line, status])).toEqual([
      [1, 200],
      [2, 200],
      [3, 422],
      [4, 200],
    ]);
  });

  test('that are answered short are an answer that cannot be read', async () => {
    const { client } = clientWith([lines([200])]);
    await expect(collect(client, 2)).rejects.toMatchObject({ code: 'unreadable_answer' });
  });
});

describe('an import of history', () => {
  const answer = (accepted: number, errors: readonly object[] = []) => ({
    status: 200,
    body: { accepted, rejected: errors.length, errors },
  });
  const refused = { line: 3, code: 'invalid_field', pointer: '/currency', detail: 'a currency' };

  test('takes a stream 2,000 at a time, says how far it is, and numbers what was refused from the start of all', async () => {
    const { client, seen } = clientWith([answer(2_000), undefined, answer(499, [refused])]);
    const told: number[] = [];
    const records = async function* () {
      for (let index = 0; index < 2_500; index++) yield await Promise.resolve(PAYMENT);
    };
    const whole = await client.importHistory(records(), { onProgress: ({ accepted }) => void told.push(accepted) });
    expect(whole).toEqual({ accepted: 2_499, rejected: 1, errors: [{ ...refused, line: 2_003 }] });
    expect([told, seen.length, seen[1]?.body === seen[2]?.body]).toEqual([[2_000, 2_499], 3, true]);
  });

  test('of nothing asks nothing', async () => {
    const { client, seen } = clientWith([]);
    expect(await client.importHistory([])).toEqual({ accepted: 0, rejected: 0, errors: [] });
    expect(seen).toEqual([]);
  });
});

describe('keys and webhook endpoints', () => {
  test('are asked for at the addresses of the document', async () => {
    const { client, seen } = clientWith(Array.from({ length: 9 }, () => OK));
    await client.keys();
    await client.createKey({ mode: 'test' });
    await client.revokeKey('key_1');
    await client.removeWebhook('we_1');
    await client.enableWebhook('we_1');
    await client.rotateWebhookSecret('we_1');
    await client.deliveries('we_1');
    await client.replayDelivery('we_1', 'evt_1');
    await client.sendSampleEvent('we_1', 'transaction.expired');
    const ids: Readonly<Record<string, string>> = { key_1: '{id}', we_1: '{id}', evt_1: '{event}' };
    const asked = seen.map(({ method, url }) => `${method} ${new URL(url).pathname.replaceAll(/(key|we|evt)_1/g, (id) => ids[id] ?? id)}`);
    const documented = new Set(MERCHANT_OPERATIONS.map(({ method, path }) => `${method} ${path}`));
    expect(asked.filter((address) => !documented.has(address))).toEqual([]);
    expect(new Set(asked).size).toBe(9);
    expect(seen.at(-1)?.body).toBe('{"type":"transaction.expired"}');
  });

  test('are not made or changed a second time where the answer is lost', async () => {
    for (const ask of [
      (client: TrancendosClient) => client.createKey({ mode: 'test' }),
      (client: TrancendosClient) => client.addWebhook({ url: 'https://shop.example.com/hook' }),
      (client: TrancendosClient) => client.rotateWebhookSecret('we_1'),
    ]) {
      const { client, seen } = clientWith([undefined, OK]);
      await expect(ask(client)).rejects.toMatchObject({ code: 'no_answer' });
      expect(seen).toHaveLength(1);
    }
  });
});
