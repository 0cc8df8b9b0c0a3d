import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { BulkLine, HistoryProgress, Problem, TransactionAnswer, type HistoryAnswer, type ProblemCode } from '@trancendos/contracts/http';
import type { OpenApiDocument } from '@trancendos/contracts/find-breaking-changes';
import { renderOpenApi } from '@trancendos/contracts/render-openapi';
import { RESPONSE_HEADERS } from '@trancendos/contracts/response-headers';
import { pause } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import fc from 'fast-check';
import { runTestIngest, type TestIngest } from './run-test-ingest.ts';
import { codeOf, jsonOf, payment, TestMerchant, untilTrue, type Answer, type Sending } from './test-merchant.ts';

// What is proven here is not how fast a busy machine is.
jest.setTimeout(30_000);

let ingest: TestIngest;

beforeAll(async () => {
  ingest = await runTestIngest();
}, 60_000);

afterEach(async () => {
  ingest.deciding = true;
  await ingest.decideRest();
});

afterAll(async () => {
  await ingest.stop();
}, 30_000);

const merchant = new TestMerchant(() => ingest);
const send = (sending: Sending) => merchant.send(sending);
const pay = (body: unknown, key: string, sending?: Sending) => merchant.pay(body, key, sending);
const publishedOf = (id: string) => merchant.publishedOf(id);

