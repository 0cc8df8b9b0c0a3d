import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TrafficClient } from './traffic-client.ts';

const MERCHANT = { merchantId: 'books-01', apiKey: 'trn_test_of_books' };
const REQUEST = { transaction_id: 'tx-1' };

/** What the API does with the next requests: a status to answer with, or nothing but a broken connection. */
let script: (number | 'break')[];
let seen: IncomingMessage[];
let server: Server;
let stop: AbortController;
let retries: number;
let client: TrafficClient;

beforeEach(async () => {
  script = [];
  seen = [];
  retries = 0;
  server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    const next = script.shift() ?? 200;
    if (next === 'break') request.socket.destroy();
    else
      response
        .writeHead(next, { 'content-type': 'application/json' })
        .end(JSON.stringify(next < 300 ? { action: 'approve' } : { code: 'a_code' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = new AbortController();
  const { port } = server.address() as AddressInfo;
  client = new TrafficClient({ api: `http://127.0.0.1:${port}`, signal: stop.signal, onRetry: () => retries++ });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a request', () => {
  test('is repeated with its key through broken connections and 503 until it is answered', async () => {
    script = ['break', 503, 500];
    expect(await client.transaction(MERCHANT, REQUEST)).toEqual({ kind: 'ok', answer: { action: 'approve' } });
    expect(retries).toBe(3);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['tx-1']));
    expect(seen[0]?.headers.authorization).toBe('Bearer trn_test_of_books');
  });

  test('that is refused is not repeated', async () => {
    script = [422];
    expect(
      await client.label(MERCHANT, { transaction_id: 'tx-1', fraud: true, source: 'bank', known_at: '2026-05-01T00:00:00.000Z' }),
    ).toEqual({
      kind: 'refused',
      code: 'a_code',
    });
    expect(seen).toHaveLength(1);
  });

  test('that waits for another try gives up when the sender stops', async () => {
    script = [503, 503, 503, 503, 503, 503];
    const sending = client.transaction(MERCHANT, REQUEST);
    setTimeout(() => stop.abort(), 50);
    expect(await sending).toEqual({ kind: 'stopped' });
  });
});
