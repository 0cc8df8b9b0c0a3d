import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ArchivedDecision } from '@trancendos/contracts/archive';
import { Decision } from '@trancendos/contracts/decision';
import { openTestArchive, type TestArchive } from './open-test-archive.ts';
import { sampleLabel, sampleOutcome } from './sample-outcome.ts';

const DAY_MS = 86_400_000;
const OK = { kind: 'ok' };
const KNOWN = { kind: 'drop', reason: 'archived before' };

let archive: TestArchive;
beforeAll(async () => (archive = await openTestArchive()), 60_000);
afterAll(() => archive.close());

const find = async (transactionId: string) => {
  const found = await archive.reads.transaction('books-01', transactionId);
  return found && ArchivedDecision.parse(found);
};
async function sums(): Promise<unknown[]> {
  const { rows } = await archive.postgres.pool.query<object>(
    'SELECT * FROM review.rollup ORDER BY span, begins, merchant_id, action, model, currency',
  );
  return rows;
}

describe('a decision', () => {
  test('is kept whole, and found by its id and by its transaction', async () => {
    const outcome = sampleOutcome({ seq: 1, payer: { card_token: 'tok-1' }, terminalId: 'T-1', degraded: true, reasons: ['a_b', 'c_d'] });
    expect(await archive.deliver(archive.start(), { outcomes: [outcome] })).toEqual([OK]);
    const found = { outcome, label: null, measured_fraud: null, labels: [], late_decisions: [] };
    expect(await find('tx-1')).toEqual(found);
    expect(await archive.reads.decision(outcome.decision_id)).toEqual(found);
    expect(await archive.reads.decision('dec_0198a000-0000-7000-8000-00000000ffff')).toBeUndefined();
    expect(await archive.reads.transaction('other-01', 'tx-1')).toBeUndefined();
  });

  test('is archived and counted once, however often and however mixed it is delivered', async () => {
    const archivist = archive.start();
    const [first, second, third] = [11, 12, 13].map((seq) => sampleOutcome({ seq })) as [never, never, never];
    await archive.deliver(archivist, { outcomes: [first, second] });
    const before = await sums();
    expect(await archive.deliver(archivist, { outcomes: [first, second] })).toEqual([KNOWN, KNOWN]);
    expect(await sums()).toEqual(before);
    expect(await archive.deliver(archive.start(), { outcomes: [second, third, third] })).toEqual([KNOWN, OK, KNOWN]);
    expect(await archive.deliver(archive.start(), { outcomes: [first, second, third] })).toEqual([KNOWN, KNOWN, KNOWN]);
    const { rows } = await archive.postgres.pool.query<{ decisions: string }>(
      `SELECT sum(decisions) AS decisions FROM review.rollup WHERE span = 1440 AND merchant_id = 'books-01'`,
    );
    const kept = await archive.postgres.pool.query(`SELECT FROM review.decisions WHERE merchant_id = 'books-01'`);
    expect(Number(rows[0]?.decisions)).toBe(kept.rowCount);
  });

  test('whose commit was not confirmed is recognised when it comes again', async () => {
    const outcome = sampleOutcome({ seq: 21 });
    const deaf = { ...archive.store, write: async (batch: never) => Promise.reject(new Error(await archive.store.write(batch))) };
    await expect(archive.deliver(archive.start(deaf), { outcomes: [outcome] })).rejects.toThrow('written');
    expect(await archive.deliver(archive.start(), { outcomes: [outcome] })).toEqual([KNOWN]);
  });

  test('is archived by one of two processes that are given the same batch at once', async () => {
    const outcomes = Array.from({ length: 50 }, (_, index) => sampleOutcome({ seq: 100 + index, merchantId: 'twice-01' }));
    const given = { outcomes, labels: [sampleLabel({ n: 900, transactionId: 'tx-100', merchantId: 'twice-01' })] };
    const verdicts = await Promise.all([archive.deliver(archive.start(), given), archive.deliver(archive.start(), given)]);
    expect(verdicts.flat().filter(({ kind }) => kind === 'drop')).toHaveLength(50);
    const { rows } = await archive.postgres.pool.query(
      `SELECT sum(decisions)::int AS decisions, sum(frauds)::int AS frauds FROM review.rollup WHERE span = 60 AND merchant_id = 'twice-01'`,
    );
    expect(rows).toEqual([{ decisions: 50, frauds: 1 }]);
  });

  test('of a day long past is archived in a partition that is opened for it, and one that is older than what is kept is not', async () => {
    const past = sampleOutcome({ seq: 31, atMs: Date.now() - 60 * DAY_MS });
    const older = sampleOutcome({ seq: 32, atMs: Date.now() - 92 * DAY_MS });
    const ahead = sampleOutcome({ seq: 33, atMs: Date.now() + 3 * DAY_MS });
    expect((await archive.deliver(archive.start(), { outcomes: [past, older, ahead] })).map(({ kind }) => kind)).toEqual([
      'ok',
      'drop',
      'reject',
    ]);
    expect((await find('tx-31'))?.outcome).toEqual(past);
    expect(await find('tx-32')).toBeUndefined();
  });

  test('shows those that came too late for it', async () => {
    const outcome = sampleOutcome({ seq: 41, actor: 'policy', model: null });
    const { money, ledger_seq, committed_at, ...decision } = sampleOutcome({ seq: 42, transactionId: 'tx-41', action: 'decline' });
    expect([money.state, ledger_seq, committed_at.length]).toEqual(['none', 42, 24]);
    const late = Decision.parse(decision);
    await archive.deliver(archive.start(), { outcomes: [outcome], lateDecisions: [late, late] });
    await archive.deliver(archive.start(), { lateDecisions: [late] });
    expect((await find('tx-41'))?.late_decisions).toEqual([late]);
  });
});

