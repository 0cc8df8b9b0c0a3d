import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pause } from '@trancendos/platform/clock';
import { claimJournal } from './claim-journal.ts';
import { applyBatch } from './apply-batch.ts';
import { commitBatch, encodeCommit } from './commit-batch.ts';
import type { Journal } from './journal.ts';
import { emptyState } from './ledger-state.ts';
import { openTestLedger, TEST_POLICY, type TestLedger } from './open-test-ledger.ts';
import { SAMPLE_AT_MS, sampleEntry } from './sample-decision.ts';
import { sealBatch } from './seal-batch.ts';

let ledger: TestLedger;
beforeEach(async () => (ledger = await openTestLedger()));
afterEach(() => ledger.close());

/** The commit of one decision, at offset 6 of its input, as a writer would send it. */
function commitOf(journal: Journal) {
  const state = emptyState({ ...journal, decidedMax: 10 });
  const entries = [sampleEntry({ transactionId: 't-1' }, 6)];
  const effects = applyBatch(state, { entries, committedAtMs: SAMPLE_AT_MS, takenAtMs: SAMPLE_AT_MS }, TEST_POLICY);
  return encodeCommit(sealBatch(journal, entries, effects, state));
}

describe('claiming the journal', () => {
  test('waits for a commit that is still under way, and then knows of it', async () => {
    const journal = await claimJournal(ledger.postgres.pool);
    const lost = await ledger.postgres.pool.connect();
    await lost.query('BEGIN');
    await commitBatch(lost, commitOf(journal));
    let claimed = false;
    const claim = claimJournal(ledger.postgres.pool).finally(() => (claimed = true));
    await pause(100);
    expect(claimed).toBe(false);
    await lost.query('COMMIT');
    lost.release();
    const { epoch, lastSeq, lastBatchSeq, inputs } = await claim;
    expect(epoch).toBe(journal.epoch + 1);
    expect([lastSeq, lastBatchSeq]).toEqual([1, 1]);
    expect(inputs.get('decisions.v1/0')).toEqual({ number: 1, topic: 'decisions.v1', partition: 0, nextOffset: 7n });
  });

  test('shuts out a commit that had not begun: it can only fail', async () => {
    const journal = await claimJournal(ledger.postgres.pool);
    await claimJournal(ledger.postgres.pool);
    const late = commitBatch(ledger.postgres.pool, commitOf(journal));
    await expect(late).rejects.toMatchObject({ code: 'LG001' });
  });
});