describe('a transaction', () => {
  test('is answered with its outcome, and with the same bytes for ever after', async () => {
    const body = payment();
    const first = await pay(body, body.transaction_id);
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([200, null]);
    expect(TransactionAnswer.parse(jsonOf(first))).toMatchObject({ status: 'new', action: 'approve', money: { state: 'posted' } });
    const again = await pay(body, `"${body.transaction_id}"`);
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([200, first.text, 'true']);
    await ingest.untilStored(body.transaction_id);
    await ingest.restart();
    const later = await pay({ ...body, payer: { ...body.payer } }, body.transaction_id);
    expect(later.text).toBe(first.text);
    const found = await send({ method: 'GET', path: `/v1/transactions/${body.transaction_id}` });
    expect(found.text).toBe(first.text);
    expect(publishedOf(body.transaction_id)).toHaveLength(1);
  }, 30_000);

  test('sent 200 times at once is claimed and published once, and everybody gets the same answer', async () => {
    const body = { ...payment(), deadline_ms: 5_000 };
    const answers = await Promise.all(Array.from({ length: 200 }, () => pay(body, body.transaction_id)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    expect(publishedOf(body.transaction_id)).toHaveLength(1);
  }, 60_000);

  test('is kept from another under its key, and its id from another key', async () => {
    const body = payment();
    await pay(body, body.transaction_id);
    expect(codeOf(await pay({ ...body, amount_minor: 1250 }, body.transaction_id))).toBe('idempotency_key_reused');
    expect(codeOf(await pay({ ...body, amount_minor: 1250 }, newId('key')))).toBe('transaction_id_reused');
    expect(jsonOf(await pay(body, newId('key')))).toMatchObject({ status: 'duplicate', action: 'approve' });
    expect(publishedOf(body.transaction_id)).toHaveLength(1);
  });

  test('that is decided late is pending until then', async () => {
    ingest.deciding = false;
    const body = payment();
    const pending = await pay(body, body.transaction_id);
    expect([pending.status, pending.headers.get('location'), pending.headers.get('retry-after')]).toEqual([
      202,
      `/v1/transactions/${body.transaction_id}`,
      '1',
    ]);
    const asked = await send({ method: 'GET', path: `/v1/transactions/${body.transaction_id}` });
    expect([asked.status, asked.text]).toEqual([200, pending.text]);
    const repeated = pay(body, body.transaction_id);
    await ingest.decideRest();
    const decided = await repeated;
    expect(TransactionAnswer.parse(jsonOf(decided))).toMatchObject({
      status: 'new',
      request_id: (jsonOf(pending) as TransactionAnswer).request_id,
    });
    expect(publishedOf(body.transaction_id)).toHaveLength(1);
  });

  test('belongs to its merchant alone: another may use the same ids and sees nothing of it', async () => {
    const body = payment();
    await pay(body, body.transaction_id);
    expect(codeOf(await send({ method: 'GET', path: `/v1/transactions/${body.transaction_id}`, merchant: 1 }))).toBe('transaction_unknown');
    const other = await pay({ ...body, amount_minor: 1 }, body.transaction_id, { merchant: 1 });
    expect(TransactionAnswer.parse(jsonOf(other))).toMatchObject({ status: 'new', amount_minor: 1 });
  });
});

describe('many at once', () => {
  const bulk = (lines: readonly unknown[], merchant: 0 | 1 = 0) =>
    send({
      path: '/v1/transactions/bulk',
      body: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
      merchant,
    });
  const linesOf = (answer: Answer) =>
    answer.text
      .trimEnd()
      .split('\n')
      .map((line) => BulkLine.parse(JSON.parse(line)));

  test('get an answer a line, each what it would have got alone, and the same again', async () => {
    const [one, two] = [payment(), payment()];
    const sent = [one, '{"broken"', '', { ...payment(), amount_minor: -1 }, two, { ...payment(), transaction_id: undefined }];
    const first = await bulk(sent);
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    expect(linesOf(first)).toMatchObject([
      { line: 1, status: 200, answer: { transaction_id: one.transaction_id, status: 'new', action: 'approve' } },
      { line: 2, status: 400, answer: { code: 'malformed_json' } },
      { line: 4, status: 400, answer: { code: 'invalid_field', errors: [{ pointer: '/amount_minor' }] } },
      { line: 5, status: 200, answer: { transaction_id: two.transaction_id } },
      { line: 6, status: 400, answer: { code: 'invalid_field', errors: [{ pointer: '/transaction_id' }] } },
    ]);
    const again = linesOf(await bulk(sent));
    expect([again[0]?.replayed, again[0]?.answer]).toEqual([true, linesOf(first)[0]?.answer]);
    expect(publishedOf(one.transaction_id)).toHaveLength(1);
  });

  test('are at most 500, and one more refuses them all', async () => {
    const many = Array.from({ length: 501 }, () => ({ ...payment(), deadline_ms: 5_000 }));
    expect(codeOf(await bulk(many))).toBe('body_too_large');
    expect(publishedOf(String(many[0]?.transaction_id))).toHaveLength(0);
    const answers = linesOf(await bulk(many.slice(1)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers).toHaveLength(500);
  });
});

describe('history', () => {
  const importing = (lines: readonly unknown[]) =>
    send({
      path: '/v1/history',
      body: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
    });

  test('is published in order with its labels, and bad lines are told by number and place', async () => {
    const known = { fraud: true, known_at: new Date().toISOString() };
    const [one, two] = [{ ...payment(), label: known }, payment()];
    const answer = await importing([one, '{"broken"', { ...payment(), currency: 'eur' }, '', two, { ...payment('4111111111111111') }]);
    expect([answer.status, jsonOf(answer)]).toMatchObject([
      200,
      {
        accepted: 2,
        rejected: 3,
        errors: [
          { line: 2, code: 'malformed_json', pointer: '' },
          { line: 3, code: 'invalid_field', pointer: '/currency' },
          { line: 6, code: 'card_number_refused', pointer: '/transaction_id' },
        ],
      },
    ]);
    await untilTrue(() => publishedOf(two.transaction_id).length === 1);
    const mine = ingest.published.filter(({ transaction_id: id }) => id === one.transaction_id || id === two.transaction_id);
    expect(mine).toMatchObject([
      { kind: 'history', ...one },
      { kind: 'history', ...two },
    ]);
  });

  test('may be sent again, is labelled like a payment, and has no answer', async () => {
    const records = Array.from({ length: 1_200 }, () => payment());
    const first = jsonOf(await importing([...records, ...records.slice(0, 10)])) as HistoryAnswer;
    const again = jsonOf(await importing(records)) as HistoryAnswer;
    expect([first.accepted, again.accepted]).toEqual([1_210, 1_200]);
    const [record] = records;
    const said = { transaction_id: record?.transaction_id, fraud: true, source: 'merchant', known_at: new Date().toISOString() };
    expect((await send({ path: '/v1/labels', body: said })).status).toBe(200);
    expect(codeOf(await send({ method: 'GET', path: `/v1/transactions/${String(record?.transaction_id)}` }))).toBe('transaction_unknown');
    expect(codeOf(await pay(record, newId('key')))).toBe('transaction_id_reused');
    await untilTrue(() => publishedOf(String(record?.transaction_id)).some((message) => 'label_id' in message));
    const ids = new Set(records.map(({ transaction_id }) => transaction_id));
    expect(ingest.published.filter((message) => !('label_id' in message) && ids.has(message.transaction_id))).toHaveLength(1_200);
  });

  test('says how far it is to those who want to know, and ends with the answer', async () => {
    const records = Array.from({ length: 1_100 }, () => JSON.stringify(payment())).join('\n');
    const headers = { 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' };
    const lines = (await send({ path: '/v1/history', body: records, headers })).text.trimEnd().split('\n');
    expect(HistoryProgress.parse(JSON.parse(lines[0] ?? ''))).toEqual({ status: 'importing', accepted: 500, rejected: 0 });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ accepted: 1_100, rejected: 0, errors: [] });
  });

  test('longer than 200,000 lines is taken so far', async () => {
    const [last, tooMany] = [payment(), payment()];
    const answer = jsonOf(await importing([...Array.from({ length: 199_999 }, () => ''), last, tooMany])) as HistoryAnswer;
    expect(answer).toMatchObject({ accepted: 1, rejected: 1, errors: [{ line: 200_001, code: 'body_too_large' }] });
    await untilTrue(() => publishedOf(last.transaction_id).length === 1);
    expect(publishedOf(tooMany.transaction_id)).toHaveLength(0);
  });
});

describe('many that come slowly', () => {
  const open = () => {
    const { hostname, port } = new URL(ingest.api);
    const headers = { authorization: `Bearer ${ingest.keys[0]}`, 'content-type': 'application/x-ndjson' };
    const asking = request({ hostname, port, path: '/v1/transactions/bulk', method: 'POST', headers });
    const answered = once(asking, 'response').then(async ([response]) => {
      const { statusCode } = response as IncomingMessage;
      return { statusCode, text: Buffer.concat(await (response as IncomingMessage).toArray()).toString() };
    });
    return { asking, answered };
  };

  test('wait from the end of the body on', async () => {
    const { asking, answered } = open();
    asking.write(`${JSON.stringify({ ...payment(), deadline_ms: 300 })}\n`);
    await pause(400);
    asking.end(JSON.stringify({ ...payment(), deadline_ms: 300 }));
    const lines = (await answered).text.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { status: number }).status)).toEqual([200, 200]);
  });

  test('and are nothing but empty lines end at 4 MB', async () => {
    const { asking, answered } = open();
    for (let megabytes = 0; megabytes < 5; megabytes++) asking.write(Buffer.alloc(1_048_576, '\n'));
    expect((await answered).statusCode).toBe(413);
    asking.destroy();
  });
});

