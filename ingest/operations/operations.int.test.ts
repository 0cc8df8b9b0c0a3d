import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { TransactionAnswer } from '@trancendos/contracts/http';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import { OperationAnswer, OperationsAnswer } from '@trancendos/contracts/operation';
import { WebhookEvent } from '@trancendos/contracts/webhook';
import { pause } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import pg from 'pg';
import { decideByPolicy } from '../decide-by-policy.ts';
import { runTestIngest, type TestIngest } from '../run-test-ingest.ts';
import { sampleOutcome } from '../sample-outcome.ts';
import { sampleCommandOutcome } from './sample-command-outcome.ts';

let ingest: TestIngest;
let pool: pg.Pool;
const expiresAt = new Date(Date.now() + 3_600_000).toISOString();

beforeAll(async () => {
  ingest = await runTestIngest(undefined, { WEBHOOKS_ALLOW_LOOPBACK: 'true' });
  pool = new pg.Pool({ connectionString: ingest.databaseUrl, max: 2 });
  // Nobody listens there; what counts is what lies in the outbox.
  await send('POST', '/v1/webhooks', { body: { url: 'http://127.0.0.1:9/hook' } });
  ingest.ledger.decide = (transaction, ledgerSeq) => ({
    ...sampleOutcome(transaction, ledgerSeq),
    action: 'review',
    money: { state: 'pending', transfer_id: newId('tr'), expires_at: expiresAt },
  });
}, 60_000);

afterEach(() => {
  ingest.ledger.carryOut = captureAll;
});

afterAll(async () => {
  await pool.end();
  await ingest.stop();
}, 30_000);

