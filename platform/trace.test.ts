import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MessageOf } from '@trancendos/contracts/topics';
import type { KafkaMessage } from 'kafkajs';
import type { Received } from './consume.ts';
import type { OutgoingMessage } from './event-log.ts';
import { openTracing } from './export-spans.ts';
import { newId } from './new-id.ts';
import { parseMessage } from './parse-message.ts';
import { openPublisher } from './publish.ts';
import type { Resource } from './run.ts';
import { traceBatch } from './trace-batch.ts';
import { traceIdOf } from './trace-id.ts';
import { traceRequests } from './trace-requests.ts';
import { recordSpan } from './trace.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}
interface Export {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

/** A collector that keeps what it is sent by OTLP over HTTP. */
let collector: Server;
let spans: Span[];
let tracing: Resource | undefined;

beforeEach(async () => {
  spans = [];
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
      if (request.url === '/v1/traces')
        spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await tracing?.stop();
  tracing = undefined;
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

const open = (sampledShare: number) => {
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  tracing = openTracing({ service: 'test', endpoint, sampledShare });
};

type Hook = (request: object, reply: { statusCode: number }, done: () => void) => void;

/** A server that is asked once: `ask` begins the request, and what it gives answers it. */
function askOnce(id: string, headers: Record<string, string> = {}): () => void {
  const hooks = new Map<string, Hook>();
  traceRequests({ addHook: (name: string, hook: Hook) => hooks.set(name, hook) } as unknown as Parameters<typeof traceRequests>[0]);
  const request = { id, method: 'POST', headers, routeOptions: { url: '/v1/transactions' } };
  hooks.get('onRequest')?.(request, { statusCode: 0 }, () => undefined);
  return () => hooks.get('onResponse')?.(request, { statusCode: 200 }, () => undefined);
}

const balance: MessageOf<'balances'> = {
  account_id: 'customer:ACC-1:EUR',
  kind: 'customer',
  currency: 'EUR',
  debits_posted: '0',
  credits_posted: '0',
  debits_pending: '0',
  credits_pending: '0',
  available: null,
  overdraft: '0',
  status: 'open',
  version: 1,
  ledger_seq: 1,
  committed_at: '2026-01-01T00:00:00.000Z',
};

/** Publishes a message for `id`, and gives it as its reader gets it. */
async function passOn(id: string): Promise<Received<'balances'>> {
  const sent: OutgoingMessage[] = [];
  const eventLog = { service: 'test', send: (messages: readonly OutgoingMessage[]) => Promise.resolve(void sent.push(...messages)) };
  await openPublisher({ eventLog }).publish('balances', 'key', balance, id);
  const [message] = sent;
  const fetched = { key: null, value: Buffer.from(message?.value ?? ''), headers: message?.headers, offset: '0', timestamp: '0' };
  const entry = parseMessage<'balances'>({
    topic: 'balances',
    partition: 0,
    message: fetched as unknown as KafkaMessage,
    receivedAtMs: Date.now(),
  });
  if (entry.kind !== 'message') throw new Error(entry.kind);
  return entry.message;
}

/** The names from the first span to the one that is the most hops away from it. */
function longestPath(ours: readonly Span[]): string[] {
  const pathTo = (span: Span): string[] => {
    const parent = ours.find(({ spanId }) => spanId === span.parentSpanId);
    return [...(parent ? pathTo(parent) : []), span.name];
  };
  return ours.map(pathTo).reduce((longest, path) => (path.length > longest.length ? path : longest), []);
}

describe('one payment', () => {
  test('gives one trace with its hops in order, whose id is that of its request', async () => {
    open(1);
    const id = newId('req');
    const merchant = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = askOnce(id, { traceparent: merchant });
    const endScoring = traceBatch('scoring', [await passOn(id)]);
    recordSpan(id, { name: 'score', kind: 'internal' });
    const outcome = await passOn(id);
    endScoring();
    traceBatch('ledger', [outcome])();
    answer();
    await tracing?.stop();

    const ours = spans.filter(({ traceId }) => traceId === traceIdOf(id));
    expect(longestPath(ours)).toEqual([
      'POST /v1/transactions',
      'balances publish',
      'balances process',
      'balances publish',
      'balances process',
    ]);
    expect(ours.map(({ name }) => name)).toContain('score');
    expect(ours.find(({ name }) => name === 'POST /v1/transactions')?.links).toMatchObject([{ traceId: merchant.slice(3, 35) }]);
    const batch = spans.find(({ name }) => name === 'scoring batch');
    expect(batch?.traceId).not.toBe(traceIdOf(id));
    expect(batch?.links).toMatchObject([{ traceId: traceIdOf(id) }]);
  });

  test('that is not sampled is not recorded anywhere, and its messages say nothing of a trace', async () => {
    open(0);
    const id = newId('req');
    const answer = askOnce(id);
    const received = await passOn(id);
    traceBatch('scoring', [received])();
    answer();
    await tracing?.stop();
    expect(received.traceparent).toBeUndefined();
    expect(spans).toEqual([]);
  });

  test('leaves no trace where tracing is off', async () => {
    const id = newId('req');
    askOnce(id)();
    expect((await passOn(id)).traceparent).toBeUndefined();
  });
});
