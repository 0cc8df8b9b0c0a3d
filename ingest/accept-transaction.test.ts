import { beforeEach, describe, expect, test } from '@jest/globals';
import { PROBLEMS, TransactionAnswer, type Problem } from '@trancendos/contracts/http';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { nowMs } from '@trancendos/platform/clock';
import { PublishError } from '@trancendos/platform/publish';
import fc from 'fast-check';
import { acceptTransaction, type AcceptParts } from './accept-transaction.ts';
import { decideByPolicy } from './decide-by-policy.ts';
import { TEST_TOKENS } from './force-outcome.ts';
import { Moment } from './moment.ts';
import { PublishOnce } from './publish-once.ts';
import type { Reply } from './reply.ts';
import type { Claim, Claimed } from './store-claims.ts';
import { sampleOutcome } from './sample-outcome.ts';
import { WaitingRoom, waitingName } from './waiting-room.ts';

const NOW_MS = Date.parse('2026-05-01T16:04:12.000Z');
const REQUEST_ID = 'req_01890000-0000-7000-8000-000000000001';
const GOOD = {
  transaction_id: 'order-1',
  occurred_at: '2026-05-01T16:04:11.482Z',
  amount_minor: 1249,
  currency: 'EUR',
  payer: { account_id: 'ACC-00017' },
  terminal_id: 'T-00042',
};

/** The claims table, in memory. */
class ClaimsTable {
  readonly rows: Claim[] = [];
  answer: string | undefined;
  failure: Error | undefined;

  add(claim: Claim): Promise<Claimed> {
    if (this.failure) return Promise.reject(this.failure);
    const known = this.rows.find((row) => row.idempotencyKey === claim.idempotencyKey);
    if (known && !known.bodyHash.equals(claim.bodyHash)) return Promise.resolve({ kind: 'key_reused' });
    if (known) return Promise.resolve({ kind: 'repeated', transaction: known.transaction, answer: this.answer });
    const sameId = this.rows.find((row) => row.transaction.transaction_id === claim.transaction.transaction_id);
    if (sameId?.bodyHash.equals(claim.bodyHash)) {
      return Promise.resolve({ kind: 'duplicate', transaction: sameId.transaction, answer: this.answer });
    }
    if (sameId) return Promise.resolve({ kind: 'id_reused' });
    this.rows.push(claim);
    return Promise.resolve({ kind: 'new', transaction: claim.transaction });
  }
}

/** A broker that takes everything, unless it is away. */
class Broker {
  readonly published: PaymentTransaction[] = [];
  away = false;
  onPublished: (transaction: PaymentTransaction) => void = () => undefined;