describe('a label', () => {
  test('holds when it is the last, whatever the order in which labels are delivered; the history says what corrects what', async () => {
    const [early, chargeback, won] = [
      sampleLabel({ n: 1, transactionId: 'tx-201', source: 'network', kind: 'early_warning', maturity: 'provisional' }),
      sampleLabel({ n: 2, transactionId: 'tx-201', source: 'bank', kind: 'chargeback' }),
      sampleLabel({ n: 3, transactionId: 'tx-201', fraud: false, kind: 'dispute_won' }),
    ] as const;
    const archivist = archive.start();
    await archive.deliver(archivist, { outcomes: [sampleOutcome({ seq: 201 })], labels: [early] });
    expect(await find('tx-201')).toMatchObject({ label: { kind: 'early_warning' }, measured_fraud: null });
    await archive.deliver(archivist, { labels: [won] });
    expect(await find('tx-201')).toMatchObject({ label: { kind: 'dispute_won' }, measured_fraud: false });
    await archive.deliver(archivist, { labels: [chargeback, early] });
    const found = await find('tx-201');
    expect(found).toMatchObject({ label: { kind: 'dispute_won', corrects: chargeback.label_id }, measured_fraud: false });
    expect(found?.labels.map(({ kind, corrects }) => [kind, corrects])).toEqual([
      ['dispute_won', chargeback.label_id],
      ['chargeback', null],
      ['early_warning', null],
    ]);
  });

  test('that comes before its decision waits for it', async () => {
    const archivist = archive.start();
    await archive.deliver(archivist, {
      labels: [sampleLabel({ n: 11, transactionId: 'tx-211' }), sampleLabel({ n: 12, transactionId: 'no-such' })],
    });
    expect(await find('tx-211')).toBeUndefined();
    await archive.deliver(archivist, { outcomes: [sampleOutcome({ seq: 211 })] });
    expect(await find('tx-211')).toMatchObject({ label: { fraud: true }, measured_fraud: true });
  });
});