const SCREENED = {
  payee: { account_id: 'P-1', country: 'DE' },
  instrument: { bin: '424242', last4: '4242', country: 'DE', kind: 'credit' },
  device: { id: 'd-1' },
  ip: '192.0.2.1',
  geo: { country: 'DE', latitude: 52.5, longitude: 13.4 },
  channel: 'ecommerce',
  category_code: '5411',
  metadata: { basket: 'b-1' },
  capture: 'manual',
  mode: 'dry_run',
  deadline_ms: 40,
};

describe('what is not served', () => {
  test.each<[ProblemCode, number, Sending]>([
    ['unauthorised', 401, { headers: { authorization: 'Bearer trn_test_nobody_has_this_key' } }],
    ['unauthorised', 401, { headers: { authorization: '' }, path: '/%761/transactions' }],
    ['unauthorised', 401, { headers: { authorization: 'Basic eDp5' }, path: '/v1/nothing' }],
    ['not_found', 404, { path: '/v1/nothing' }],
    ['not_found', 404, { path: '/', method: 'GET', headers: { authorization: '' } }],
    ['not_found', 404, { path: '/v1/transactions/%zz', method: 'GET' }],
    ['transaction_unknown', 404, { path: '/v1/transactions/not%20an%20id', method: 'GET' }],
    ['card_number_refused', 422, { path: '/v1/transactions/4111-1111-1111-1111', method: 'GET' }],
    ['method_not_allowed', 405, { path: '/v1/transactions', method: 'DELETE' }],
    ['method_not_allowed', 405, { path: '/v1/history', method: 'GET' }],
    ['unsupported_media_type', 415, { body: '<x/>', headers: { 'content-type': 'application/xml' } }],
    ['unsupported_media_type', 415, { body: '{}', headers: { 'content-type': 'application/x-ndjson' } }],
    ['unsupported_media_type', 415, { body: '{}', path: '/v1/history' }],
    ['unsupported_media_type', 415, { path: '/v1/labels' }],
    ['unsupported_media_type', 415, { body: payment(), headers: { 'content-encoding': 'gzip', 'idempotency-key': 'k' } }],
    ['body_too_large', 413, { body: { ...payment(), note: 'x'.repeat(65_536) } }],
    ['malformed_json', 400, { body: '{"transaction_id":', headers: { 'idempotency-key': 'k' } }],
    ['malformed_json', 400, { body: '', headers: { 'idempotency-key': 'k', 'content-type': 'application/json' } }],
    ['idempotency_key_missing', 400, { body: payment() }],
    ['unknown_field', 400, { body: { ...payment(), colour: 'red' }, headers: { 'idempotency-key': 'k' } }],
    ['card_number_refused', 422, { body: payment(), headers: { 'idempotency-key': '4111 1111 1111 1111'.replaceAll(' ', '.') } }],
  ])('%s is told as %i', async (code, status, sending) => {
    const answer = await send(sending);
    expect([codeOf(answer), answer.status]).toEqual([code, status]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/POST/);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each([
    ['malformed_request', 400, 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['malformed_request', 400, '\x16\x03\x01 what TLS begins with'],
    ['headers_too_large', 431, `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('and is no request at all is told in the same form (%s)', async (code, status, bytes) => {
    const { hostname, port } = new URL(ingest.api);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    const [head = '', body = ''] = Buffer.concat(await socket.toArray())
      .toString()
      .split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*content-type: application/problem\\+json`));
    expect(Problem.parse(JSON.parse(body))).toMatchObject({ code, status });
  });

  test('is never a fault of ours, whatever is sent where', async () => {
    // By the contract, but for one field of it.
    const good = { ...payment(), ...SCREENED, fraud: true, source: 'bank', known_at: new Date().toISOString(), final: true };
    const nearlyGood = fc
      .tuple(
        fc.constantFrom(...Object.keys(good)),
        fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, Infinity, -0, '\u0000', '\ud800', '__proto__')),
      )
      .map(([field, value]) => JSON.stringify({ ...good, transaction_id: newId('tx'), [field]: value }));
    const anyRequest = fc.record({
      method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
      path: fc.oneof(
        fc.constantFrom('/v1/transactions', '/v1/transactions/bulk', '/v1/labels', '/v1/history', '/v1/keys', '/v1/settings', '/v1/keys/x'),
        fc.constantFrom('/v1/transactions/x/capture', '/v1/transactions/x/void', '/v1/transactions/x/refund', '/v1/webhooks'),
        fc.webPath(),
        fc.webPath().map((path) => `/v1${path}`),
      ),
      body: fc.oneof(
        nearlyGood,
        fc.json(),
        fc.string(),
        fc.constant(JSON.stringify({ ...payment(), occurred_at: '0000-01-01T00:00:00.000Z' })),
      ),
      headers: fc.record({
        'content-type': fc.constantFrom(
          'application/json',
          'application/json; charset=latin1',
          'application/x-ndjson',
          'text/plain',
          'a/b;;=',
        ),
        'idempotency-key': fc.stringMatching(/^[\x21-\x7e]{1,300}$/),
      }),
    });
    await fc.assert(
      fc.asyncProperty(anyRequest, async (sending) => {
        expect((await send(sending)).status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  test('leaves no trace of a card number in log, topic or answer', async () => {
    const card = '5555555555554444';
    const answers = [
      await pay({ ...payment(), transaction_id: card }, newId('key')),
      await pay({ ...payment(), [card]: card }, newId('key')),
      await pay(payment(), card),
      await send({ method: 'GET', path: `/v1/transactions/${card}?x=${card}` }),
      await send({ method: 'DELETE', path: `/v1/${card}` }),
      await send({ path: '/v1/history', body: JSON.stringify(payment(card)), headers: { 'content-type': 'application/x-ndjson' } }),
    ];
    for (const seen of [...answers.map(({ text }) => text), ...ingest.lines, JSON.stringify(ingest.published)])
      expect(seen).not.toContain(card);
  });
});

describe('the headers of answers', () => {
  const ofHttp = ['cache-control', 'connection', 'content-length', 'content-type', 'date', 'keep-alive'];
  const { paths } = JSON.parse(renderOpenApi()) as OpenApiDocument;

  test('are those of the document, at each address and status, and each of them comes', async () => {
    const [body, late] = [payment(), payment()];
    const decided = [
      await pay(body, body.transaction_id),
      await pay(body, body.transaction_id),
      await pay({ ...body, amount_minor: 1 }, 'other'),
    ];
    const unknown = await send({ headers: { authorization: '' } });
    ingest.deciding = false;
    const pending = await pay(late, late.transaction_id);
    const held = await send({ path: `/v1/transactions/${late.transaction_id}/capture`, headers: { 'idempotency-key': newId('key') } });
    expect([...decided, unknown, pending, held].map(({ status }) => status)).toEqual([200, 200, 409, 401, 202, 409]);
    const seen = [...decided, unknown, pending].map((answer) => [answer, '/v1/transactions'] as const);
    const told = [...seen, [held, '/v1/transactions/{id}/capture'] as const].flatMap(([{ headers, status }, path]) => {
      const names = [...headers.keys()].filter((name) => !ofHttp.includes(name));
      const documented = Object.keys(paths[path]?.['post']?.responses[String(status)]?.headers ?? {}).map((name) => name.toLowerCase());
      expect([path, status, names.filter((name) => !documented.includes(name))]).toEqual([path, status, []]);
      return names;
    });
    expect(new Set(told)).toEqual(new Set(Object.keys(RESPONSE_HEADERS).map((name) => name.toLowerCase())));
  });
});