  publish(_topic: string, _key: string, message: unknown): Promise<void> {
    if (this.away) return Promise.reject(new PublishError('unavailable'));
    this.published.push(message as PaymentTransaction);
    setImmediate(() => this.onPublished(message as PaymentTransaction));
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

let claims: ClaimsTable;
let broker: Broker;
let room: WaitingRoom;
let parts: AcceptParts;
let fallenBack: string[];
let deadlinesMs: number[] = [];

beforeEach(() => {
  claims = new ClaimsTable();
  broker = new Broker();
  room = new WaitingRoom({ capacity: 3 });
  broker.onPublished = ({ merchant_id, transaction_id }) => room.announce(waitingName(merchant_id, transaction_id), '{"the":"answer"}');
  fallenBack = [];
  parts = {
    claims,
    room,
    publications: new PublishOnce(broker),
    fallBack: {
      decide: ({ transaction_id }) => void fallenBack.push(transaction_id),
      propose: (payment) => decideByPolicy(payment, [], NOW_MS),
    },
    preview: (payment) => Promise.resolve({ ...sampleOutcome(payment, 1), score: 731 }),
    storedAnswer: () => Promise.resolve(undefined),
    isHearing: () => false,
    isSwamped: () => false,
    isInVain: () => false,
    onTaken: () => undefined,
    maxEventAgeDays: 400,
    deadlineMs: 250,
  };
});

interface Sending {
  readonly body?: unknown;
  readonly key?: string;
  readonly waitMs?: number;
  /** From the end of the wait to the deadline. */
  readonly lastLookMs?: number;
  readonly deadlineMs?: number;
  readonly keyMode?: 'live' | 'test';
}

function send({
  body = GOOD,
  key = 'key-1',
  waitMs = 1_000,
  lastLookMs = 5,
  deadlineMs = 250,
  keyMode = 'test',
}: Sending = {}): Promise<Reply> {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const waitFor = (asked: number) => {
    deadlinesMs.push(asked);
    return {
      end: Moment.after(waitMs),
      nearEnd: Moment.after(waitMs / 2),
      dueAtMs: nowMs() + waitMs + lastLookMs,
      deadlineMs,
    };
  };
  return acceptTransaction(parts, {
    merchantId: 'books-03',
    requestId: REQUEST_ID,
    arrivedAtMs: NOW_MS,
    idempotencyKey: key,
    body: bytes,
    keyMode,
    waitFor,
  });
}

const codeOf = (reply: Reply) => (JSON.parse(reply.body) as Problem).code;

describe('a transaction', () => {
  test('is published as it was accepted, and answered with its outcome', async () => {
    expect(await send()).toMatchObject({
      status: 200,
      body: '{"the":"answer"}',
      headers: expect.not.objectContaining({ 'idempotent-replayed': 'true' }) as unknown,
    });
    expect(broker.published).toEqual([
      { kind: 'payment', ...GOOD, merchant_id: 'books-03', request_id: REQUEST_ID, received_at: '2026-05-01T16:04:12.000Z' },
    ]);
  });

  test('that is decided late is told to be on its way', async () => {
    broker.onPublished = () => undefined;
    const reply = await send({ waitMs: 20 });
    expect(reply).toMatchObject({ status: 202, headers: { location: '/v1/transactions/order-1', 'retry-after': '1' } });
    expect(TransactionAnswer.parse(JSON.parse(reply.body) as unknown)).toMatchObject({
      status: 'pending',
      action: null,
      amount_minor: 1249,
    });
  });

  test('whose answer was stored by somebody else while it waited is answered with it', async () => {
    broker.onPublished = () => undefined;
    parts = { ...parts, storedAnswer: () => Promise.resolve('stored') };
    expect(await send({ waitMs: 20 })).toMatchObject({ status: 200, body: 'stored' });
  });

  test('is not looked up where announcements are heard, unless it was asked before: its announcement may have been missed', async () => {
    broker.onPublished = () => undefined;
    let lookUps = 0;
    parts = { ...parts, isHearing: () => true, storedAnswer: () => Promise.resolve(++lookUps > 0 ? 'stored' : undefined) };
    expect(await send({ waitMs: 20 })).toMatchObject({ status: 202 });
    expect(lookUps).toBe(0);
    expect(await send({ waitMs: 20 })).toMatchObject({ status: 200, body: 'stored' });
  });

  test('is given when its answer comes in the last moments before the deadline', async () => {
    broker.onPublished = ({ merchant_id, transaction_id }) =>
      void setTimeout(() => room.announce(waitingName(merchant_id, transaction_id), 'late'), 25);
    expect(await send({ waitMs: 20, lastLookMs: 500 })).toMatchObject({ status: 200, body: 'late' });
  });
});

describe('the deadline', () => {
  const announce = ({ merchant_id, transaction_id }: PaymentTransaction) =>
    room.announce(waitingName(merchant_id, transaction_id), 'policy');

  test('is the one of the request, else the ordinary one, and is no part of the transaction', async () => {
    deadlinesMs = [];
    await send();
    await send({ key: 'key-2', body: { ...GOOD, transaction_id: 'order-2', deadline_ms: 40 } });
    expect(deadlinesMs).toEqual([250, 40]);
    expect(broker.published[1]).not.toHaveProperty('deadline_ms');
    expect(codeOf(await send({ body: { ...GOOD, deadline_ms: 19 } }))).toBe('invalid_field');
    expect(codeOf(await send({ body: { ...GOOD, deadline_ms: 5_001 } }))).toBe('invalid_field');
  });

  test('that comes near makes the policy decide, whose answer is given', async () => {
    broker.onPublished = () => undefined;
    parts = { ...parts, fallBack: { ...parts.fallBack, decide: announce } };
    expect(await send({ waitMs: 60 })).toMatchObject({ status: 200, body: 'policy' });
  });

  test('is not waited for where scoring will not decide by it: the policy decides at once', async () => {
    broker.onPublished = () => undefined;
    const isInVain = (deadlineMs: number) => deadlineMs < 1_000;
    parts = { ...parts, isInVain, fallBack: { ...parts.fallBack, decide: announce } };
    expect(await send({ waitMs: 60_000, deadlineMs: 999 })).toMatchObject({ status: 200, body: 'policy' });
    expect(await send({ waitMs: 60, deadlineMs: 1_000, key: 'key-2', body: { ...GOOD, transaction_id: 'order-2' } })).toMatchObject({
      body: 'policy',
    });
    expect(broker.published).toHaveLength(2);
  });

  test('asks no policy where the decision comes in time', async () => {
    await send({ waitMs: 40 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(fallenBack).toEqual([]);
  });
});

describe('a dry run', () => {
  const dry = { ...GOOD, mode: 'dry_run' };
  const answerOf = (reply: Reply) => TransactionAnswer.parse(JSON.parse(reply.body));

  test('is decided and says what it is, and claims, publishes and moves nothing', async () => {
    const reply = await send({ body: dry, key: '' });
    expect([reply.status, answerOf(reply)]).toMatchObject([
      200,
      { mode: 'dry_run', status: 'new', action: 'approve', score: 731, money: { state: 'none', transfer_id: null, posted_minor: 0 } },
    ]);
    expect([claims.rows, broker.published, fallenBack]).toEqual([[], [], []]);
    // The key of a dry run is free for the payment in earnest.
    await send({ body: dry, key: 'key-1' });
    expect((await send()).headers['idempotent-replayed']).toBeUndefined();
    expect(broker.published).toHaveLength(1);
  });

  test('that nobody decides in time shows what the policy would have decided', async () => {
    parts = { ...parts, preview: () => Promise.resolve(undefined) };
    expect(answerOf(await send({ body: dry }))).toMatchObject({ action: 'review', degraded: true, degraded_causes: ['deadline'] });
    expect([broker.published, fallenBack]).toEqual([[], []]);
  });

  test('of a test token shows the outcome that it asks for', async () => {
    const reply = await send({ body: { ...dry, payer: { card_token: 'tok_test_decline' } } });
    expect(answerOf(reply)).toMatchObject({ mode: 'dry_run', action: 'decline', money: { state: 'none' } });
    expect(broker.published).toEqual([]);
  });
});

describe('a test token', () => {
  const forced = { ...GOOD, payer: { card_token: 'tok_test_decline' } };

  test('gets the outcome that it asks for, past scoring', async () => {
    await send({ body: forced });
    expect(broker.published).toMatchObject([
      { actor: 'sandbox', action: 'decline', transaction: { payer: { card_token: 'tok_test_decline' } } },
    ]);
  });

  test('that is misspelt is refused with the ones there are, and with a live key is a token like any other', async () => {
    const misspelt = { ...GOOD, payer: { card_token: 'tok_test_aprove' } };
    const reply = await send({ body: misspelt });
    expect([reply.status, codeOf(reply)]).toEqual([400, 'test_token_unknown']);
    const { detail, errors } = JSON.parse(reply.body) as Problem;
    for (const token of Object.keys(TEST_TOKENS)) expect(detail).toContain(token);
    expect(errors).toMatchObject([{ pointer: '/payer/card_token' }]);
    expect([claims.rows, broker.published]).toEqual([[], []]);
    await send({ body: misspelt, keyMode: 'live' });
    expect(broker.published).toMatchObject([{ payer: misspelt.payer }]);
  });

  test('is refused with a live key', async () => {
    expect(codeOf(await send({ body: forced, keyMode: 'live' }))).toBe('test_token_refused');
    expect(claims.rows).toHaveLength(0);
  });
});

describe('a repeated request', () => {
  test('is answered with the stored bytes and published no second time', async () => {
    await send();
    claims.answer = '{"stored":"bytes"}';
    expect(await send()).toMatchObject({ status: 200, body: '{"stored":"bytes"}', headers: { 'idempotent-replayed': 'true' } });
    expect(broker.published).toHaveLength(1);
  });

  test('of one that is under way waits with it', async () => {
    broker.onPublished = () => undefined;
    const replies = [send(), send(), send()];
    await new Promise(setImmediate);
    room.announce(waitingName('books-03', 'order-1'), 'answer');
    const bodies = (await Promise.all(replies)).map(({ body }) => body);
    expect(bodies).toEqual(['answer', 'answer', 'answer']);
    expect(broker.published).toHaveLength(1);
  });

  test('publishes what the first could not', async () => {
    broker.away = true;
    const failed = await send();
    expect([codeOf(failed), failed.headers['retry-after']]).toEqual(['unavailable', '1']);
    broker.away = false;
    expect(await send({ body: { ...GOOD } })).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' } });
    expect(broker.published).toHaveLength(1);
  });

  test('with another body is refused', async () => {
    await send();
    expect(codeOf(await send({ body: { ...GOOD, amount_minor: 1 } }))).toBe('idempotency_key_reused');
  });

  test('under another key is a duplicate with the first answer, and one of other facts is refused', async () => {
    await send();
    claims.answer = '{"status":"new","action":"approve"}';
    const duplicate = await send({ key: 'key-2' });
    expect([duplicate.status, duplicate.body]).toEqual([200, '{"status":"duplicate","action":"approve"}']);
    expect(duplicate.headers).not.toHaveProperty('idempotent-replayed');
    expect(codeOf(await send({ key: 'key-3', body: { ...GOOD, amount_minor: 1 } }))).toBe('transaction_id_reused');
    expect(broker.published).toHaveLength(1);
  });

  test('may have more patience than the first', async () => {
    await send();
    expect((await send({ body: { ...GOOD, deadline_ms: 5_000 } })).headers['idempotent-replayed']).toBe('true');
  });
});

describe('when something is away', () => {
  test('the database, the request is refused and nothing is published', async () => {
    claims.failure = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(codeOf(await send())).toBe('unavailable');
    expect(broker.published).toHaveLength(0);
  });

  test('a statement that is wrong is a fault of ours, not of the weather', async () => {
    claims.failure = Object.assign(new Error('syntax'), { code: '42601' });
    await expect(send()).rejects.toThrow('syntax');
  });

  test('a database that hangs, the request ends in time', async () => {
    parts = { ...parts, claims: { add: () => new Promise<Claimed>(() => undefined) } };
    expect(codeOf(await send({ waitMs: 20 }))).toBe('unavailable');
  });

  test('more comes in than can be worked off, whoever comes is told when to come again, before anything is claimed', async () => {
    parts = { ...parts, isSwamped: () => true };
    const refused = await send({ key: 'a' });
    expect([refused.status, codeOf(refused), refused.headers['retry-after']]).toEqual([503, 'too_many_waiting', '1']);
    parts = { ...parts, isSwamped: () => false };
    const { status, headers } = await send({ key: 'a' });
    expect([status, headers['idempotent-replayed']]).toEqual([200, undefined]);
  });

  test('too many wait, the next one is told when to come back, and there is room again later', async () => {
    broker.onPublished = () => undefined;
    const waiting = ['a', 'b', 'c'].map((id) => send({ key: id, body: { ...GOOD, transaction_id: id }, waitMs: 30 }));
    const refused = await send({ key: 'd', body: { ...GOOD, transaction_id: 'd' } });
    expect([codeOf(refused), refused.headers['retry-after']]).toEqual(['too_many_waiting', '1']);
    await Promise.all(waiting);
    expect((await send({ key: 'd', body: { ...GOOD, transaction_id: 'd' }, waitMs: 20 })).status).toBe(202);
  });
});

describe('a request that is refused', () => {
  test.each([
    ['event_time_in_future', { occurred_at: '2026-05-01T16:09:13.000Z' }],
    ['event_time_too_old', { occurred_at: '2025-03-01T00:00:00.000Z' }],
  ])('for %s is not claimed', async (code, change) => {
    const reply = await send({ body: { ...GOOD, ...change } });
    expect([codeOf(reply), reply.status]).toEqual([code, 422]);
    expect(claims.rows).toHaveLength(0);
  });

  test('may be up to 5 minutes ahead of our clock', async () => {
    expect((await send({ body: { ...GOOD, occurred_at: '2026-05-01T16:09:12.000Z' } })).status).toBe(200);
  });

  test('whatever its body is, is told a problem of its own making, and nothing of it is claimed or published', async () => {
    const mutated = fc
      .tuple(fc.constantFrom(...Object.keys(GOOD), 'payer.x', 'extra'), fc.anything())
      .map(([field, value]) => ({ ...GOOD, [field]: value, extra: 1 }));
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(text)),
      mutated.map((body) => Buffer.from(JSON.stringify(body))),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const reply = await send({ body });
        expect(reply.status).toBeGreaterThanOrEqual(400);
        expect(reply.status).toBeLessThan(500);
        expect(Object.keys(PROBLEMS)).toContain(codeOf(reply));
      }),
      { numRuns: 500 },
    );
    expect([claims.rows.length, broker.published.length]).toEqual([0, 0]);
  });
});
