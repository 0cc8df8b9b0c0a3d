import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pause } from '@trancendos/platform/clock';
import type pg from 'pg';
import { applyBatch } from './apply-batch.ts';
import { checkInvariants } from './check-invariants.ts';
import { claimJournal } from './claim-journal.ts';
import { commitBatch, encodeCommit } from './commit-batch.ts';
import type { Journal } from './journal.ts';
import { emptyState } from './ledger-state.ts';
import { deliver, openTestLedger, TEST_POLICY, type TestLedger } from './open-test-ledger.ts';
import { SAMPLE_AT_MS, sampleEntry, type Sample } from './sample-decision.ts';
import { sealBatch, type SealedBatch } from './seal-batch.ts';

let ledger: TestLedger;
let blocker: pg.PoolClient;
beforeEach(async () => {
  ledger = await openTestLedger();
  blocker = await ledger.postgres.pool.connect();
  await blocker.query('BEGIN');
});
afterEach(async () => {
  await blocker.query('ROLLBACK');
  blocker.release();
  await ledger.close();
});

const samples = (from: number, to: number): Sample[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ transactionId: `t-${from + index}` }));

/** Stands where a commit comes by before it has inserted anything, or just before it is its turn. */
const block = {
  insert: () =>
    blocker.query(`INSERT INTO ledger.transactions (merchant_id, transaction_id, ledger_seq, committed_at, decision_id, action)
                   VALUES ('books-01', 't-2', 1000000, now(), 'dec', 'decline')`),
  turn: () => blocker.query('SELECT FROM ledger.writer FOR UPDATE'),
};

/** Resolves when that many commits wait for each of these locks. */
async function commitsWait(...locks: string[]): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 10) {
    const { rows } = await ledger.postgres.pool.query<{ wait_event: string }>(
      `SELECT wait_event FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%commit_batch%' ORDER BY wait_event`,
    );
    const waits = rows.map(({ wait_event }) => wait_event);
    if (JSON.stringify(waits) === JSON.stringify(locks)) return;
    if (waitedMs > 5_000) throw new Error(`commits wait for ${JSON.stringify(waits)}`);
    await pause(10);
  }
}

async function column<T>(sql: string): Promise<T[]> {
  const { rows } = await ledger.postgres.pool.query<{ value: T }>(sql);
  return rows.map(({ value }) => value);
}

const committed = () =>
  column<string>('SELECT transaction_id AS value FROM ledger.transactions WHERE ledger_seq < 1000000 ORDER BY ledger_seq');

/** Batches of one decision each, the second on the first, as a writer would send them. */
function batchesOn(journal: Journal): [SealedBatch, SealedBatch] {
  const state = emptyState({ ...journal, decidedMax: 10 });
  const build = (before: Journal, transactionId: string, offset: number) => {
    const entries = [sampleEntry({ transactionId }, offset)];
    const effects = applyBatch(state, { entries, committedAtMs: SAMPLE_AT_MS, takenAtMs: SAMPLE_AT_MS }, TEST_POLICY);
    return sealBatch(before, entries, effects, state);
  };
  const first = build(journal, 't-1', 0);
  return [first, build(first.after, 't-2', 1)];
}

describe('two batches under way at once', () => {
  test('are committed and answered in order, however far the second has come meanwhile', async () => {
    const run = await ledger.start({ aheadMin: 1 });
    await block.turn();
    const answered: string[] = [];
    const first = deliver(run, samples(1, 3)).then(() => answered.push('first'));
    const second = deliver(run, samples(4, 5), 3).then(() => answered.push('second'));
    await commitsWait('advisory', 'transactionid');
    expect(await committed()).toEqual([]);
    await blocker.query('ROLLBACK');
    await Promise.all([first, second]);
    expect(answered).toEqual(['first', 'second']);
    expect(await committed()).toEqual(['t-1', 't-2', 't-3', 't-4', 't-5']);
    expect(await column('SELECT entries AS value FROM ledger.batches ORDER BY seq')).toEqual([3, 2]);
    expect((await checkInvariants(ledger.postgres.pool)).checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  test('are both decided again, in their order, where the first names something that is known already', async () => {
    const run = await ledger.start({ aheadMin: 1 });
    await block.insert();
    const first = deliver(run, samples(1, 3));
    const second = deliver(run, samples(4, 5), 3);
    await commitsWait('advisory', 'transactionid');
    const third = deliver(run, samples(6, 7), 5);
    await blocker.query('COMMIT');
    expect((await first).map(({ kind }) => kind)).toEqual(['ok', 'drop', 'ok']);
    expect([...(await second), ...(await third)].map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(await committed()).toEqual(['t-1', 't-3', 't-4', 't-5', 't-6', 't-7']);
    expect(run.failures).toEqual([]);
    expect(await run.writer.startAt('decisions', [0])).toEqual(new Map([[0, 7n]]));
  });

  test('are both given up where the connection of the first breaks, and are written once when they come again', async () => {
    const run = await ledger.start({ aheadMin: 1 });
    await block.turn();
    const both = Promise.allSettled([deliver(run, samples(1, 3)), deliver(run, samples(4, 5), 3)]);
    await commitsWait('advisory', 'transactionid');
    await ledger.postgres.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%commit_batch%' AND wait_event = 'transactionid'`,
    );
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await blocker.query('ROLLBACK');
    expect(await run.writer.startAt('decisions', [0])).toEqual(new Map());
    await Promise.all([deliver(run, samples(1, 3)), deliver(run, samples(4, 5), 3)]);
    expect(await committed()).toEqual(['t-1', 't-2', 't-3', 't-4', 't-5']);
    expect(run.failures).toEqual([]);
  });
});

describe('a batch', () => {
  test('whose predecessor was never sent is refused after a moment, and nothing of it is written', async () => {
    const [, second] = batchesOn(await claimJournal(ledger.postgres.pool));
    await expect(commitBatch(ledger.postgres.pool, encodeCommit(second))).rejects.toMatchObject({ code: '40001' });
    expect(await committed()).toEqual([]);
  });

  test('that is sent before its predecessor waits for it', async () => {
    const [first, second] = batchesOn(await claimJournal(ledger.postgres.pool));
    const early = commitBatch(ledger.postgres.pool, encodeCommit(second));
    await pause(100);
    await commitBatch(ledger.postgres.pool, encodeCommit(first));
    await early;
    expect(await committed()).toEqual(['t-1', 't-2']);
  });

  test('that is still being inserted when another writer takes over is waited for, and refused', async () => {
    const [, second] = batchesOn(await claimJournal(ledger.postgres.pool));
    await block.insert();
    const late = expect(commitBatch(ledger.postgres.pool, encodeCommit(second))).rejects.toMatchObject({ code: 'LG001' });
    await commitsWait('transactionid');
    let claimed = false;
    const claim = claimJournal(ledger.postgres.pool).finally(() => (claimed = true));
    await pause(100);
    expect(claimed).toBe(false);
    await blocker.query('ROLLBACK');
    await late;
    expect((await claim).lastBatchSeq).toBe(0);
  });
});
