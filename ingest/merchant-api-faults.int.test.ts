import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pause } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import { testServers } from '@trancendos/platform/testing';
import { CuttableConnection } from './cut-connection.ts';
import { runTestIngest, type TestIngest } from './run-test-ingest.ts';

let ingest: TestIngest;
let database: CuttableConnection;

beforeEach(async () => {
  const { hostname, port } = new URL(testServers().databaseUrl);
  database = await CuttableConnection.open({ host: hostname, port: Number(port) });
  ingest = await runTestIngest((url) => {
    const cuttable = new URL(url);
    cuttable.host = `127.0.0.1:${database.port}`;
    return cuttable.href;
  });
}, 60_000);

afterEach(async () => {
  database.mend();
  await ingest.stop();
  await database.close();
}, 30_000);

const payment = () => ({
  transaction_id: newId('tx'),
  occurred_at: new Date().toISOString(),
  amount_minor: 1249,
  currency: 'EUR',
  payer: { card_token: 'card_kqwe' },
});

function pay(body: { transaction_id: string }, signal?: AbortSignal): Promise<Response> {
  return fetch(`${ingest.api}/v1/transactions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ingest.keys[0]}`, 'content-type': 'application/json', 'idempotency-key': body.transaction_id },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

async function payUntilDecided(body: { transaction_id: string }): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const response = await pay(body);
    if (response.status === 200) return await response.text();
    await response.text();
    await pause(100);
  }
  throw new Error('was not decided within 10 s');
}

const publishedTimes = (id: string) => ingest.published.filter(({ transaction_id }) => transaction_id === id).length;

describe('while the database is away', () => {
  test('payments are refused with 503 and Retry-After and not published, and taken again when it is back', async () => {
    database.cut();
    const body = payment();
    const refused = await pay(body);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([503, '1', { code: 'unavailable' }]);
    expect(publishedTimes(body.transaction_id)).toBe(0);
    database.mend();
    expect(JSON.parse(await payUntilDecided(body))).toMatchObject({ status: 'new' });
    expect(publishedTimes(body.transaction_id)).toBe(1);
  });

  test('what waits for its outcome is answered, and the answer is stored when it is back', async () => {
    ingest.deciding = false;
    const body = payment();
    const waiting = pay(body);
    while (publishedTimes(body.transaction_id) === 0) await pause(10);
    database.cut();
    await ingest.decideRest();
    const answer = await (await waiting).text();
    expect(JSON.parse(answer)).toMatchObject({ status: 'new' });
    database.mend();
    ingest.deciding = true;
    expect(await payUntilDecided(body)).toBe(answer);
    await ingest.untilStored(body.transaction_id);
    await ingest.restart();
    expect(await payUntilDecided(body)).toBe(answer);
    expect(publishedTimes(body.transaction_id)).toBe(1);
  }, 30_000);
});

describe('when ingest stops', () => {
  test('what is under way is answered first, and a keep-alive connection does not hold it up', async () => {
    ingest.deciding = false;
    await (await pay(payment())).text();
    const waiting = pay(payment());
    await pause(100);
    const startedMs = performance.now();
    const stopped = ingest.stopApi();
    expect((await waiting).status).toBe(202);
    await stopped;
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  }, 20_000);

  test('an import that does not end is cut off', async () => {
    const { hostname, port } = new URL(ingest.api);
    const headers = { authorization: `Bearer ${ingest.keys[0]}`, 'content-type': 'application/x-ndjson' };
    const importing = request({ hostname, port, path: '/v1/history', method: 'POST', headers });
    const ended = new Promise((resolve) => importing.once('error', resolve).once('response', resolve));
    importing.write(`${JSON.stringify(payment())}\n`);
    await pause(200);
    const startedMs = performance.now();
    await ingest.stopApi();
    expect(performance.now() - startedMs).toBeLessThan(8_000);
    await ended;
  }, 20_000);

  test('and comes back, a repeat of what was left undecided is decided once', async () => {
    ingest.deciding = false;
    const body = payment();
    expect((await pay(body)).status).toBe(202);
    await ingest.restart();
    ingest.deciding = true;
    await ingest.decideRest();
    const answer = await payUntilDecided(body);
    expect(await payUntilDecided(body)).toBe(answer);
  }, 20_000);
});

test('a caller that goes away leaves its transaction to be decided', async () => {
  ingest.deciding = false;
  const body = payment();
  const gone = new AbortController();
  const waiting = pay(body, gone.signal);
  while (publishedTimes(body.transaction_id) === 0) await pause(10);
  gone.abort();
  await expect(waiting).rejects.toThrow();
  ingest.deciding = true;
  await ingest.decideRest();
  expect(JSON.parse(await payUntilDecided(body))).toMatchObject({ status: 'new' });
  expect(publishedTimes(body.transaction_id)).toBe(1);
});
