import { beforeEach, describe, expect, test } from '@jest/globals';
import { BulkLine } from '@trancendos/contracts/http';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { nowMs } from '@trancendos/platform/clock';
import { acceptBulk, type BulkParts } from './accept-bulk.ts';
import { decideByPolicy } from './decide-by-policy.ts';
import { Moment } from './moment.ts';
import type { Reply } from './reply.ts';
import { samplePayment } from './sample-outcome.ts';
import type { Claimed } from './store-claims.ts';
import { WaitingRoom, waitingName } from './waiting-room.ts';

const ROOM = 100;

let parts: BulkParts;
let room: WaitingRoom;
let published: string[];
let decidedByPolicy: string[];
let isDecided: (transaction: PaymentTransaction) => boolean;

beforeEach(() => {
  room = new WaitingRoom({ capacity: ROOM });
  published = [];
  decidedByPolicy = [];
  isDecided = () => true;
  const answer = ({ merchant_id, transaction_id }: PaymentTransaction) =>
    room.announce(waitingName(merchant_id, transaction_id), JSON.stringify({ transaction_id }));
  parts = {
    room,
    claims: { add: ({ transaction }) => Promise.resolve<Claimed>({ kind: 'new', transaction }) },
    publications: {
      publish: (_name, transaction) => {
        published.push(transaction.transaction_id);
        if (isDecided(transaction)) setImmediate(() => answer(transaction));
        return Promise.resolve();
      },
    },
    fallBack: {
      decide: (transaction) => {
        decidedByPolicy.push(transaction.transaction_id);
        answer(transaction);
      },
      propose: (transaction) => decideByPolicy(transaction, [], nowMs()),
    },
    preview: () => Promise.resolve(undefined),
    storedAnswer: () => Promise.resolve(undefined),
    isHearing: () => true,
    isSwamped: () => false,
    isInVain: () => false,
    isFarBehind: () => false,
    claimsWaiting: () => 0,
    onTaken: () => undefined,
    maxEventAgeDays: 400,
    deadlineMs: 2_000,
  };
});

/** Waits a hundredth of what it is asked for, and notes that. */
let waits: number[];
const waitFor = (deadlineMs: number) => {
  waits.push(deadlineMs);
  const leftMs = deadlineMs / 100;
  return { end: Moment.after(leftMs), nearEnd: Moment.after(leftMs / 2), dueAtMs: nowMs() + leftMs, deadlineMs };
};

function send(lines: readonly object[]): Promise<Reply> {
  waits = [];
  const body = (async function* () {
    yield await Promise.resolve(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')));
  })();
  return acceptBulk(parts, {
    merchantId: 'books-03',
    requestId: 'req_00000000-0000-7000-8000-000000000000',
    keyMode: 'test',
    body,
    waitFor,
  });
}

function line(stated: object = {}) {
  const { transaction_id, occurred_at, amount_minor, currency, payer } = samplePayment();
  return { transaction_id, occurred_at, amount_minor, currency, payer, ...stated };
}

const statusesOf = ({ body }: Reply) =>
  body
    .trimEnd()
    .split('\n')
    .map((text) => BulkLine.pick({ status: true }).loose().parse(JSON.parse(text)).status);

describe('a line that states no deadline', () => {
  test('waits for the real decision for as long as any request may', async () => {
    expect(statusesOf(await send([line(), line()]))).toEqual([200, 200]);
    expect([waits, decidedByPolicy]).toEqual([[5_000, 5_000], []]);
  });

  test('is pending where that does not come, and no policy is asked', async () => {
    isDecided = () => false;
    expect(statusesOf(await send([line(), line()]))).toEqual([202, 202]);
    expect([published.length, decidedByPolicy]).toEqual([2, []]);
  });

  test('is pending at once where its request would leave less than half of the waiting room free', async () => {
    const many = Array.from({ length: ROOM / 2 + 1 }, () => line());
    expect(new Set(statusesOf(await send(many)))).toEqual(new Set([202]));
    expect(published).toHaveLength(many.length);
    expect(new Set(statusesOf(await send(many.slice(1).map(() => line()))))).toEqual(new Set([200]));
  });
});

test('a line with a deadline of its own, and one of the sandbox, has the policy decide like any other request', async () => {
  isDecided = () => false;
  const sent = [line({ deadline_ms: 1_000 }), line({ payer: { card_token: 'tok_test_timeout' } })];
  expect(statusesOf(await send(sent))).toEqual([200, 200]);
  expect([waits, decidedByPolicy]).toEqual([[1_000, 2_000], sent.map(({ transaction_id }) => transaction_id)]);
});

test.each(['isSwamped', 'isFarBehind'] as const)('a request that comes at a bad time (%s) is refused whole', async (reason) => {
  parts = { ...parts, [reason]: () => true };
  const reply = await send([line(), line()]);
  expect([reply.status, JSON.parse(reply.body)]).toMatchObject([503, { code: 'too_many_waiting' }]);
  expect(published).toEqual([]);
});

test('lines wait while the waiting room is nearly full', async () => {
  for (let index = 0; index < ROOM * 0.9; index++) room.enter();
  const answering = send([line(), line()]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(published).toEqual([]);
  for (let index = 0; index < ROOM * 0.9; index++) room.leave();
  expect(statusesOf(await answering)).toEqual([202, 202]); // it was crowded when they came, so they wait for no decision
});

test('lines wait while many claims wait for the database, and are all taken when there is room again', async () => {
  let waiting = 1_001;
  parts = { ...parts, claimsWaiting: () => waiting };
  const answering = send(Array.from({ length: 4 }, () => line()));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(published).toEqual([]);
  waiting = 1_000;
  expect(statusesOf(await answering)).toEqual([200, 200, 200, 200]);
});
