import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestArchive, type TestArchive } from './open-test-archive.ts';
import { sampleLabel, sampleOutcome } from './sample-outcome.ts';
import { countParkedLabels, tendArchive } from './tend-archive.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.now();
const AGES_DAYS = [1, 20, 40, 80];

let archive: TestArchive;
beforeAll(async () => (archive = await openTestArchive()), 60_000);
afterAll(() => archive.close());

test('what is older than its retention goes with its labels and sums, and everything else stays', async () => {
  const outcomes = AGES_DAYS.map((days) => sampleOutcome({ seq: 100 - days, atMs: NOW_MS - days * DAY_MS }));
  const labels = outcomes.map(({ transaction, ledger_seq }) => {
    const label = sampleLabel({ n: ledger_seq, transactionId: transaction.transaction_id });
    return { ...label, occurred_at: transaction.occurred_at };
  });
  const parked = { ...sampleLabel({ n: 500, transactionId: 'never' }), received_at: new Date(NOW_MS - 40 * DAY_MS).toISOString() };
  await archive.deliver(archive.start(), { outcomes, labels: [...labels, parked] });
  expect(await countParkedLabels(archive.writing.pool)).toBe(1);

  const retention = { retentionDays: 30, rollupRetentionDays: 60 };
  const signal = new AbortController().signal;
  const tended = await tendArchive(archive.writing.pool, retention, { signal, atMs: NOW_MS });
  expect([tended.opened, tended.dropped]).toEqual([8, 2]);
  expect(await countParkedLabels(archive.writing.pool)).toBe(0);
  const count = async (what: string) => {
    const { rows } = await archive.postgres.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM review.${what}`);
    return rows[0]?.count;
  };
  expect(await count('decisions')).toBe(2);
  expect(await count('labels')).toBe(2);
  for (const table of ['rollup', 'rollup_latency', 'rollup_reason']) {
    expect([table, await count(`${table} WHERE merchant_id <> '' AND span = 1 AND begins < now() - interval '32 days'`)]).toEqual([
      table,
      0,
    ]);
  }
  expect(await count(`rollup WHERE merchant_id <> '' AND span = 1`)).toBe(2);
  expect(await count(`rollup WHERE merchant_id <> '' AND span = 1440`)).toBe(3);
  expect(await tendArchive(archive.writing.pool, retention, { signal, atMs: NOW_MS })).toEqual({ opened: 0, dropped: 0, deleted: 0 });
}, 60_000);
