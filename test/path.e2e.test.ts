import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Outcome } from '@trancendos/contracts/outcome';
import { TransactionAnswer, Problem } from '@trancendos/contracts/http';
import type { Transaction } from '@trancendos/contracts/transaction';
import { newId } from '@trancendos/platform/new-id';
import { request } from 'undici';
import { describeClients } from './describe-clients.ts';
import { describeOperations } from './describe-operations.ts';
import { describeSdk } from './describe-sdk.ts';
import { payment, postBody, postTransaction } from './post-transaction.ts';
import { TopicReader } from './read-topic.ts';
import { startTestPlatform, type TestPlatform } from './start-test-platform.ts';
import { waitUntil } from './wait-until.ts';

let platform: TestPlatform;
let reader: TopicReader;

beforeAll(async () => {
  platform = await startTestPlatform({ LEDGER_OPENING_CREDIT_MINOR: '10000' });
  reader = await TopicReader.connect(platform.brokers.split(','));
}, 120_000);

afterAll(async () => {
  await reader.stop();
  await platform.stop();
}, 60_000);

/** What the log says of one transaction, which may be a moment after its answer; poison of other tests is passed over. */
async function outcomesOf(transactionId: string): Promise<Outcome[]> {
  const found = async () => {
    const outcomes = await reader.readAll('outcomes');
    return outcomes.filter((outcome: Partial<Outcome>) => outcome.transaction?.transaction_id === transactionId);
  };
  return waitUntil(`the outcome of ${transactionId}`, async () => {
    const outcomes = await found();
    return outcomes.length > 0 && outcomes;
  });
}

describe('a transaction', () => {
  test('is answered with one decision in which action, score, reasons and money agree', async () => {
    const { status, answer } = await postTransaction(platform, payment('path-1'));
    expect(status).toBe(200);
    expect(TransactionAnswer.parse(answer)).toMatchObject({
      transaction_id: 'path-1',
      status: 'new',
      action: 'approve',
      degraded: false,
    });
    expect(answer.money).toMatchObject({ state: 'posted' });
    expect(answer.reasons.length).toBeGreaterThan(0);
    expect(answer.versions?.model).toMatch(/^luminous-\d+/);
    expect(Object.keys(answer.timings_ms)).toEqual(expect.arrayContaining(['ingest', 'to_scoring', 'scoring', 'to_ledger', 'ledger']));
  });

  test('asked for again gives the same bytes, and happens once', async () => {
    const body = payment('path-2', { payer: { account_id: 'ACC-TEST-2' } });
    const first = await postTransaction(platform, body);
    const repeats = await Promise.all(Array.from({ length: 20 }, () => postTransaction(platform, body)));
    for (const repeat of repeats) {
      expect(repeat.text).toBe(first.text);
      expect(repeat.headers['idempotent-replayed']).toBe('true');
    }
    const found = await request(`${platform.api}/v1/transactions/path-2`, { headers: { authorization: `Bearer ${platform.apiKey}` } });
    expect(await found.body.text()).toBe(first.text);
    const account = await request(`${platform.ledger}/v1/accounts/customer:ACC-TEST-2:EUR`);
    expect(await account.body.json()).toMatchObject({ debits_posted: '1249', debits_pending: '0' });
  });

  test('sent 1,000 times at once is one decision, one posting, one increment of velocity and 1,000 equal answers', async () => {
    const body = payment('path-many', { payer: { account_id: 'ACC-TEST-MANY' } });
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => postTransaction(platform, body)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await outcomesOf('path-many')).toHaveLength(1);
    const account = await request(`${platform.ledger}/v1/accounts/customer:ACC-TEST-MANY:EUR`);
    expect(await account.body.json()).toMatchObject({ debits_posted: '1249', debits_pending: '0' });
    const accepted = await reader.readAll('transactions');
    expect(accepted.filter((sent: Partial<Transaction>) => sent.transaction_id === 'path-many')).toHaveLength(1);
  }, 60_000);

  test('that the payer cannot cover is declined for a reason of the ledger, and moves no money', async () => {
    const { answer } = await postTransaction(platform, payment('path-3', { amount_minor: 15_000, payer: { account_id: 'ACC-TEST-3' } }));
    expect(answer).toMatchObject({ action: 'decline', money: { state: 'none', transfer_id: null } });
    expect(answer.reasons[0]).toMatchObject({ code: 'insufficient_funds', category: 'ledger' });
  });

  test('of nothing is decided and moves nothing', async () => {
    const { answer } = await postTransaction(platform, payment('path-4', { amount_minor: 0 }));
    expect(answer).toMatchObject({ status: 'new', money: { state: 'none' } });
  });

  test('by a card without an account is paid from the clearing account', async () => {
    const { answer } = await postTransaction(platform, payment('path-5', { payer: { card_token: 'card_8f2c41' } }));
    expect(answer.money?.state).toBe('posted');
    const account = await request(`${platform.ledger}/v1/accounts/clearing:card:EUR`);
    expect(await account.body.json()).toMatchObject({ debits_posted: '1249' });
  });

  test('leaves a complete outcome on the log', async () => {
    await postTransaction(platform, payment('path-6'));
    const [own, ...others] = await outcomesOf('path-6');
    expect(others).toEqual([]);
    expect(() => Outcome.parse(own)).not.toThrow();
    const outcomes = await reader.readAll('outcomes');
    expect(outcomes.map(({ ledger_seq }) => ledger_seq)).toEqual(outcomes.map((_, index) => index + 1));
  });
});

describeOperations(() => platform);

describeClients(() => platform);
describeSdk(() => platform);

