import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Balance } from '@trancendos/contracts/balance';
import { Outcome } from '@trancendos/contracts/outcome';
import { pause } from '@trancendos/platform/clock';
import type pg from 'pg';
import { checkInvariants } from './check-invariants.ts';
import { deliver, messagesOf, openTestLedger, type TestLedger, type TestRun } from './open-test-ledger.ts';
import type { Sample } from './sample-decision.ts';

let ledger: TestLedger;
beforeEach(async () => (ledger = await openTestLedger()));
afterEach(() => ledger.close());

const ids = (from: number, to: number): Sample[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ transactionId: `t-${from + index}`, payer: { account_id: `ACC-${index % 3}` } }));

async function rows<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
  return (await ledger.postgres.pool.query<T>(sql)).rows;
}

/** Everything that is money or position, to compare before and after. */
async function everything() {
  return {
    accounts: await rows('SELECT * FROM ledger.accounts ORDER BY id'),
    transfers: await rows('SELECT * FROM ledger.transfers ORDER BY seq'),
    transactions: await rows('SELECT * FROM ledger.transactions ORDER BY ledger_seq'),
    holds: await rows('SELECT * FROM ledger.holds ORDER BY id'),
    reversals: await rows('SELECT * FROM ledger.reversals ORDER BY transfer_id'),
    commands: await rows('SELECT * FROM ledger.commands ORDER BY ledger_seq'),
  };
}

/** The JSON of the outcomes that the outbox holds of batches after that one. */
async function storedOutcomes(afterBatch: number): Promise<string[]> {
  const batches = await rows<{ body: string }>(`SELECT body FROM ledger.outbox WHERE batch_seq > ${afterBatch} ORDER BY batch_seq`);
  return batches.flatMap(({ body }) => body.split('\n')).map((line) => JSON.stringify((JSON.parse(line) as unknown[])[3]));
}

async function published(count: number): Promise<void> {
  for (let waitedMs = 0; ledger.broker.outcomes().length < count; waitedMs += 10) {
    if (waitedMs > 10_000) throw new Error(`${ledger.broker.outcomes().length} of ${count} outcomes published within 10 s`);
    await pause(10);
  }
}

