import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkInvariants } from './check-invariants.ts';
import { deliver, openTestLedger, type TestLedger } from './open-test-ledger.ts';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openTestLedger();
  await deliver(await ledger.start(), [
    { transactionId: 't-1' },
    { transactionId: 't-2', action: 'review' },
    { transactionId: 't-3', currency: 'JPY', payer: { card_token: 'tok-1' } },
    { transactionId: 't-4', action: 'decline' },
  ]);
}, 60_000);
afterAll(() => ledger.close());

/** Damages the tables as no writer could (append-only triggers are passed by), names what does not hold then, and takes it back. */
async function brokenBy(sql: string): Promise<string[]> {
  const client = await ledger.postgres.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    if (sql !== '') await client.query(sql);
    const { ok, checks } = await checkInvariants(client);
    const names = checks.filter((check) => !check.ok).map(({ name }) => name);
    expect(ok).toBe(names.length === 0);
    return names;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

describe('the invariants', () => {
  test('hold of what the writer has written', async () => {
    expect(await brokenBy('')).toEqual([]);
  });

  test.each([
    [
      "UPDATE ledger.accounts SET credits_posted = credits_posted + 1 WHERE kind = 'merchant'",
      ['debits_equal_credits', 'counters_are_sums_of_transfers'],
    ],
    [
      "UPDATE ledger.accounts SET debits_posted = debits_posted + 1, credits_posted = credits_posted + 1 WHERE currency = 'JPY'",
      ['counters_are_sums_of_transfers'],
    ],
    ["UPDATE ledger.transfers SET amount_minor = amount_minor + 1 WHERE kind = 'hold'", ['counters_are_sums_of_transfers']],
    [
      "DELETE FROM ledger.transfers WHERE kind = 'post' AND debit_account = (SELECT number FROM ledger.accounts WHERE kind = 'clearing')",
      ['counters_are_sums_of_transfers', 'transfers_are_gapless'],
    ],
    ["DELETE FROM ledger.accounts WHERE currency = 'JPY'", ['counters_are_sums_of_transfers']],
    ["DELETE FROM ledger.transactions WHERE transaction_id = 't-4'", ['entries_are_gapless']],
    ["DELETE FROM ledger.transactions WHERE transaction_id = 't-2'", ['decisions_are_kept']],
    ["UPDATE ledger.batches SET hash = decode(repeat('11', 32), 'hex')", ['batches_are_chained']],
    ['UPDATE ledger.inputs SET next_offset = next_offset + 1', ['inputs_are_taken_in']],
    ['UPDATE ledger.holds SET remaining_minor = 1', ['holds_are_pending_debits']],
    ["UPDATE ledger.holds SET expires_at = now() - interval '2 minutes'", ['no_hold_past_expiry']],
  ])('name what is wrong after: %s', async (sql, expected) => {
    expect(await brokenBy(sql)).toEqual(expected);
  });
});