async function send(method: string, path: string, { body, key }: { body?: unknown; key?: string } = {}) {
  const response = await fetch(`${ingest.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ingest.keys[0]}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, json: JSON.parse(text) as Record<string, unknown> };
}

/** A held payment: its id and the hold's. */
async function hold(): Promise<{ id: string; holdId: string }> {
  const id = newId('tx');
  const occurred_at = new Date().toISOString();
  const body = { transaction_id: id, occurred_at, amount_minor: 1249, currency: 'EUR', payer: { account_id: 'ACC-00017' } };
  const { json } = await send('POST', '/v1/transactions', { body, key: id });
  return { id, holdId: TransactionAnswer.parse(json).money?.transfer_id ?? '' };
}

function captureAll(command: LedgerCommand, ledgerSeq: number): CommandOutcome {
  const hold_id = command.kind === 'capture' ? command.hold_id : '';
  return sampleCommandOutcome({
    command,
    ledgerSeq,
    transfers: [{ transfer_id: command.command_id.replace('cmd_', 'tr_'), kind: 'capture', amount_minor: '1249', related_to: hold_id }],
    hold: { hold_id, captured_minor: '1249' },
  });
}

const commandsOf = (holdId: string) => ingest.ledger.commands.filter((command) => command.kind === 'capture' && command.hold_id === holdId);
const moneyOf = async (id: string) => TransactionAnswer.parse((await send('GET', `/v1/transactions/${id}`)).json).money;

async function eventsOf(id: string): Promise<WebhookEvent[]> {
  const { rows } = await pool.query<{ body: string }>(
    `SELECT body FROM ingest.webhook_deliveries WHERE body LIKE '%' || $1 || '%' ORDER BY delivery_id`,
    [id],
  );
  return rows.map(({ body }) => WebhookEvent.parse(JSON.parse(body)));
}

async function untilEqual<T>(look: () => Promise<T>, expected: T): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (JSON.stringify(await look()) === JSON.stringify(expected)) return;
    await pause(25);
  }
  expect(await look()).toEqual(expected);
}

describe('a capture', () => {
  beforeAll(() => {
    ingest.ledger.carryOut = captureAll;
  });

  test('is carried out once, answered with the same bytes for ever after, and seen by GET and webhook', async () => {
    const { id, holdId } = await hold();
    const key = newId('key');
    const first = await send('POST', `/v1/transactions/${id}/capture`, { key });
    expect(first.status).toBe(200);
    const answer = OperationAnswer.parse(first.json);
    expect(answer).toMatchObject({ kind: 'capture', status: 'applied', amount_minor: 1249, requested_by: 'merchant' });
    expect(answer.money).toMatchObject({ state: 'posted', posted_minor: 1249, pending_minor: 0, expires_at: null });
    const again = await send('POST', `/v1/transactions/${id}/capture`, { key, body: {} });
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    expect(commandsOf(holdId)).toHaveLength(1);
    expect(await moneyOf(id)).toEqual(answer.money);
    const events = await eventsOf(id);
    expect(events.map(({ type }) => type)).toEqual(['transaction.held', 'transaction.captured']);
    expect(events[1]).toMatchObject({ data: { money: answer.money }, operation: { operation_id: answer.operation_id } });
    const listed = OperationsAnswer.parse((await send('GET', `/v1/transactions/${id}/operations`)).json);
    expect(listed.operations.map(({ operation_id }) => operation_id)).toEqual([answer.operation_id]);
  });

  test('sent 50 times at once is one command and one answer', async () => {
    const { id, holdId } = await hold();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('POST', `/v1/transactions/${id}/capture`, { key: id })));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(new Set(commandsOf(holdId).map(({ command_id }) => command_id)).size).toBe(1);
  });

  test('of which the ledger says no is told with its code, and leaves its key free', async () => {
    const { id } = await hold();
    ingest.ledger.carryOut = (command, ledgerSeq) => sampleCommandOutcome({ command, ledgerSeq, code: 'account_frozen' });
    const refused = await send('POST', `/v1/transactions/${id}/capture`, { key: id });
    expect([refused.status, refused.json['code']]).toEqual([409, 'account_blocked']);
    ingest.ledger.carryOut = captureAll;
    expect((await send('POST', `/v1/transactions/${id}/capture`, { key: id })).status).toBe(200);
  });

  test('under the key of another is refused, and so is a second one while the first is under way', async () => {
    const { id, holdId } = await hold();
    ingest.ledger.carryOut = () => undefined;
    const first = send('POST', `/v1/transactions/${id}/capture`, { key: `${id}-1` });
    await untilEqual(() => Promise.resolve(commandsOf(holdId).length), 1);
    const reused = await send('POST', `/v1/transactions/${id}/void`, { key: `${id}-1` });
    expect([reused.status, reused.json['code']]).toEqual([422, 'idempotency_key_reused']);
    const second = await send('POST', `/v1/transactions/${id}/void`, { key: `${id}-2` });
    expect([second.status, second.json['code'], second.headers.get('retry-after')]).toEqual([409, 'operation_in_progress', '1']);
    // Published again before long, by whoever is left: the ledger knows it by its id.
    ingest.ledger.carryOut = captureAll;
    expect((await first).status).toBe(200);
    expect(commandsOf(holdId).length).toBeGreaterThan(1);
  }, 15_000);

  test('of what is unknown, or not decided yet, is refused', async () => {
    const unknown = await send('POST', '/v1/transactions/nothing/capture', { key: 'k' });
    expect(unknown.json['code']).toBe('transaction_unknown');
    const exceeding = await send('POST', `/v1/transactions/${(await hold()).id}/capture`, { key: 'k', body: { amount_minor: 1250 } });
    expect([exceeding.status, exceeding.json['code']]).toEqual([422, 'capture_exceeds_hold']);
    expect((await send('POST', '/v1/transactions/nothing/capture')).json['code']).toBe('idempotency_key_missing');
  });
});

describe('what the platform does to a hold', () => {
  test.each([
    ['expire', 'expired', 'expire', 'voided'],
    ['capture', 'captured', 'capture', 'posted'],
  ] as const)('(%s) changes the money by GET and is told by webhook', async (kind, status, transferKind, state) => {
    const { id, holdId } = await hold();
    const transfer = { transfer_id: newId('tr'), kind: transferKind, amount_minor: '1249', related_to: holdId };
    const captured_minor = status === 'captured' ? '1249' : '0';
    const outcome = sampleCommandOutcome({
      kind,
      ledgerSeq: 1_000_000,
      transfers: [transfer],
      hold: { hold_id: holdId, status, captured_minor, merchant_id: ingest.merchants[0], transaction_id: id },
    });
    const command_id = kind === 'expire' ? null : newId('cmd');
    await ingest.ledger.publishOutcome({ ...outcome, command_id });
    await ingest.ledger.publishOutcome({ ...outcome, command_id, repeated: true });
    await untilEqual(async () => (await moneyOf(id))?.state, state);
    const types = async () => (await eventsOf(id)).map(({ type }) => type);
    await untilEqual(types, ['transaction.held', kind === 'expire' ? 'transaction.expired' : 'transaction.captured']);
    const [operation] = OperationsAnswer.parse((await send('GET', `/v1/transactions/${id}/operations`)).json).operations;
    expect(operation).toMatchObject({ kind, requested_by: 'platform', amount_minor: 1249, transfer_ids: [transfer.transfer_id] });
  });
});

describe('a decision that comes after the policy has decided', () => {
  const decideLate = async (byPolicy: boolean) => {
    const before = ingest.ledger.decide;
    let decided: Outcome | undefined;
    ingest.ledger.decide = (transaction, ledgerSeq) => {
      const outcome = before(transaction, ledgerSeq);
      return (decided = byPolicy ? { ...outcome, ...decideByPolicy(transaction, [], Date.now()) } : outcome);
    };
    const { id } = await hold();
    ingest.ledger.decide = before;
    if (!decided) throw new Error('nothing was decided');
    const { money, ledger_seq, committed_at, ...late } = {
      ...decided,
      ...sampleOutcome(decided.transaction, 1),
      action: 'decline' as const,
    };
    expect([money, ledger_seq, committed_at]).toHaveLength(3);
    await ingest.ledger.publishLate(late);
    await ingest.ledger.publishLate({ ...late, decision_id: newId('dec') });
    return { id, late };
  };
  const answerOf = async (id: string) => TransactionAnswer.parse((await send('GET', `/v1/transactions/${id}`)).json);

  test('is kept and shown, told once, and changes neither decision nor money', async () => {
    const { id, late } = await decideLate(true);
    await untilEqual(async () => (await answerOf(id)).status, 'superseding');
    const answer = await answerOf(id);
    expect(answer).toMatchObject({ action: 'review', degraded_causes: ['deadline'], money: { state: 'pending' } });
    expect(answer.superseded).toMatchObject({ decision_id: late.decision_id, action: 'decline' });
    const types = async () => (await eventsOf(id)).map(({ type }) => type);
    await untilEqual(types, ['transaction.held', 'transaction.superseded']);
    expect((await eventsOf(id))[1]?.data).toEqual(answer);
  });

  test('is nothing where the real decision has counted', async () => {
    const { id } = await decideLate(false);
    const { id: later } = await decideLate(true);
    await untilEqual(async () => (await answerOf(later)).status, 'superseding');
    expect(await answerOf(id)).toMatchObject({ status: 'new', superseded: null });
  });
});
