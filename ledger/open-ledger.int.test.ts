import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ANNOUNCEMENTS_CHANNEL, readAnnouncement, type Announced } from '@trancendos/contracts/announcement';
import { Balance } from '@trancendos/contracts/balance';
import { LedgerSummary, Problem } from '@trancendos/contracts/http';
import { InvariantReport } from '@trancendos/contracts/ledger';
import type { Outcome } from '@trancendos/contracts/outcome';
import { CommandAnswer } from '@trancendos/contracts/ledger-command';
import { topics } from '@trancendos/contracts/topics';
import { subjectOf } from '@trancendos/contracts/transaction';
import { nowMs, pause } from '@trancendos/platform/clock';
import { consume } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import { migrate } from '@trancendos/platform/migrate';
import { newId } from '@trancendos/platform/new-id';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres } from '@trancendos/platform/postgres';
import { openPublisher, type Publisher } from '@trancendos/platform/publish';
import { connectRedis } from '@trancendos/platform/redis';
import type { Resource, Scope } from '@trancendos/platform/run';
import { createTestDatabase, testServers } from '@trancendos/platform/testing';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { applyBatch } from './apply-batch.ts';
import { claimJournal } from './claim-journal.ts';
import { commitBatch, encodeCommit } from './commit-batch.ts';
import { LedgerConfig } from './config.ts';
import type { Entry } from './entry.ts';
import { emptyState } from './ledger-state.ts';
import { openLedger, type Ledger } from './open-ledger.ts';
import { TEST_POLICY } from './open-test-ledger.ts';
import { sampleDecision, type Sample } from './sample-decision.ts';
import { sealBatch } from './seal-batch.ts';

const log = pino({ level: 'silent' });

class TestScope implements Scope {
  readonly log = log;
  readonly failures: unknown[] = [];
  readonly #opened: Resource[] = [];

  async open<R extends Resource>(opening: Promise<R> | R): Promise<R> {
    const resource = await opening;
    this.#opened.push(resource);
    return resource;
  }

  fail(error: unknown): void {
    this.failures.push(error);
  }

  async stop(): Promise<void> {
    for (const resource of this.#opened.splice(0).reverse()) await resource.stop();
  }
}

let database: Awaited<ReturnType<typeof createTestDatabase>>;
/** What the test itself uses. */
let testScope: TestScope;
let publisher: Publisher;
let outcomes: Outcome[];
/** This test's merchant: what other tests have left on the topics is told apart by it. */
let merchantId: string;
let group: string;

beforeEach(async () => {
  const brokers = { brokers: testServers().kafkaBrokers, service: 'test', log };
  await ensureTopics({ ...brokers, partitions: 1 });
  testScope = new TestScope();
  const eventLog = await testScope.open(connectEventLog(brokers));
  publisher = await testScope.open(openPublisher({ eventLog }));
  merchantId = newId('m').slice(0, 40);
  group = newId('ledger');
  outcomes = await collectOutcomes(eventLog);
  database = await createTestDatabase();
  await beginAtTheEnd(eventLog);
}, 60_000);

afterEach(async () => {
  await testScope.stop();
  await database.drop();
}, 60_000);

async function collectOutcomes(eventLog: EventLog): Promise<Outcome[]> {
  const found: Outcome[] = [];
  const ends = await eventLog.bounds('outcomes');
  await testScope.open(
    consume({
      eventLog,
      publisher,
      scope: testScope,
      group: newId('reader'),
      topics: ['outcomes'],
      batchMax: 1_000,
      handle: (batch) => {
        found.push(...batch.map(({ value }) => value).filter(({ transaction }) => transaction.merchant_id === merchantId));
        return Promise.resolve(batch.map(() => ({ kind: 'ok' as const })));
      },
      startAt: () => Promise.resolve(new Map([...ends].map(([partition, { high }]) => [partition, high]))),
    }),
  );
  return found;
}

/** A ledger that has passed by what is on its topics so far, in a batch of its own, without deciding it: that is other tests'. */
async function beginAtTheEnd(eventLog: EventLog): Promise<void> {
  const postgres = await connectPostgres({ url: database.url, applicationName: 'test' });
  await migrate(postgres, { schema: 'ledger', folder: join(packageRoot(import.meta.dirname), 'migrations'), log });
  const entries: Entry[] = [];
  for (const topic of ['decisions', 'ledgerCommands'] as const) {
    for (const [partition, { high }] of await eventLog.bounds(topic)) {
      if (high > 0n) entries.push({ kind: 'expiry', origin: { topic: topics[topic].name, partition, offset: high - 1n }, holdIds: [] });
    }
  }
  if (entries.length > 0) {
    const journal = await claimJournal(postgres.pool);
    const state = emptyState({ ...journal, decidedMax: 10 });
    const effects = applyBatch(state, { entries, committedAtMs: Math.floor(nowMs()), takenAtMs: nowMs() }, TEST_POLICY);
    await commitBatch(postgres.pool, encodeCommit(sealBatch(journal, entries, effects, state)));
  }
  await postgres.stop();
}

async function startLedger(
  environment: Record<string, string> = {},
): Promise<Ledger & { scope: TestScope; get: (path: string, method?: string) => Promise<Response> }> {
  const scope = new TestScope();
  await testScope.open(scope); // stopped with the test, should it fail
  const config = LedgerConfig.parse({
    KAFKA_BROKERS: testServers().kafkaBrokers.join(','),
    DATABASE_URL: database.url,
    LEDGER_PORT: 0,
    LEDGER_OPENING_CREDIT_MINOR: '100000',
    ...environment,
  });
  const ledger = await openLedger(config, scope, group);
  await until(async () => (await ledger.ready()).length === 0);
  return { ...ledger, scope, get: (path, method = 'GET') => fetch(`http://127.0.0.1:${ledger.port}${path}`, { method }) };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await holds()); waitedMs += 20) {
    if (waitedMs > 30_000) throw new Error('it did not happen within 30 s');
    await pause(20);
  }
}

