import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiKeysAnswer, NewApiKeyAnswer } from '@trancendos/contracts/api-key';
import type { Problem } from '@trancendos/contracts/http';
import { pause } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import pg from 'pg';
import { ROUTES } from '../routes.ts';
import { runTestIngest, type TestIngest } from '../run-test-ingest.ts';
import { signTestRequest } from './sign-test-request.ts';

let ingest: TestIngest;
let database: pg.Client;

beforeAll(async () => {
  ingest = await runTestIngest(undefined, { INGEST_KEY_RATE_PER_SECOND: 25, INGEST_KEY_BURST: 100, INGEST_TRUSTED_PROXIES: 1 });
  database = new pg.Client({ connectionString: ingest.databaseUrl });
  await database.connect();
}, 60_000);

afterAll(async () => {
  await database.end();
  await ingest.stop();
}, 30_000);

interface Asking {
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

async function ask(method: string, path: string, { key = ingest.keys[0], body, headers = {} }: Asking = {}) {
  const response = await fetch(ingest.api + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: (text === '' ? {} : JSON.parse(text)) as unknown };
}
const codeOf = (answer: { json: unknown }) => (answer.json as Problem).code;
const create = async (body: Record<string, unknown> = {}, key?: string) =>
  ask('POST', '/v1/keys', { body: { mode: 'live', ...body }, ...(key === undefined ? {} : { key }) });
const created = async (body: Record<string, unknown> = {}) => (await create(body)).json as NewApiKeyAnswer;
const revoke = (keyId: string, key?: string) => ask('DELETE', `/v1/keys/${keyId}`, key === undefined ? {} : { key });

describe('a key', () => {
  test('is shown once, kept as a hash, used at once, and refused as soon as it is revoked', async () => {
    const made = await created({ name: 'web shop' });
    expect(made.key).toMatch(/^trn_live_[0-9A-Za-z]{49}$/);
    expect(codeOf(await ask('GET', '/v1/transactions/none', { key: made.key }))).toBe('transaction_unknown');
    const { keys } = (await ask('GET', '/v1/keys')).json as ApiKeysAnswer;
    expect(keys.find(({ key_id }) => key_id === made.key_id)).toMatchObject({ name: 'web shop', mode: 'live', hint: made.key.slice(-4) });
    const { rows } = await database.query('SELECT * FROM ingest.api_keys');
    expect(JSON.stringify([rows, keys, ingest.lines])).not.toContain(made.key.slice(9, 40));
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(made.signing_secret, 'base64').toString('hex'));
    expect((await revoke(made.key_id)).status).toBe(200);
    expect(codeOf(await ask('GET', '/v1/transactions/none', { key: made.key }))).toBe('unauthorised');
  });

  test('that another instance has revoked is refused within 2 s', async () => {
    const made = await created();
    await database.query('UPDATE ingest.api_keys SET revoked_at = now(), changed_at = clock_timestamp() WHERE key_id = $1', [made.key_id]);
    const revokedMs = performance.now();
    while ((await ask('GET', '/v1/transactions/none', { key: made.key })).status !== 401) await pause(50);
    expect(performance.now() - revokedMs).toBeLessThan(2_000);
  });

  test('is the second at most of its mode, so that they can be rotated, however many are asked for at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create()));
    const made = answers.filter(({ status }) => status === 201).map(({ json }) => json as NewApiKeyAnswer);
    expect([made.length, answers.filter((answer) => codeOf(answer) === 'too_many_keys').length]).toEqual([2, 6]);
    for (const { key_id } of made) await revoke(key_id);
    expect((await create()).status).toBe(201);
  });

