import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Balance } from '@trancendos/contracts/balance';
import type { Action } from '@trancendos/contracts/decision';
import { canonicalFilter, parseFilter } from '@trancendos/contracts/feed-filter';
import { RoomFollower, type RoomNews } from '@trancendos/contracts/follow-room';
import { Frame, Hello, Snapshot, type ClientToServer, type ServerToClient } from '@trancendos/contracts/socket';
import { pause } from '@trancendos/platform/clock';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import { metrics } from '@trancendos/platform/metrics';
import { newId } from '@trancendos/platform/new-id';
import { openPublisher, type Publisher } from '@trancendos/platform/publish';
import { testServers } from '@trancendos/platform/testing';
import { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { CuttableConnection } from './cut-connection.ts';
import { REVOCATION_CHANNEL } from './follow-revocations.ts';
import { LOGIN_TOKEN, runTestGateway, type TestGateway } from './run-test-gateway.ts';
import { sampleOutcome } from './sample-outcome.ts';

const log = pino({ level: 'silent' });
let eventLog: EventLog;
let publisher: Publisher;
let gateway: TestGateway;
let redisConnection: CuttableConnection;
let consoles: TestConsole[];
/** Marks this test's transactions among those of other tests on the shared topic. */
let mark: string;
let ledgerSeq = 0;

beforeAll(async () => {
  const brokers = { brokers: testServers().kafkaBrokers, service: 'test', log };
  await ensureTopics({ ...brokers, partitions: 1 });
  eventLog = await connectEventLog(brokers);
  publisher = openPublisher({ eventLog });
}, 60_000);

afterAll(async () => {
  await publisher.stop();
  await eventLog.stop();
});

beforeEach(async () => {
  mark = newId('tx');
  consoles = [];
  redisConnection = await CuttableConnection.open(new URL(testServers().redisUrl));
  gateway = await runTestGateway({ redisUrl: `redis://127.0.0.1:${redisConnection.port}` });
}, 60_000);

afterEach(async () => {
  for (const console_ of consoles) console_.socket.disconnect();
  await gateway.stop();
  await redisConnection.close();
}, 30_000);

/** A page's connection: what it was told, in order, as its follower has taken it. Another page's follower goes on where that was. */
class TestConsole {
  readonly socket: Socket<ServerToClient, ClientToServer>;
  readonly balances: Balance[] = [];
  readonly shown: string[] = [];
  readonly follower: RoomFollower;
  readonly cookie: string;
  hello: Hello | undefined;
  refused: string | undefined;
  snapshots = 0;
  gaps = 0;

  constructor(url: string, headers: Record<string, string>, follower = new RoomFollower()) {
    this.follower = follower;
    this.cookie = headers['cookie'] ?? '';
    this.socket = io(url, { transports: ['websocket'], reconnection: false, extraHeaders: headers, forceNew: true });
    this.socket.on('hello', (message) => {
      this.hello = Hello.parse(message);
      this.socket.emit('subscribe', this.follower.subscription);
    });
    this.socket.on('snapshot', (message) => {
      this.snapshots++;
      this.#take(this.follower.receiveSnapshot(Snapshot.parse(message)), message);
    });
    this.socket.on('frame', (message) => this.#take(this.follower.receiveFrame(Frame.parse(message), Date.now()), message));
    this.socket.on('balance', (balance) => this.balances.push(balance));
    this.socket.on('connect_error', (error) => {
      this.refused = (error as Error & { data?: { code: string } }).data?.code ?? 'refused before its session was looked at';
    });
  }

  #take(news: RoomNews, { room, frame }: Snapshot | Frame): void {
    this.socket.emit('ack', { room, frame });
    if (news.kind !== 'taken') return;
    this.gaps += Number(news.gap !== undefined);
    this.shown.push(...news.items.map(({ transaction_id }) => transaction_id));
  }

  own(): string[] {
    return this.shown.filter((id) => id.startsWith(mark));
  }
}

async function signIn(): Promise<string> {
  const response = await fetch(`${gateway.url}/login?token=${LOGIN_TOKEN}`, { redirect: 'manual' });
  return response.headers.get('set-cookie')!.split(';')[0]!;
}

function connect(headers: Record<string, string>, follower?: RoomFollower): TestConsole {
  const console_ = new TestConsole(gateway.url, headers, follower);
  consoles.push(console_);
  return console_;
}

/** Publishes outcomes as the ledger would; their transactions are `<mark>-<first>` onwards. */
async function publish(first: number, count: number, action: Action = 'approve'): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${mark}-${first + index}`);
  await Promise.all(
    ids.map((id) => {
      const outcome = sampleOutcome(++ledgerSeq, { decision_id: newId('dec'), committed_at: new Date().toISOString(), action });
      const transaction = { ...outcome.transaction, transaction_id: id };
      return publisher.publish('outcomes', 'ACC-1', { ...outcome, transaction }, outcome.transaction.request_id);
    }),
  );
  return ids;
}

const balance = (accountId: string, version: number): Balance => ({
  account_id: accountId,
  kind: 'customer',
  currency: 'EUR',
  debits_posted: String(version),
  credits_posted: '10000',
  debits_pending: '0',
  credits_pending: '0',
  available: String(10_000 - version),
  overdraft: '0',
  status: 'open',
  version,
  ledger_seq: version,
  committed_at: new Date().toISOString(),
});

/** A follower of a filter from the start. */
function following(query: string): RoomFollower {
  const follower = new RoomFollower();
  follower.chooseFilter(canonicalFilter(parseFilter(query)));
  return follower;
}

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 20) {
    if (waitedMs > 30_000) throw new Error('did not happen within 30 s');
    await pause(20);
  }
}

describe('a signed-in console', () => {
  test('is greeted with the thresholds, gets what was there before it and every row that comes', async () => {
    const before = await publish(0, 10);
    await until(() => gateway.asked.includes('/v1/model'));
    const console_ = connect({ cookie: await signIn() });
    await until(() => console_.own().length >= before.length);
    const after = await publish(10, 40);
    await until(() => console_.own().length >= 50);
    expect(console_.own()).toEqual([...before, ...after]);
    expect(console_.hello).toMatchObject({ v: 2, frame_ms: 100, thresholds: { review: 420, decline: 710 } });
    expect(gateway.failures).toEqual([]);
    expect(await gateway.ready()).toEqual([]);
  });

  test('that was away goes on after its last row, without a snapshot', async () => {
    const cookie = await signIn();
    const first = connect({ cookie });
    const seen = await publish(0, 5);
    await until(() => first.own().length >= 5);
    first.socket.disconnect();
    const missed = await publish(5, 20);
    await pause(300);
    const second = connect({ cookie }, first.follower);
    await until(() => second.own().length >= 20);
    expect([...seen, ...missed]).toEqual([...first.own(), ...second.own()]);
    expect(second.snapshots).toBe(0);
  });

  test('goes on after a restart of the gateway with every row that came meanwhile, none twice and no gap', async () => {
    const cookie = await signIn();
    const first = connect({ cookie });
    const seen = await publish(0, 5);
    await until(() => first.own().length >= 5);
    const port = Number(new URL(gateway.url).port);
    await gateway.stop();
    const missed = await publish(5, 30);
    gateway = await runTestGateway({ port });
    const second = connect({ cookie }, first.follower);
    await until(() => second.own().length >= 30);
    expect([first.own(), second.own(), second.gaps]).toEqual([seen, missed, 0]);
    expect(second.hello!.epoch).not.toBe(first.hello!.epoch);
  });

  test('gets only what fits its filter, and is told of a filter that cannot be read', async () => {
    const console_ = connect({ cookie: await signIn() }, following(`transaction:${mark} action:decline`));
    await until(() => console_.snapshots === 1);
    await publish(0, 20);
    const declined = await publish(20, 5, 'decline');
    await until(() => console_.own().length >= 5);
    expect([console_.own(), console_.follower.toSeq]).toEqual([declined, 5]);
    const refused: string[] = [];
    console_.socket.on('refused', ({ code }) => refused.push(code));
    console_.socket.emit('subscribe', { filter: 'colour:red' });
    await until(() => refused.length === 1);
    expect([refused, console_.socket.connected]).toEqual([['filter_not_understood'], true]);
  });

  test('is disconnected within two seconds when its session is ended anywhere, told or not', async () => {
    const redis = new Redis(testServers().redisUrl);
    const open = async () => {
      const console_ = connect({ cookie: await signIn() });
      await until(() => console_.snapshots === 1);
      return console_;
    };
    const disconnectedAfterMs = async (console_: TestConsole, end: () => Promise<unknown>) => {
      const startedMs = Date.now();
      await end();
      await until(() => !console_.socket.connected);
      return Date.now() - startedMs;
    };
    const [told, untold] = [await open(), await open()];
    const keyOf = ({ cookie }: TestConsole) => createHash('sha256').update(cookie.split('=')[1]!).digest('hex');
    expect(await disconnectedAfterMs(told, () => redis.publish(REVOCATION_CHANNEL, keyOf(told)))).toBeLessThan(1_000);
    expect(await disconnectedAfterMs(untold, () => redis.del(`console-session:${keyOf(untold)}`))).toBeLessThan(2_500);
    redis.disconnect();
  });

  test('follows the accounts that it asks for, from what the ledger knows to every change', async () => {
    const accountId = `customer:${mark}:EUR`;
    gateway.accounts.set(accountId, balance(accountId, 3));
    const console_ = connect({ cookie: await signIn() });
    await until(() => console_.hello !== undefined);
    console_.socket.emit('watch_accounts', { account_ids: [accountId, `customer:${mark}-unknown:EUR`] });
    await until(() => console_.balances.length === 1);
    for (let version = 4; version <= 100; version++)
      void publisher.publish('balances', accountId, balance(accountId, version), newId('req'));
    await publisher.publish('balances', `${accountId}2`, balance(`customer:${mark}-other:EUR`, 1), newId('req'));
    await until(() => console_.balances.at(-1)?.version === 100);
    expect(console_.balances.every(({ account_id }) => account_id === accountId)).toBe(true);
    expect(console_.balances.length).toBeLessThan(20);
  });

  test('that takes nothing in for a while costs no memory meanwhile, and reaches the end of the feed afterwards', async () => {
    const skipped = async () => (await metrics.feedFrames.get()).values.find(({ labels }) => labels.result === 'skipped')?.value ?? 0;
    const console_ = connect({ cookie: await signIn() });
    await until(() => console_.snapshots === 1);
    const wire = (console_.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
    wire.pause();
    const before = await skipped();
    for (let first = 0; (await skipped()) === before; first += 400) {
      expect(first).toBeLessThan(40_000);
      await publish(first, 400, 'decline');
      await pause(100); // what comes within one frame's time is sampled, and fills no buffer
    }
    wire.resume();
    await publish(100_000, 1, 'decline'); // an approval might be sampled out of a full frame
    await until(() => console_.own().includes(`${mark}-100000`));
    expect(console_.socket.connected).toBe(true);
  }, 60_000);

  test('is disconnected when it says what the protocol does not know', async () => {
    const console_ = connect({ cookie: await signIn() });
    await until(() => console_.hello !== undefined);
    (console_.socket as Socket).emit('watch_accounts', { account_ids: 'all' });
    await until(() => !console_.socket.connected);
  });

  test('is disconnected when its person signs out, and not let in again', async () => {
    const cookie = await signIn();
    const console_ = connect({ cookie });
    await until(() => console_.hello !== undefined);
    const { csrf } = (await (await fetch(`${gateway.url}/api/session`, { headers: { cookie } })).json()) as { csrf: string };
    const headers = { cookie, 'x-trx-csrf': csrf };
    expect((await fetch(`${gateway.url}/api/session`, { method: 'DELETE', headers })).status).toBe(204);
    await until(() => !console_.socket.connected);
    const again = connect({ cookie });
    await until(() => again.refused !== undefined);
    expect(again.refused).toBe('session_missing');
  });
});

describe('whoever is not signed in', () => {
  test('gets no socket and no data', async () => {
    const console_ = connect({});
    await until(() => console_.refused !== undefined);
    expect(console_.refused).toBe('session_missing');
    const response = await fetch(`${gateway.url}/api/ledger/v1/accounts/customer:ACC-1:EUR`);
    expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8']);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
    expect(gateway.asked.filter((path) => path.startsWith('/v1/accounts'))).toEqual([]);
  });

  test('is not let in with a wrong token', async () => {
    const response = await fetch(`${gateway.url}/login?token=${LOGIN_TOKEN}x`, { redirect: 'manual' });
    expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null]);
  });

  test('from another site gets nothing, even with a session', async () => {
    const cookie = await signIn();
    const console_ = connect({ cookie, origin: 'https://evil.example' });
    await until(() => console_.refused !== undefined);
    const response = await fetch(`${gateway.url}/api/session`, { headers: { cookie, origin: 'https://evil.example' } });
    expect([response.status, console_.hello]).toEqual([403, undefined]);
  });
});

describe('a request under a foreign name', () => {
  test('is refused before anything is looked at, and so is an address that cannot be read', async () => {
    const ask = (path: string, host: string) =>
      new Promise<{ status: number | undefined; type: string | undefined; body: string }>((resolve, reject) => {
        get(`${gateway.url}${path}`, { headers: { host, accept: 'text/html' } }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
          response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], body }));
        }).on('error', reject);
      });
    const foreign = await ask('/', 'rebound.example');
    expect([foreign.status, foreign.type]).toEqual([403, 'application/problem+json; charset=utf-8']);
    expect(foreign.body).toContain('origin_refused');
    const unreadable = await ask('/%zz', 'localhost');
    expect([unreadable.status, unreadable.type]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });
});

describe('while Redis is away', () => {
  test('open consoles go on, and whoever comes is told so instead of being sent to sign in', async () => {
    const cookie = await signIn();
    const open = connect({ cookie });
    await until(() => open.hello !== undefined);
    redisConnection.cut();
    const refused = await fetch(`${gateway.url}/api/session`, { headers: { cookie } });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ code: 'session_store_away' });
    expect((await fetch(`${gateway.url}/login?token=${LOGIN_TOKEN}`, { redirect: 'manual' })).status).toBe(503);
    const late = connect({ cookie });
    await until(() => late.refused !== undefined);
    expect(late.refused).toBe('session_store_away');
    expect(await gateway.ready()).toEqual(['redis']);
    const ids = await publish(0, 3);
    await until(() => open.own().length >= 3);
    expect(open.own()).toEqual(ids);
    redisConnection.mend();
  });
});

describe('the page', () => {
  test('comes at every address that a person opens, never kept, with a policy that names its own script', async () => {
    const response = await fetch(`${gateway.url}/live`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'self'; script-src 'self' 'sha256-[^']+';/);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('opens a session by itself where that is asked for, and one is enough', async () => {
    await gateway.stop();
    gateway = await runTestGateway({ demo: true });
    const first = await fetch(gateway.url, { headers: { accept: 'text/html' } });
    const cookie = first.headers.get('set-cookie')!.split(';')[0]!;
    expect(first.status).toBe(200);
    expect(await (await fetch(`${gateway.url}/api/session`, { headers: { cookie } })).json()).toMatchObject({
      user: { name: 'demo' },
      demo: true,
    });
    expect((await fetch(gateway.url, { headers: { accept: 'text/html', cookie } })).headers.get('set-cookie')).toBeNull();
  });

  test('is not given for what is no page', async () => {
    for (const path of ['/api/unknown', '/assets/none.js', '/live']) {
      const response = await fetch(`${gateway.url}${path}`, { headers: { accept: 'application/json' } });
      expect([path, response.status]).toEqual([path, 404]);
    }
  });
});
