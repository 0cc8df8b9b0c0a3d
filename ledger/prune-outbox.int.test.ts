import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { deliver, openTestLedger, type TestLedger } from './open-test-ledger.ts';
import { pruneOutbox } from './prune-outbox.ts';

let ledger: TestLedger;
beforeEach(async () => (ledger = await openTestLedger()));
afterEach(() => ledger.close());

const signal = new AbortController().signal;

async function kept(): Promise<number[]> {
  const { rows } = await ledger.postgres.pool.query<{ seq: number }>('SELECT batch_seq::int AS seq FROM ledger.outbox ORDER BY 1');
  return rows.map(({ seq }) => seq);
}

describe('pruning the outbox', () => {
  test('removes what is old and published, piece by piece, and keeps what may have to be published again', async () => {
    ledger.broker.away = true;
    const run = await ledger.start();
    for (let index = 0; index < 10; index++) await deliver(run, [{ transactionId: `t-${index}` }], index);
    const { pool } = ledger.postgres;
    await pool.query('UPDATE ledger.publication SET published_batch = 7');
    await pool.query(`UPDATE ledger.outbox SET committed_at = '2026-01-01' WHERE batch_seq <> 7`);
    const beforeMs = Date.parse('2026-02-01');
    expect(await pruneOutbox({ pool, beforeMs, signal, pieceMax: 2 })).toBe(6);
    expect(await kept()).toEqual([7, 8, 9, 10]);
    expect(await pruneOutbox({ pool, beforeMs, signal })).toBe(0);
  });
});
