import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MISMATCH_KINDS, type MismatchKind } from './mismatch.ts';
import { command, deliver, openTestLedger, type TestLedger } from './open-test-ledger.ts';
import { openReads } from './ledger-reads.ts';
import { sampleCommand } from './sample-command.ts';
import { verifyLedger, type VerifyOptions, type VerifyReport } from './verify-ledger.ts';

let ledger: TestLedger;
let captureId: string;

beforeAll(async () => {
  ledger = await openTestLedger();
  const run = await ledger.start();
  const reads = openReads({ pool: ledger.postgres.pool, reportPool: ledger.postgres.pool, cache: undefined });
  await deliver(run, [
    { transactionId: 't-1' },
    { transactionId: 't-2', action: 'review' },
    { transactionId: 't-3', currency: 'JPY', payer: { card_token: 'tok-1' } },
    { transactionId: 't-4', action: 'decline' },
  ]);
  const hold_id = (await reads.trail('books-01', 't-2'))!.hold!.hold_id;
  await command(run, [sampleCommand(1, { kind: 'capture', hold_id, amount_minor: 600 })], 0);
  captureId = (await reads.trail('books-01', 't-2'))!.transfers.find(({ kind }) => kind === 'capture')!.transfer_id;
  await command(run, [sampleCommand(2, { kind: 'reverse', transfer_id: captureId, amount_minor: 100 })], 1);
  await deliver(run, [{ transactionId: 't-5' }, { transactionId: 't-6', action: 'review' }], 4);
}, 60_000);
afterAll(() => ledger.close());