async function soundLedger(): Promise<void> {
  const { checks } = await checkInvariants(ledger.postgres.pool);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

/** A connection whose next commit goes wrong in the given way. */
function breakable(pool: pg.Pool) {
  const state = { next: 'works' as 'works' | 'lost before' | 'lost after' };
  const lost = () => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
  const real = (...parameters: unknown[]) => (pool.query as (...given: unknown[]) => Promise<unknown>).apply(pool, parameters);
  const query = async (...parameters: unknown[]) => {
    const commits = (parameters[0] as { name?: string }).name === 'commit-batch';
    const fate = commits ? state.next : 'works';
    if (commits) state.next = 'works';
    if (fate === 'lost before') throw lost();
    const result = await real(...parameters);
    if (fate === 'lost after') throw lost();
    return result;
  };
  return { state, pool: { query } as unknown as Pick<pg.Pool, 'query'> };
}

describe('a batch', () => {
  test('is committed whole: accounts, transfers, holds, transactions, outcomes and the offset of its input', async () => {
    const run = await ledger.start();
    await deliver(run, [
      { transactionId: 't-1', amountMinor: 2_500 },
      { transactionId: 't-2', amountMinor: 700, action: 'review' },
      { transactionId: 't-3', action: 'decline' },
      { transactionId: 't-4', amountMinor: 1_000_000 },
    ]);
    expect(
      await rows(
        'SELECT id, debits_posted, credits_posted, debits_pending, credits_pending, version, ledger_seq FROM ledger.accounts ORDER BY id',
      ),
    ).toEqual([
      {
        id: 'customer:ACC-1:EUR',
        debits_posted: '2500',
        credits_posted: '100000',
        debits_pending: '700',
        credits_pending: '0',
        version: '4',
        ledger_seq: '2',
      },
      {
        id: 'funding:opening:EUR',
        debits_posted: '100000',
        credits_posted: '0',
        debits_pending: '0',
        credits_pending: '0',
        version: '2',
        ledger_seq: '1',
      },
      {
        id: 'merchant:books-01:EUR',
        debits_posted: '0',
        credits_posted: '2500',
        debits_pending: '0',
        credits_pending: '700',
        version: '3',
        ledger_seq: '2',
      },
    ]);
    expect(await rows('SELECT kind, seq, amount_minor FROM ledger.transfers ORDER BY seq')).toEqual([
      { kind: 'opening', seq: '1', amount_minor: '100000' },
      { kind: 'post', seq: '2', amount_minor: '2500' },
      { kind: 'hold', seq: '3', amount_minor: '700' },
    ]);
    expect(await rows('SELECT remaining_minor, expires_at - placed_at AS open_for FROM ledger.holds')).toMatchObject([
      { remaining_minor: '700', open_for: { days: 1 } },
    ]);
    expect(await rows('SELECT transaction_id, ledger_seq, action FROM ledger.transactions ORDER BY ledger_seq')).toEqual([
      { transaction_id: 't-1', ledger_seq: '1', action: 'approve' },
      { transaction_id: 't-2', ledger_seq: '2', action: 'review' },
      { transaction_id: 't-3', ledger_seq: '3', action: 'decline' },
      { transaction_id: 't-4', ledger_seq: '4', action: 'decline' },
    ]);
    expect(await rows('SELECT topic, partition, next_offset FROM ledger.inputs')).toEqual([
      { topic: 'decisions.v1', partition: 0, next_offset: '4' },
    ]);
    await soundLedger();
  });

  test('is published after its commit, in order and in the shapes of the topics, each account once with its newest balance', async () => {
    const run = await ledger.start();
    await deliver(run, ids(1, 6));
    await published(6);
    const outcomes = ledger.broker.outcomes();
    expect(outcomes.map(({ ledger_seq }) => ledger_seq)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const outcome of outcomes) Outcome.parse(outcome);
    expect(await storedOutcomes(0)).toEqual(outcomes.map((outcome) => JSON.stringify(outcome)));
    const balances = ledger.broker.balances().map((balance) => Balance.parse(balance));
    expect(balances.map(({ account_id, version }) => [account_id, version]).sort()).toEqual([
      ['customer:ACC-0:EUR', 4],
      ['customer:ACC-1:EUR', 4],
      ['customer:ACC-2:EUR', 4],
      ['funding:opening:EUR', 4],
      ['merchant:books-01:EUR', 7],
    ]);
  });

  test('delivered again changes nothing and is dropped, by the same process and by its successor', async () => {
    const first = await ledger.start();
    await deliver(first, ids(1, 10));
    const before = await everything();
    expect((await deliver(first, ids(1, 10))).every(({ kind }) => kind === 'drop')).toBe(true);
    const second = await ledger.start();
    expect((await deliver(second, ids(1, 10))).every(({ kind }) => kind === 'drop')).toBe(true);
    expect(await everything()).toEqual(before);
    await soundLedger();
  });

  test('in which old transactions that memory has forgotten are mixed with new ones commits the new ones alone', async () => {
    const run = await ledger.start({ decidedMax: 20 });
    await deliver(run, ids(1, 30));
    const verdicts = await deliver(run, [...ids(1, 2), ...ids(31, 31), ...ids(3, 3), ...ids(32, 32)], 30);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['drop', 'drop', 'ok', 'drop', 'ok']);
    expect(await rows("SELECT ledger_seq FROM ledger.transactions WHERE transaction_id IN ('t-31', 't-32')")).toHaveLength(2);
    expect(run.failures).toEqual([]);
    await soundLedger();
  });

  test('goes on from the database where memory is kept small', async () => {
    const run = await ledger.start({ keptMax: 1 });
    for (let batch = 0; batch < 5; batch++) await deliver(run, ids(batch * 6 + 1, batch * 6 + 6), batch * 6);
    expect(run.failures).toEqual([]);
    await soundLedger();
  });
});

describe('an input', () => {
  test('may have gaps, where messages could not be read', async () => {
    const run = await ledger.start();
    await deliver(run, ids(1, 3), 0);
    await deliver(run, ids(4, 5), 17);
    expect(await run.writer.startAt('decisions', [0])).toEqual(new Map([[0, 19n]]));
  });

  test('whose log was replaced is read from its new beginning, and what is known from the old one is not decided again', async () => {
    const run = await ledger.start();
    await deliver(run, ids(1, 3), 5_000);
    const verdicts = await deliver(run, [...ids(3, 3), ...ids(4, 5)], 0);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['drop', 'ok', 'ok']);
    expect(await run.writer.startAt('decisions', [0])).toEqual(new Map([[0, 3n]]));
  });
});