/** What the ledger itself finds wrong with its tables. */
async function brokenInvariants(ledger: Pick<Awaited<ReturnType<typeof startLedger>>, 'get'>): Promise<unknown[]> {
  const report = InvariantReport.parse(await (await ledger.get('/v1/invariants')).json());
  expect(report.checks).toHaveLength(9);
  return report.checks.filter(({ ok }) => !ok);
}

function publish(sample: Omit<Sample, 'merchantId'>): Promise<void> {
  const decision = sampleDecision({ ...sample, merchantId });
  return publisher.publish('decisions', subjectOf(decision.transaction.payer), decision, decision.transaction.request_id);
}

describe('the ledger on real servers', () => {
  test('takes decisions in, publishes outcomes, and answers what became of the accounts', async () => {
    const ledger = await startLedger();
    await publish({ transactionId: 't-1', amountMinor: 2_500 });
    await publish({ transactionId: 't-2', amountMinor: 700, action: 'review' });
    await publish({ transactionId: 't-2', amountMinor: 700, action: 'approve' });
    await publish({ transactionId: 't-3', amountMinor: 99_999 });
    await until(() => outcomes.length === 3);
    expect(outcomes.map(({ action, money }) => [action, money.state])).toEqual([
      ['approve', 'posted'],
      ['review', 'pending'],
      ['decline', 'none'],
    ]);

    const account = Balance.parse(await (await ledger.get('/v1/accounts/customer:ACC-1:EUR')).json());
    expect(account).toMatchObject({ debits_posted: '2500', debits_pending: '700', available: '96800', version: 4 });
    const statement = (await (await ledger.get('/v1/accounts/customer:ACC-1:EUR/transfers?limit=2')).json()) as { transfers: unknown[] };
    expect(statement.transfers).toMatchObject([
      {
        kind: 'hold',
        direction: 'debit',
        amount_minor: '700',
        transaction_id: 't-2',
        after: { debits_posted: '2500', debits_pending: '700' },
      },
      { kind: 'post', direction: 'debit', transfer_id: outcomes[0]?.money.transfer_id, other_account_id: `merchant:${merchantId}:EUR` },
    ]);
    const readSummary = async () => LedgerSummary.parse(await (await ledger.get('/v1/summary')).json());
    await until(async () => (await readSummary()).ledger_seq === 3); // it is kept for a second
    const summary = await readSummary();
    expect(summary).toMatchObject({
      ledger_seq: 3,
      currencies: [{ currency: 'EUR', debits_posted: '102500', credits_posted: '102500', balanced: true, holds: 1, held_minor: '700' }],
      oldest_hold_at: outcomes[1]?.committed_at,
    });
    expect(await brokenInvariants(ledger)).toEqual([]);
    expect(ledger.scope.failures).toEqual([]);
  }, 60_000);

  test.each([
    ['GET', '/v1/accounts/customer:NOBODY:EUR', 404, 'not_found'],
    ['GET', '/v1/accounts/customer:NOBODY:EUR/transfers', 404, 'not_found'],
    ['GET', '/v1/accounts/customer:NOBODY:EUR/transfers?limit=0', 400, 'invalid_field'],
    ['GET', '/v1/accounts/customer:NOBODY:EUR/transfers?limit=9&limit=9', 400, 'invalid_field'],
    ['GET', '/v1/accounts/%ZZ', 404, 'not_found'],
    ['GET', `/v1/accounts/${'x'.repeat(2_000)}`, 404, 'not_found'],
    ['GET', '/elsewhere', 404, 'not_found'],
    ['POST', '/v1/summary', 405, 'method_not_allowed'],
  ])('answers %s %s with a problem', async (method, path, status, code) => {
    const ledger = await startLedger();
    const response = await ledger.get(path, method);
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
    const problem = Problem.parse(await response.json());
    expect(problem.code).toBe(code);
    expect(response.headers.get('x-request-id')).toBe(problem.request_id);
  });

  test('announces over Redis what it publishes, as it is published, and goes on publishing while Redis is away', async () => {
    const { redisUrl } = testServers();
    const { client } = await testScope.open(connectRedis({ url: redisUrl, log }));
    const announced: Announced[] = [];
    await client.subscribe(ANNOUNCEMENTS_CHANNEL);
    client.on('message', (_channel, message) =>
      announced.push(...readAnnouncement(message).filter((one) => one.merchantId === merchantId)),
    );
    const ledger = await startLedger({ REDIS_URL: redisUrl });
    for (let count = 1; count <= 20; count++) await publish({ transactionId: `a-${count}`, amountMinor: count });
    await until(() => outcomes.length === 20 && announced.length === 20);
    expect(announced.map(({ transactionId }) => transactionId)).toEqual(outcomes.map(({ transaction }) => transaction.transaction_id));
    expect(announced.map(({ text }) => JSON.parse(text) as unknown)).toEqual(outcomes);
    await ledger.scope.stop();

    await startLedger({ REDIS_URL: 'redis://127.0.0.1:1' });
    await publish({ transactionId: 'a-21', amountMinor: 21 });
    await until(() => outcomes.length === 21);
    expect(announced).toHaveLength(20);
  });

  test('goes on where it stopped, and decides nothing twice', async () => {
    const first = await startLedger();
    await Promise.all(Array.from({ length: 20 }, (_, index) => publish({ transactionId: `t-${index}`, amountMinor: 10 })));
    await until(() => outcomes.length === 20);
    await first.scope.stop();
    await Promise.all(Array.from({ length: 30 }, (_, index) => publish({ transactionId: `t-${index}`, amountMinor: 10 })));
    const second = await startLedger();
    await until(() => outcomes.length >= 30);
    expect(outcomes.map(({ ledger_seq }) => ledger_seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(second.scope.failures).toEqual([]);
  }, 60_000);

  test('loses and doubles nothing while its connections to the database are cut again and again', async () => {
    const ledger = await startLedger();
    const cutter = new pg.Client({ connectionString: testServers().databaseUrl });
    await cutter.connect();
    const count = 400;
    for (let sent = 0; sent < count; sent += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          publish({ transactionId: `t-${sent + index}`, amountMinor: 10, payer: { account_id: `ACC-${index}` } }),
        ),
      );
      if (sent % 80 === 0) {
        await cutter.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE 'ledger%'`,
          [new URL(database.url).pathname.slice(1)],
        );
      }
    }
    await until(() => new Set(outcomes.map(({ ledger_seq }) => ledger_seq)).size === count);
    await cutter.end();
    const byTransaction = new Map(outcomes.map(({ transaction, ledger_seq }) => [transaction.transaction_id, ledger_seq]));
    expect(byTransaction.size).toBe(count);
    expect(new Set(byTransaction.values()).size).toBe(count);
    const merchant = Balance.parse(await (await ledger.get(`/v1/accounts/merchant:${merchantId}:EUR`)).json());
    expect(merchant.credits_posted).toBe(String(count * 10));
    expect(await brokenInvariants(ledger)).toEqual([]);
    expect(ledger.scope.failures).toEqual([]);
  }, 90_000);

  test('carries out commands over HTTP: once, with the outcome that is committed, and says which field differs', async () => {
    const ledger = await startLedger();
    const id = newId('cmd');
    const send = (body: unknown) =>
      fetch(`http://127.0.0.1:${ledger.port}/v1/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const post = {
      command_id: id,
      kind: 'post',
      debit_account_id: `funding:${merchantId}:EUR`,
      credit_account_id: `customer:${merchantId}:EUR`,
      amount_minor: 5_000,
      currency: 'EUR',
      requested_by: 'ann',
      reason: 'goodwill',
    };
    for (const account_id of [post.debit_account_id, post.credit_account_id]) {
      const opened = await send({ kind: 'open_account', account_id, requested_by: 'ann' });
      expect(opened.status).toBe(200);
    }
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(post)));
    const told = await Promise.all(answers.map(async (answer) => CommandAnswer.parse(await answer.json())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(told.map(({ outcome }) => outcome?.ledger_seq)).size).toBe(1);
    expect(told[0]?.outcome?.transfers).toMatchObject([{ transfer_id: `tr_${id.slice(4)}`, amount_minor: '5000' }]);
    expect(CommandAnswer.parse(await (await send(post)).json()).outcome?.repeated).toBe(true);
    const reused = await send({ ...post, amount_minor: 5_001 });
    expect([reused.status, Problem.parse(await reused.json()).errors?.[0]?.pointer]).toEqual([422, '/amount_minor']);
    const refused = await send({ ...post, command_id: newId('cmd'), credit_account_id: 'customer:NOBODY:EUR' });
    expect([refused.status, CommandAnswer.parse(await refused.json()).outcome?.code]).toEqual([422, 'account_unknown']);
    const found = await ledger.get(`/v1/commands/${id}`);
    expect([found.status, CommandAnswer.parse(await found.json()).outcome]).toEqual([200, { ...told[0]?.outcome, repeated: false }]);
    expect((await ledger.get(`/v1/commands/${newId('cmd')}`)).status).toBe(404);
    const bad: [body: unknown, status: number, code: string][] = [
      ['{"kind":', 400, 'malformed_json'],
      [{ ...post, kind: 'steal' }, 400, 'invalid_field'],
      [{ ...post, colour: 'red' }, 400, 'invalid_field'],
      [{ ...post, command_id: 'cmd_1' }, 400, 'invalid_field'],
      [JSON.stringify({ ...post, reason: 'x'.repeat(70_000) }), 413, 'body_too_large'],
    ];
    for (const [body, status, code] of bad) {
      const answer = await send(body);
      expect([answer.status, Problem.parse(await answer.json()).code]).toEqual([status, code]);
    }
    expect(ledger.scope.failures).toEqual([]);
  }, 60_000);

  test('lets holds fall to their policy when nothing else happens', async () => {
    const ledger = await startLedger({ LEDGER_HOLD_TTL_MS: '300' });
    await publish({ transactionId: 't-1', amountMinor: 700, action: 'review' });
    await until(() => outcomes.length === 1);
    const account = async () => Balance.parse(await (await ledger.get('/v1/accounts/customer:ACC-1:EUR')).json());
    expect((await account()).debits_pending).toBe('700');
    await until(async () => (await account()).debits_pending === '0');
    expect((await account()).debits_posted).toBe('0');
    expect(ledger.scope.failures).toEqual([]);
  }, 60_000);
});