/** Damages the tables as no writer could (append-only triggers are passed by), verifies, and takes it back. */
async function verifyDamaged(damages: readonly string[], options: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  const client = await ledger.postgres.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    for (const sql of damages) await client.query(sql);
    return await verifyLedger({ client, ...options });
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const kindsOf = ({ mismatches }: VerifyReport) => Object.keys(mismatches).sort();

test('what the writer has written verifies, to the last hash', async () => {
  const progress: number[] = [];
  const report = await verifyDamaged([], { onProgress: (done) => void progress.push(done) });
  expect(report.found).toEqual([]);
  expect(report).toMatchObject({ mismatches: {}, batches: 4, transfers: 9, accounts: 5 });
  expect(progress.at(-1)).toBe(9);
  const { rows } = await ledger.postgres.pool.query<{ last_hash: Buffer }>('SELECT last_hash FROM ledger.writer');
  expect(report.headHash).toBe(rows[0]?.last_hash.toString('hex'));
});

test('an empty ledger verifies', async () => {
  const empty = await openTestLedger();
  try {
    const report = await empty.postgres.inTransaction((client) => verifyLedger({ client }));
    expect(report).toMatchObject({ mismatches: {}, batches: 0, transfers: 0, accounts: 0 });
  } finally {
    await empty.close();
  }
});

/** What is done to the tables, and every kind that has to be found then: no more, no fewer. */
const DAMAGES: readonly (readonly [string, readonly MismatchKind[]])[] = [
  // Somebody makes a payment larger: the hash tells, and the counters do not follow.
  ['UPDATE ledger.transfers SET amount_minor = amount_minor + 1 WHERE seq = 2', ['BALANCE_MISMATCH', 'HASH_MISMATCH']],
  // And mends the counters of that transfer, but not those after it.
  [
    `UPDATE ledger.transfers SET amount_minor = amount_minor + 1, debtor_debits_posted = debtor_debits_posted + 1,
            creditor_credits_posted = creditor_credits_posted + 1 WHERE seq = 2`,
    ['BALANCE_MISMATCH', 'HASH_MISMATCH'],
  ],
  ["UPDATE ledger.transfers SET decision_id = '0198a000-0000-7000-8000-000000000001' WHERE seq = 2", ['HASH_MISMATCH']],
  ["UPDATE ledger.transfers SET effective_at = effective_at + interval '1 ms' WHERE seq = 2", ['HASH_MISMATCH']],
  ["UPDATE ledger.causes SET model = 'another' WHERE model IS NOT NULL", ['HASH_MISMATCH']],
  ['UPDATE ledger.transfers SET debtor_version = 1 WHERE seq = 5', ['HASH_MISMATCH', 'VERSION_MISMATCH']],
  ["UPDATE ledger.transfers SET committed_at = committed_at - interval '1 s' WHERE seq = 2", ['HASH_MISMATCH', 'TIME_BACKWARDS']],
  [
    "UPDATE ledger.transfers SET credit_account = (SELECT number FROM ledger.accounts WHERE currency = 'JPY' AND kind = 'merchant') WHERE seq = 2",
    ['BALANCE_MISMATCH', 'CURRENCY_MISMATCH', 'HASH_MISMATCH', 'VERSION_MISMATCH'],
  ],
  // Money from nowhere: the last movement of an account, in its counters and in the account alike.
  [
    `WITH last AS (SELECT seq, credit_account FROM ledger.transfers AS t
                    WHERE NOT EXISTS (SELECT 1 FROM ledger.transfers AS later WHERE later.seq > t.seq
                                        AND t.credit_account IN (later.debit_account, later.credit_account)) ORDER BY seq DESC LIMIT 1),
          richer AS (UPDATE ledger.transfers SET creditor_credits_posted = creditor_credits_posted + 5 FROM last WHERE transfers.seq = last.seq)
     UPDATE ledger.accounts SET credits_posted = credits_posted + 5 FROM last WHERE number = last.credit_account`,
    ['BALANCE_MISMATCH', 'HASH_MISMATCH', 'IMBALANCE'],
  ],
  ['UPDATE ledger.batches SET entries = entries + 1 WHERE seq = 2', ['HASH_MISMATCH', 'SEQUENCE_GAP']],
  ["UPDATE ledger.batches SET merkle_root = decode(repeat('11', 32), 'hex') WHERE seq = 2", ['HASH_MISMATCH']],
  ["UPDATE ledger.batches SET blocks = decode(repeat('11', 32), 'hex') WHERE seq = 2", ['HASH_MISMATCH']],
  ["UPDATE ledger.batches SET hash = decode(repeat('11', 32), 'hex') WHERE seq = 2", ['CHAIN_MISMATCH', 'HASH_MISMATCH']],
  ["UPDATE ledger.batches SET hash = decode(repeat('11', 32), 'hex') WHERE seq = 4", ['CHAIN_MISMATCH', 'HASH_MISMATCH']],
  ["UPDATE ledger.batches SET committed_at = committed_at + interval '1 day' WHERE seq = 2", ['HASH_MISMATCH', 'TIME_BACKWARDS']],
  ["UPDATE ledger.writer SET last_hash = decode(repeat('11', 32), 'hex')", ['CHAIN_MISMATCH']],
  ['UPDATE ledger.writer SET last_transfer_seq = last_transfer_seq + 1', ['SEQUENCE_GAP']],
  ["UPDATE ledger.accounts SET credits_posted = credits_posted + 1 WHERE kind = 'merchant' AND currency = 'EUR'", ['ACCOUNT_MISMATCH']],
  ["UPDATE ledger.accounts SET version = 1 WHERE kind = 'merchant' AND currency = 'EUR'", ['VERSION_MISMATCH']],
  ["DELETE FROM ledger.transactions WHERE transaction_id = 't-4'", ['SEQUENCE_GAP']],
  ["DELETE FROM ledger.transactions WHERE transaction_id = 't-1'", ['REFERENCE_MISSING']],
  ["DELETE FROM ledger.causes WHERE actor = 'luminous'", ['HASH_MISMATCH', 'REFERENCE_MISSING']],
  ["UPDATE ledger.transfers SET related_to = id WHERE kind = 'capture'", ['HASH_MISMATCH', 'HOLD_MISMATCH', 'REFERENCE_MISSING']],
  ['UPDATE ledger.holds SET remaining_minor = remaining_minor - 1 WHERE remaining_minor > 0', ['HOLD_MISMATCH']],
  ["UPDATE ledger.holds SET captured_minor = captured_minor - 1 WHERE status = 'captured'", ['HOLD_MISMATCH']],
  ["DELETE FROM ledger.holds WHERE status = 'open'", ['HOLD_MISMATCH']],
  ['UPDATE ledger.reversals SET reversed_minor = reversed_minor + 1', ['REVERSAL_MISMATCH']],
  ['DELETE FROM ledger.reversals', ['REVERSAL_MISMATCH']],
  ['UPDATE ledger.inputs SET next_offset = next_offset + 1', ['INPUT_MISMATCH']],
];

describe('what was done behind the ledger’s back is found and named', () => {
  test.each(DAMAGES)('%s', async (sql, expected) => {
    expect(kindsOf(await verifyDamaged([sql]))).toEqual([...expected].sort());
  });

  test('of every kind that there is', () => {
    expect([...new Set(DAMAGES.flatMap(([, kinds]) => kinds))].sort()).toEqual(Object.keys(MISMATCH_KINDS).sort());
  });

  test('a transfer that is gone', async () => {
    const report = await verifyDamaged(['DELETE FROM ledger.transfers WHERE seq = 2']);
    expect(kindsOf(report)).toEqual(expect.arrayContaining(['BALANCE_MISMATCH', 'HASH_MISMATCH', 'SEQUENCE_GAP']));
    expect(report.found).toContainEqual({ kind: 'SEQUENCE_GAP', where: 'transfer 3', detail: 'comes after transfer 1' });
  });

  test('a batch that is gone, with everything in it', async () => {
    const report = await verifyDamaged([
      'DELETE FROM ledger.transfers WHERE seq = (SELECT first_transfer_seq FROM ledger.batches WHERE seq = 3)',
      'DELETE FROM ledger.batches WHERE seq = 3',
    ]);
    expect(kindsOf(report)).toEqual(expect.arrayContaining(['CHAIN_MISMATCH', 'SEQUENCE_GAP', 'BALANCE_MISMATCH']));
  });

  test.each([2, 10])('a transfer that somebody has added as number %d with all its counters right', async (seq) => {
    const added = JSON.stringify({ id: '0198a000-0000-8000-8000-000000000009', seq });
    const report = await verifyDamaged([
      `INSERT INTO ledger.transfers
       SELECT (jsonb_populate_record(transfer, '${added}')).* FROM ledger.transfers AS transfer WHERE seq = 9`,
    ]);
    expect(report.mismatches.SEQUENCE_GAP).toBeGreaterThan(0);
  });

  test('every fault is counted, though only the first are told', async () => {
    const report = await verifyDamaged(['UPDATE ledger.transfers SET score = 999'], { mismatchesMax: 2 });
    expect(report.found).toHaveLength(2);
    expect(report.mismatches.HASH_MISMATCH).toBe(4);
  });
});