  test('goes out of use by itself', async () => {
    const made = await created({ mode: 'test', expires_at: new Date(Date.now() + 700).toISOString() });
    const ask404 = () => ask('GET', '/v1/transactions/none', { key: made.key });
    expect((await ask404()).status).toBe(404);
    while ((await ask404()).status !== 401) await pause(50);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(made.expires_at ?? ''));
    expect((await create({ expires_at: new Date(Date.now() - 1_000).toISOString() })).json).toMatchObject({
      code: 'invalid_field',
      errors: [{ pointer: '/expires_at' }],
    });
  });

  test('does what its scopes allow, from the addresses that it allows', async () => {
    const made = await created({ mode: 'test', scopes: ['transactions:read'], allowed_ips: ['192.0.2.0/24', '2001:db8::1'] });
    const from = (address: string) => ({ key: made.key, headers: { 'x-forwarded-for': address } });
    expect(codeOf(await ask('GET', '/v1/transactions/none', from('192.0.2.77')))).toBe('transaction_unknown');
    expect(codeOf(await ask('GET', '/v1/transactions/none', from('2001:db8::1')))).toBe('transaction_unknown');
    expect(codeOf(await ask('GET', '/v1/transactions/none', from('192.0.3.1')))).toBe('address_refused');
    for (const { method, path, scope } of ROUTES.filter((route) => route.scope !== 'transactions:read')) {
      const answer = await ask(method, path.replace(/:\w+/, 'x'), from('192.0.2.1'));
      expect([scope, codeOf(answer), answer.status]).toEqual([scope, 'scope_missing', 403]);
    }
    await revoke(made.key_id);
  });

  test('of another merchant cannot be seen or revoked', async () => {
    const made = await created({ mode: 'test' });
    expect(codeOf(await revoke(made.key_id, ingest.keys[1]))).toBe('key_unknown');
    expect(JSON.stringify((await ask('GET', '/v1/keys', { key: ingest.keys[1] })).json)).not.toContain(made.key_id);
    expect(codeOf(await ask('GET', '/v1/transactions/none', { key: made.key }))).toBe('transaction_unknown');
    await revoke(made.key_id);
  });

  test('remembers the hour in which it was last used', async () => {
    const made = await created({ mode: 'test' });
    await ask('GET', '/v1/transactions/none', { key: made.key });
    await ingest.restart();
    const { keys } = (await ask('GET', '/v1/keys')).json as ApiKeysAnswer;
    expect(keys.find(({ key_id }) => key_id === made.key_id)?.last_used_at).toMatch(/:00:00\.000Z$/);
    await revoke(made.key_id);
  }, 30_000);

  test('that asks too fast is told when to come back, with what it may ask', async () => {
    const made = await created({ mode: 'test' });
    const answers = await Promise.all(Array.from({ length: 300 }, () => ask('GET', '/v1/transactions/none', { key: made.key })));
    const limited = answers.filter((answer) => codeOf(answer) === 'rate_limited');
    expect(limited.length).toBeGreaterThan(20);
    expect(limited[0]?.status).toBe(429);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"key";q=100;w=4');
    expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"key";r=\d+;t=\d+$/);
    expect((await ask('GET', '/v1/transactions/none')).status).toBe(404);
    await revoke(made.key_id);
  }, 60_000);
});

describe('signatures', () => {
  const settings = { require_signature: true, on_timeout: [{ up_to_minor: 5_000, action: 'approve' }, { action: 'decline' }] };

  test('once asked for are needed for every request, hold once, and cannot be asked for without one', async () => {
    const made = await created({ mode: 'test', scopes: ['settings:write', 'transactions:write', 'transactions:read'] });
    const signed = (method: string, path: string, body?: unknown) => {
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const as = { keyId: made.key_id, secret: made.signing_secret, nonce: newId('n'), created: Math.floor(Date.now() / 1000) };
      return { key: made.key, ...text, headers: signTestRequest({ method, url: ingest.api + path, ...text }, as) };
    };
    expect(codeOf(await ask('PUT', '/v1/settings', { key: made.key, body: settings }))).toBe('signature_missing');
    expect((await ask('PUT', '/v1/settings', signed('PUT', '/v1/settings', settings))).json).toMatchObject(settings);
    expect(codeOf(await ask('GET', '/v1/settings', { key: made.key }))).toBe('signature_missing');
    const once = signed('GET', '/v1/settings');
    expect((await ask('GET', '/v1/settings', once)).json).toMatchObject(settings);
    expect(codeOf(await ask('GET', '/v1/settings', once))).toBe('signature_invalid');
    const open = { ...settings, require_signature: false };
    expect((await ask('PUT', '/v1/settings', signed('PUT', '/v1/settings', open))).status).toBe(200);
    expect((await ask('GET', '/v1/settings', { key: made.key })).json).toMatchObject(open);
    expect((await ask('GET', '/v1/settings', { key: ingest.keys[1] })).json).toMatchObject({ require_signature: false, on_timeout: [] });
    await revoke(made.key_id);
  });
});
