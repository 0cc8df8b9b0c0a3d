import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Problem } from '@trancendos/contracts/http';
import { WebhookEvent, WebhookEventType, type WebhookDeliveriesAnswer, type WebhookSecretAnswer } from '@trancendos/contracts/webhook';
import { pause } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { runTestIngest, type TestIngest } from '../run-test-ingest.ts';

/** A merchant's own server. */
class Target {
  readonly received: { headers: Record<string, string>; body: string; atMs: number }[] = [];
  answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end();
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.received.push({ headers: request.headers as Record<string, string>, body, atMs: performance.now() });
    this.answer(response);
  }
}

let ingest: TestIngest;
let database: pg.Client;
const targets: Target[] = [];

beforeAll(async () => {
  ingest = await runTestIngest(undefined, { WEBHOOKS_ALLOW_LOOPBACK: 'true' });
  database = new pg.Client({ connectionString: ingest.databaseUrl });
  await database.connect();
}, 60_000);

afterEach(async () => {
  await database.query('DELETE FROM ingest.webhook_endpoints');
  await Promise.all(targets.splice(0).map((target) => target.close()));
});

afterAll(async () => {
  await database.end();
  await ingest.stop();
}, 30_000);

async function ask(method: string, path: string, body?: unknown, merchant: 0 | 1 = 0) {
  const response = await fetch(ingest.api + path, {
    method,
    headers: {
      authorization: `Bearer ${ingest.keys[merchant]}`,
      'idempotency-key': newId('k'),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

async function pay(): Promise<{ decision_id: string }> {
  const body = {
    transaction_id: newId('tx'),
    occurred_at: new Date().toISOString(),
    amount_minor: 1249,
    currency: 'EUR',
    payer: { card_token: 'card_1' },
    deadline_ms: 5_000,
  };
  return (await ask('POST', '/v1/transactions', body)).json as { decision_id: string };
}

async function addTarget(): Promise<{ target: Target; endpoint: WebhookSecretAnswer }> {
  const target = await new Target().listen();
  targets.push(target);
  const added = await ask('POST', '/v1/webhooks', { url: target.url });
  expect(added.status).toBe(201);
  return { target, endpoint: added.json as WebhookSecretAnswer };
}

async function untilTrue(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries === 400) throw new Error('did not come true within 10 s');
    await pause(25);
  }
}

const deliveriesOf = async (endpointId: string) =>
  ((await ask('GET', `/v1/webhooks/${endpointId}/deliveries`)).json as WebhookDeliveriesAnswer).deliveries;
const verify = (secret: string, { body, headers }: Target['received'][number]) => new Webhook(secret).verify(body, headers);
/** Makes what waits for another attempt due. */
const makeDue = () => database.query("UPDATE ingest.webhook_deliveries SET next_attempt_at = now() WHERE state = 'pending'");

describe('an outcome', () => {
  test('is told with the answer that the request got, signed so that an independent verifier takes it', async () => {
    const { target, endpoint } = await addTarget();
    const answer = await pay();
    await untilTrue(() => target.received.length === 1);
    const [received] = target.received;
    const event = WebhookEvent.parse(verify(endpoint.secret, received!));
    expect(event).toMatchObject({ type: 'transaction.approved', data: answer });
    expect(received?.headers['webhook-id']).toBe(answer.decision_id.replace('dec_', 'evt_'));
    expect(() => verify(endpoint.secret, { ...received!, body: received!.body.replace('1249', '1250') })).toThrow();
    await untilTrue(async () => (await deliveriesOf(endpoint.endpoint_id))[0]?.state === 'delivered');
  });

  test('is signed with both secrets after a rotation', async () => {
    const { target, endpoint } = await addTarget();
    const rotated = (await ask('POST', `/v1/webhooks/${endpoint.endpoint_id}/rotate-secret`)).json as WebhookSecretAnswer;
    expect(rotated.secret).not.toBe(endpoint.secret);
    await pay();
    await untilTrue(() => target.received.length === 1);
    for (const { secret } of [endpoint, rotated]) expect(() => verify(secret, target.received[0]!)).not.toThrow();
    const { rows } = await database.query('SELECT * FROM ingest.webhook_endpoints');
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(rotated.secret.slice(6), 'base64').toString('hex'));
  });

  test('is told again after a failure, under the same id, and again when it is asked for', async () => {
    const { target, endpoint } = await addTarget();
    target.answer = (response) => response.writeHead(500).end();
    await pay();
    await untilTrue(async () => (await deliveriesOf(endpoint.endpoint_id))[0]?.last_status === 500);
    expect((await deliveriesOf(endpoint.endpoint_id))[0]).toMatchObject({ state: 'pending', attempts: 1 });
    target.answer = (response) => response.writeHead(200).end('ok');
    await makeDue();
    await untilTrue(async () => (await deliveriesOf(endpoint.endpoint_id))[0]?.state === 'delivered');
    const eventId = target.received[0]?.headers['webhook-id'];
    expect((await ask('POST', `/v1/webhooks/${endpoint.endpoint_id}/deliveries/${String(eventId)}/replay`)).status).toBe(202);
    await untilTrue(() => target.received.length === 3);
    expect(new Set(target.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([eventId]));
  });
});

describe('a sample', () => {
  const sendSample = (endpointId: string, type: string, merchant: 0 | 1 = 0) =>
    ask('POST', `/v1/webhooks/${endpointId}/test`, { type }, merchant);

  test('of every event there is comes signed like any other, marked as one in its body and in the log', async () => {
    const { target, endpoint } = await addTarget();
    for (const type of WebhookEventType.options) expect((await sendSample(endpoint.endpoint_id, type)).status).toBe(202);
    await untilTrue(() => target.received.length === WebhookEventType.options.length);
    const events = target.received.map((received) => WebhookEvent.parse(verify(endpoint.secret, received)));
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(WebhookEventType.options));
    expect(events.every(({ sample, data }) => sample && data.transaction_id.startsWith('sample_'))).toBe(true);
    const expired = events.find(({ type }) => type === 'transaction.expired');
    expect(expired).toMatchObject({ operation: { kind: 'expire', requested_by: 'platform' }, data: { money: { state: 'voided' } } });
    const superseded = events.find(({ type }) => type === 'transaction.superseded');
    expect(superseded?.data).toMatchObject({ status: 'superseding', superseded: { action: 'decline' }, degraded_causes: ['deadline'] });
    const isLogged = async () => (await deliveriesOf(endpoint.endpoint_id)).every(({ sample, state }) => sample && state === 'delivered');
    await untilTrue(isLogged);
    expect((await ask('GET', `/v1/transactions/${events[0]!.data.transaction_id}`)).json).toMatchObject({ code: 'transaction_unknown' });
  });

  test('is sent whatever the endpoint has chosen to be told, and what happens is not marked', async () => {
    const target = await new Target().listen();
    targets.push(target);
    const added = await ask('POST', '/v1/webhooks', { url: target.url, event_types: ['transaction.approved'] });
    const { endpoint_id } = added.json as WebhookSecretAnswer;
    await sendSample(endpoint_id, 'transaction.expired');
    await pay();
    await untilTrue(() => target.received.length === 2);
    const marks = (await deliveriesOf(endpoint_id)).map(({ type, sample = false }) => [type, sample]);
    expect(marks).toEqual(
      expect.arrayContaining([
        ['transaction.expired', true],
        ['transaction.approved', false],
      ]),
    );
  });

  test('of no known type, for a disabled endpoint or for that of another merchant is refused', async () => {
    const { endpoint } = await addTarget();
    const refusalOf = async (type: string, merchant: 0 | 1 = 0) =>
      ((await sendSample(endpoint.endpoint_id, type, merchant)).json as Problem).code;
    expect(await refusalOf('transaction.invented')).toBe('invalid_field');
    expect(await refusalOf('transaction.held', 1)).toBe('webhook_unknown');
    await database.query('UPDATE ingest.webhook_endpoints SET enabled = false');
    expect(await refusalOf('transaction.held')).toBe('webhook_disabled');
    expect(await deliveriesOf(endpoint.endpoint_id)).toEqual([]);
  });
});

describe('an endpoint', () => {
  test('is the tenth at most, however many are asked for at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => ask('POST', '/v1/webhooks', { url: `http://127.0.0.1:9/${index}` })),
    );
    const refused = answers.filter(({ json }) => (json as Problem).code === 'too_many_webhooks');
    expect([answers.filter(({ status }) => status === 201).length, refused.length]).toEqual([10, 20]);
    expect((await ask('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/' }, 1)).status).toBe(201);
  });

  test('that hangs delays no other', async () => {
    const [slow, quick] = [await addTarget(), await addTarget()];
    slow.target.answer = () => undefined;
    for (let index = 0; index < 20; index++) await pay();
    await untilTrue(() => quick.target.received.length === 20);
    expect(slow.target.received.length).toBeLessThanOrEqual(16);
  }, 30_000);

  test('that redirects has failed, and nothing is sent on', async () => {
    const [redirecting, other] = [await addTarget(), await addTarget()];
    await ask('DELETE', `/v1/webhooks/${other.endpoint.endpoint_id}`);
    redirecting.target.answer = (response) => response.writeHead(307, { location: other.target.url }).end();
    await pay();
    await untilTrue(async () => (await deliveriesOf(redirecting.endpoint.endpoint_id))[0]?.last_status === 307);
    expect(other.target.received).toHaveLength(0);
  });

  test('that answers without end is cut off', async () => {
    const { target, endpoint } = await addTarget();
    target.answer = (response) => {
      response.writeHead(200);
      const flood = () => {
        if (response.destroyed) return;
        response.write('x'.repeat(65_536));
        setImmediate(flood);
      };
      flood();
    };
    await pay();
    await untilTrue(async () => (await deliveriesOf(endpoint.endpoint_id))[0]?.attempts === 1);
  });

  test('that is gone (410) is disabled, and can be enabled again', async () => {
    const { target, endpoint } = await addTarget();
    target.answer = (response) => response.writeHead(410).end();
    await pay();
    const isEnabled = async () => JSON.stringify((await ask('GET', '/v1/webhooks')).json).includes('"enabled":true');
    await untilTrue(async () => !(await isEnabled()));
    expect((await ask('POST', `/v1/webhooks/${endpoint.endpoint_id}/enable`)).json).toMatchObject({ enabled: true });
  });

  test('on a neighbour of ours is refused', async () => {
    for (const url of ['https://10.0.0.1/', 'http://169.254.169.254/latest', 'https://[fe80::1]/']) {
      const refused = await ask('POST', '/v1/webhooks', { url });
      expect([refused.status, (refused.json as Problem).code]).toEqual([422, 'webhook_target_refused']);
    }
  });

  test('of another merchant does not exist, on any route', async () => {
    const { endpoint, target } = await addTarget();
    await pay();
    await untilTrue(() => target.received.length === 1);
    const path = `/v1/webhooks/${endpoint.endpoint_id}`;
    const event = target.received[0]?.headers['webhook-id'] ?? '';
    for (const [method, address] of [
      ['GET', `${path}/deliveries`],
      ['POST', `${path}/rotate-secret`],
      ['POST', `${path}/enable`],
      ['POST', `${path}/deliveries/${event}/replay`],
      ['DELETE', path],
    ] as const) {
      expect((await ask(method, address, undefined, 1)).json).toMatchObject({ code: 'webhook_unknown', status: 404 });
    }
    expect((await ask('GET', '/v1/webhooks', undefined, 1)).json).toMatchObject({ endpoints: [] });
  });
});