describe('bad input', () => {
  const json = (changes: Record<string, unknown>) => JSON.stringify(payment('bad', changes));
  const cases: [name: string, body: string, status: number, code: string, pointer?: string][] = [
    ['broken JSON', '{"amount":', 400, 'malformed_json'],
    ['an unknown field', json({ colour: 'red' }), 400, 'unknown_field', '/colour'],
    ['a wrong type', json({ amount_minor: '12' }), 400, 'invalid_field', '/amount_minor'],
    ['a negative amount', json({ amount_minor: -1 }), 400, 'invalid_field', '/amount_minor'],
    ['a fraction of a minor unit', json({ amount_minor: 1.5 }), 400, 'invalid_field', '/amount_minor'],
    [
      'an amount beyond what JSON numbers hold exactly',
      json({}).replace('1249', '9007199254740993'),
      400,
      'invalid_field',
      '/amount_minor',
    ],
    ['an unknown currency', json({ currency: 'ZZZ' }), 400, 'invalid_field', '/currency'],
    ['a time in the future', json({ occurred_at: new Date(Date.now() + 86_400_000).toISOString() }), 422, 'event_time_in_future'],
    ['a time long past', json({ occurred_at: '2001-01-01T00:00:00.000Z' }), 422, 'event_time_too_old'],
    ['a body over 64 kB', json({ terminal_id: 'x'.repeat(70_000) }), 413, 'body_too_large'],
    ['a card number', json({ terminal_id: '4242424242424242' }), 422, 'card_number_refused', '/terminal_id'],
  ];

  test.each(cases)('%s is refused with a code and a pointer, not echoed and not published', async (...[, body, status, code, pointer]) => {
    const before = await reader.count('transactions');
    const posted = await postBody(platform, body, { 'idempotency-key': 'bad' });
    const problem = Problem.parse(JSON.parse(posted.text));
    expect([posted.status, problem.code]).toEqual([status, code]);
    expect(posted.headers['content-type']).toContain('application/problem+json');
    if (pointer !== undefined) expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(posted.text).not.toMatch(/4242|colour.*red|9007199254740993/);
    expect(await reader.count('transactions')).toBe(before);
  });
});

describe('a poison message', () => {
  test.each(['transactions', 'decisions', 'outcomes', 'labels', 'balances'] as const)(
    'on %s is set aside and holds nobody up',
    async (topic) => {
      const before = await reader.count('deadLetters');
      await reader.poison(topic, '{"not":"ours"}');
      const { answer } = await postTransaction(platform, payment(`poison-${topic}`));
      expect(answer.status).toBe('new');
      await waitUntil('its dead letter', async () => (await reader.count('deadLetters')) > before);
    },
  );
});

describe('a command', () => {
  test('whose words no database takes is refused, and set aside where it comes past that, and holds nobody up', async () => {
    const reason = 'out of stock\0';
    await postTransaction(platform, payment('words', { capture: 'manual' }));
    const headers = { authorization: `Bearer ${platform.apiKey}`, 'content-type': 'application/json', 'idempotency-key': 'words' };
    const captured = await request(`${platform.api}/v1/transactions/words/capture`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ reason }),
    });
    expect([captured.statusCode, await captured.body.json()]).toMatchObject([400, { errors: [{ pointer: '/reason' }] }]);
    const before = await reader.count('deadLetters');
    const command = { kind: 'void', command_id: newId('cmd'), hold_id: newId('tr'), requested_by: 'sandbox', reason };
    await reader.poison('ledgerCommands', JSON.stringify(command));
    await waitUntil('its dead letter', async () => (await reader.count('deadLetters')) > before);
    expect((await postTransaction(platform, payment('after-words'))).answer.status).toBe('new');
  });
});

describe('every service', () => {
  test('measures the hops of the path, its consumers and its event loop', async () => {
    for (const [service, address] of Object.entries(platform.metrics)) {
      const scrape = async () => (await request(address)).body.text();
      expect((await scrape()).includes('trx_nodejs_eventloop_lag_p99_seconds')).toBe(true);
      // Lag is looked at once a second.
      await waitUntil(`no lag at ${service}`, async () => /trx_consumer_lag_messages\{.*\} 0\n/.test(await scrape()), 10_000);
    }
    const scoring = await (await request(platform.metrics['scoring'] ?? '')).body.text();
    expect(/trx_hop_seconds_count\{.*hop="scoring".*\} [1-9]/.test(scoring)).toBe(true);
  });
});

describe('a server that is away', () => {
  test.each(['postgres', 'kafka'] as const)(
    '(%s) makes requests wait or end as 503 with Retry-After, ends no service, and all is well when it is back',
    async (server) => {
      const body = payment(`away-${server}`, { payer: { account_id: `ACC-AWAY-${server}` } });
      await platform.stopServer(server);
      const away = await postTransaction(platform, body);
      expect(away.status).toBe(503);
      expect(Number(away.headers['retry-after'])).toBeGreaterThan(0);
      await platform.startServer(server);
      const back = await waitUntil('the answer to the repeated request', async () => {
        const repeated = await postTransaction(platform, body);
        return repeated.status === 200 && repeated.answer.status === 'new' && repeated;
      });
      // By the policy, where the services took longer to come back than the merchant waits.
      expect(back.answer.money?.state).toBe(back.answer.degraded ? 'pending' : 'posted');
      expect(await outcomesOf(`away-${server}`)).toHaveLength(1);
      expect(platform.reports.filter((line) => line.includes('starting it again'))).toEqual([]);
    },
    180_000,
  );
});