describe('a commit', () => {
  test('whose connection breaks before it is written is written once when it is tried again', async () => {
    const { state, pool } = breakable(ledger.postgres.pool);
    const run = await ledger.start({ pool });
    await deliver(run, ids(1, 5));
    state.next = 'lost before';
    await expect(deliver(run, ids(6, 10), 5)).rejects.toThrow('Connection terminated');
    expect(await run.writer.startAt('decisions', [0])).toEqual(new Map([[0, 5n]]));
    await deliver(run, ids(6, 10), 5);
    await published(10);
    expect(ledger.broker.outcomes().map(({ ledger_seq }) => ledger_seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(run.failures).toEqual([]);
    await soundLedger();
  });

  test('whose answer is lost is found to be written, and its outcomes are published all the same', async () => {
    const { state, pool } = breakable(ledger.postgres.pool);
    const run = await ledger.start({ pool });
    state.next = 'lost after';
    await expect(deliver(run, ids(1, 5))).rejects.toThrow('Connection terminated');
    expect(await run.writer.startAt('decisions', [0])).toEqual(new Map([[0, 5n]]));
    await deliver(run, ids(6, 7), 5);
    await published(7);
    expect(ledger.broker.outcomes().map(({ ledger_seq }) => ledger_seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(run.failures).toEqual([]);
    await soundLedger();
  });

  test('is not attempted from memory that may be wrong: after a failure the journal is claimed first', async () => {
    const { state, pool } = breakable(ledger.postgres.pool);
    const run = await ledger.start({ pool });
    state.next = 'lost after';
    await expect(deliver(run, ids(1, 5))).rejects.toThrow('Connection terminated');
    await expect(deliver(run, ids(6, 10), 5)).rejects.toThrow('claimed first');
    expect(run.failures).toEqual([]);
  });

  test('that finds an account changed behind the back of the writer is refused whole and ends the service', async () => {
    const run = await ledger.start();
    await deliver(run, ids(1, 3));
    await ledger.postgres.pool.query(`UPDATE ledger.accounts SET version = version + 1 WHERE id = 'customer:ACC-0:EUR'`);
    const before = await everything();
    await expect(deliver(run, ids(4, 6), 3)).rejects.toThrow('not as the writer remembers');
    expect(run.failures).toHaveLength(1);
    expect(await everything()).toEqual(before);
  });
});

describe('two writers', () => {
  test('that both believe to own the ledger: the older one is fenced, writes nothing and ends', async () => {
    const older = await ledger.start();
    await deliver(older, ids(1, 5));
    const newer = await ledger.start();
    const before = await everything();
    await expect(deliver(older, ids(6, 10), 5)).rejects.toThrow('fenced');
    expect(older.failures).toHaveLength(1);
    expect(await everything()).toEqual(before);
    await deliver(newer, ids(6, 10), 5);
    expect(newer.failures).toEqual([]);
    await soundLedger();
  });

  test('at the same time: every transaction has one effect, whoever wins', async () => {
    const compete = async (run: TestRun) => {
      for (let offset = 0; offset < 60; offset += 6) {
        try {
          await deliver(run, ids(offset + 1, offset + 6), offset);
        } catch {
          await run.writer.startAt('decisions', [0]);
          offset -= 6;
        }
        if (run.failures.length > 1_000) return; // two that are equally fast can fence each other for quite a while
      }
    };
    await Promise.all([compete(await ledger.start()), compete(await ledger.start())]);
    const [count] = await rows<{ n: number }>('SELECT count(*)::int AS n FROM ledger.transactions');
    expect(count?.n).toBe(60);
    await soundLedger();
  });

  test('an input is refused that another writer has moved on', async () => {
    const run = await ledger.start();
    await deliver(run, ids(1, 5));
    await ledger.postgres.pool.query('UPDATE ledger.inputs SET next_offset = 9');
    await expect(deliver(run, ids(6, 7), 5)).rejects.toThrow('not where the writer left it');
  });
});

describe('a crash between commit and publication', () => {
  test('is made up for by the next start: what was not confirmed is published, in order and with the newest balances', async () => {
    const first = await ledger.start();
    await deliver(first, ids(1, 4));
    await published(4);
    for (
      let waitedMs = 0;
      (await rows<{ n: string }>('SELECT published_batch AS n FROM ledger.publication'))[0]?.n !== '1';
      waitedMs += 20
    ) {
      if (waitedMs > 5_000) throw new Error('the position of the publication was not recorded');
      await pause(20);
    }
    ledger.broker.away = true;
    await deliver(first, ids(5, 8), 4);
    await deliver(first, [{ transactionId: 't-9', amountMinor: 9_999_999 }], 8);
    void first.relay.stop(); // the process is gone; what it had in memory is lost
    ledger.broker.messages.length = 0;
    ledger.broker.away = false;
    await ledger.start();
    await published(5);
    expect(
      ledger.broker
        .outcomes()
        .map(({ ledger_seq }) => ledger_seq)
        .slice(-5),
    ).toEqual([5, 6, 7, 8, 9]);
    const stored = await storedOutcomes(1);
    expect(
      ledger.broker
        .outcomes()
        .slice(-5)
        .map((outcome) => JSON.stringify(outcome)),
    ).toEqual(stored);
    const newest = new Map(ledger.broker.balances().map((balance) => [balance.account_id, balance.version]));
    const accounts = await rows<{ id: string; version: string }>('SELECT id, version FROM ledger.accounts WHERE ledger_seq > 4');
    expect(accounts.length).toBeGreaterThan(0);
    for (const { id, version } of accounts) expect(newest.get(id)).toBe(Number(version));
  });
});

describe('the journal', () => {
  test.each([
    'UPDATE ledger.transfers SET amount_minor = 1',
    'DELETE FROM ledger.transfers',
    'TRUNCATE ledger.transfers',
    'DELETE FROM ledger.transactions',
  ])('cannot be changed: %s', async (sql) => {
    await deliver(await ledger.start(), ids(1, 2));
    await expect(ledger.postgres.pool.query(sql)).rejects.toThrow('append-only');
  });

  test('checks limits and counters itself, whatever a writer says', async () => {
    await deliver(await ledger.start(), ids(1, 1));
    const set = (change: string) => ledger.postgres.pool.query(`UPDATE ledger.accounts SET ${change} WHERE id = 'customer:ACC-0:EUR'`);
    await expect(set('debits_posted = 100001')).rejects.toThrow('accounts_within_limit');
    await expect(set('debits_pending = 99001')).rejects.toThrow('accounts_within_limit');
    await expect(set('credits_pending = -1')).rejects.toThrow('accounts_within_limit');
    await expect(set("status = 'melted'")).rejects.toThrow('account_status');
    await expect(set("on_expiry = 'ignore'")).rejects.toThrow('expiry_policy');
    await expect(set("kind = 'bank'")).rejects.toThrow('account_kind');
    await expect(set('overdraft_minor = -1')).rejects.toThrow('overdraft');
    await expect(set('version = 0')).rejects.toThrow('accounts_within_limit');
    await expect(ledger.postgres.pool.query("UPDATE ledger.writer SET last_hash = '\\x00'")).rejects.toThrow('hash');
  });

  test.each(['amount_minor = 0', 'seq = 0', 'credit_account = debit_account'])('takes no transfer with %s', async (change) => {
    await deliver(await ledger.start(), ids(1, 1));
    const inserted = ledger.postgres.pool.query(
      `CREATE TEMP TABLE made AS SELECT * FROM ledger.transfers LIMIT 1; UPDATE made SET ${change};
       INSERT INTO ledger.transfers SELECT * FROM made`,
    );
    await expect(inserted).rejects.toThrow('transfers_move_money');
  });

  test('opens no account in a currency that has no ledger', async () => {
    await deliver(await ledger.start(), ids(1, 1));
    const opened = ledger.postgres.pool.query(
      `INSERT INTO ledger.accounts (number, debits_posted, credits_posted, debits_pending, credits_pending, version, ledger_seq, changed_at,
                                    opened_at, id, kind, currency, status, on_expiry)
       SELECT 1000, 0, 0, 0, 0, 1, ledger_seq, now(), now(), 'customer:ACC-0:XAU', kind, 'XAU', status, on_expiry
         FROM ledger.accounts WHERE id = 'customer:ACC-0:EUR'`,
    );
    await expect(opened).rejects.toThrow('there is no ledger of the currency of account 1000');
  });

  test('takes an input of several partitions, each at its own offset', async () => {
    const run = await ledger.start();
    await run.writer.handle([...messagesOf(ids(1, 2), 40, 0), ...messagesOf(ids(3, 4), 7, 1)], new AbortController().signal);
    expect(await run.writer.startAt('decisions', [0, 1, 2])).toEqual(
      new Map([
        [0, 42n],
        [1, 9n],
      ]),
    );
  });
});
