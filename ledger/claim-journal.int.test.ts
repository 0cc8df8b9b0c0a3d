import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pause } from '@trancendos/platform/clock';
import { claimJournal } from './claim-journal.ts';
import { commitBatch } from './commit-batch.ts';
import { inputName } from './journal.ts';
import { openTestLedger, type TestLedger } from './open-test-ledger.ts';

let ledger: TestLedger;
beforeEach(async () => (ledger = await openTestLedger()));
afterEach(() => ledger.close());

const input = { topic: 'decisions.v1', partition: 0, nextOffset: 7n };
const nothing = { results: [], outcomes: [], transfers: [], accounts: new Map(), committedAt: '2026-05-01T12:00:00.000Z' };

describe('claiming the journal', () => {
  test('waits for a commit that is still under way, and then knows of it', async () => {
    const journal = await claimJournal(ledger.postgres.pool);
    const lost = await ledger.postgres.pool.connect();
    await lost.query('BEGIN');
    await commitBatch(lost, { journal, inputs: [input], effects: nothing, bodies: [] });
    let claimed = false;
    const claim = claimJournal(ledger.postgres.pool).finally(() => (claimed = true));
    await pause(100);
    expect(claimed).toBe(false);
    await lost.query('COMMIT');
    lost.release();
    const { epoch, nextOffsets } = await claim;
    expect(epoch).toBe(journal.epoch + 1);
    expect(nextOffsets.get(inputName(input))).toEqual(input);
  });

  test('shuts out a commit that had not begun: it can only fail', async () => {
    const journal = await claimJournal(ledger.postgres.pool);
    await claimJournal(ledger.postgres.pool);
    const late = commitBatch(ledger.postgres.pool, { journal, inputs: [input], effects: nothing, bodies: [] });
    await expect(late).rejects.toMatchObject({ code: 'LG001' });
  });
});
