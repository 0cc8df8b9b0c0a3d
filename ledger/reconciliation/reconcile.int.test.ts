import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ReconciliationReport, SettlementFile, SettlementLine } from '@trancendos/contracts/reconciliation';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { z } from 'zod';
import { command, deliver, openTestLedger, type TestLedger, type TestRun } from '../open-test-ledger.ts';
import { sampleCommand, sampleCommandId } from '../sample-command.ts';
import { SAMPLE_AT_MS } from '../sample-decision.ts';
import { importSettlement, type ImportResult } from './import-settlement.ts';
import { matchAccount } from './match-account.ts';
import { readReconciliationReport } from './read-reconciliation-report.ts';
import { readSettlementLinesOf } from './read-settlement-files.ts';

const SHOP = 'merchant:books-01:EUR';
const DAY_MS = 86_400_000;
const dayOf = (days: number) => new Date(SAMPLE_AT_MS + days * DAY_MS).toISOString().slice(0, 10);

let ledger: TestLedger;
let run: TestRun;
/** With no more rights than whoever reconciles has. */
let reconciling: Postgres;
let clockMs = SAMPLE_AT_MS;

beforeAll(async () => {
  ledger = await openTestLedger();
  run = await ledger.start({ clock: () => clockMs });
  const url = new URL(String(ledger.postgres.pool.options.connectionString));
  url.searchParams.set('options', '-c role=ledger_reconciler');
  reconciling = await connectPostgres({ url: url.href, applicationName: 'test-reconciler' });
  await deliver(run, [
    { transactionId: 't-1', amountMinor: 1_000 },
    { transactionId: 't-2', amountMinor: 2_000 },
    { transactionId: 't-3', amountMinor: 3_000 },
    { transactionId: 't-4', amountMinor: 400, action: 'review' },
  ]);
  clockMs += DAY_MS;
  await deliver(run, [{ transactionId: 't-5', amountMinor: 50 }], 4);
}, 60_000);
afterAll(async () => {
  await reconciling.stop();
  await ledger.close();
});

async function importFile(csv: string, accountId = SHOP): Promise<ImportResult> {
  async function* body() {
    yield await Promise.resolve(Buffer.from(csv));
  }
  return importSettlement(reconciling, { accountId, name: 'may.csv', windowDays: 3, body: body(), nowMs: SAMPLE_AT_MS + 10 * DAY_MS });
}

async function imported(csv: string): Promise<SettlementFile> {
  const result = await importFile(csv);
  if (result.kind !== 'imported') throw new Error(JSON.stringify(result));
  return SettlementFile.parse(result.file);
}

const FILE =
  'date,amount,reference\n' + `${dayOf(1)},10.00,t-1\n` + `${dayOf(1)},19.99,t-2\n` + `${dayOf(2)},30.00,\n` + `${dayOf(2)},7.77,t-9\n`;

let file: SettlementFile;

describe('a settlement file', () => {
  test('is imported whole, and its lines stand for the transfers that they are', async () => {
    file = await imported(FILE);
    expect(file).toMatchObject({
      account_id: SHOP,
      lines: 4,
      matched_lines: 2,
      matched_minor: '4000',
      unmatched_minor: '2776',
      repeated: false,
    });
    const lines = z.array(SettlementLine).parse(await readSettlementLinesOf(reconciling.pool, file.file_id, { limit: 10 }));
    expect(lines.map(({ line, rule, unmatched_reason, transfer_ids }) => [line, rule, unmatched_reason, transfer_ids.length])).toEqual([
      [2, 'reference', null, 1],
      [3, null, 'amount_differs', 0],
      [4, 'amount', null, 1],
      [5, null, 'no_candidate', 0],
    ]);
    const open = await readSettlementLinesOf(reconciling.pool, file.file_id, { matched: false, limit: 1 });
    expect(open.map(({ line }) => line)).toEqual([3]);
  });

  test('that comes again is the first again', async () => {
    expect(await imported(FILE)).toEqual({ ...file, repeated: true });
  });

  test('with a faulty line is refused, and nothing of it is kept', async () => {
    expect(await importFile('date,amount\n2026-05-01,1\n2026-05-01,x\n')).toMatchObject({
      kind: 'faulty',
      faults: [{ line: 3, column: 'amount' }],
    });
    const { rows } = await reconciling.pool.query('SELECT 1 FROM ledger.settlement_files');
    expect(rows).toHaveLength(1);
  });

  test('of an account that does not exist is refused', async () => {
    expect(await importFile(FILE, 'merchant:nobody:EUR')).toEqual({ kind: 'account_unknown' });
  });
});

describe('the report', () => {
  test('says what is open on both sides, and since when', async () => {
    const report = ReconciliationReport.parse(await readReconciliationReport(reconciling.pool, SHOP, SAMPLE_AT_MS + 10 * DAY_MS));
    expect(report).toMatchObject({
      covered: { first_day: dayOf(1), last_day: dayOf(2) },
      lines: { matched: 2, unmatched: 2 },
      by_rule: [
        { rule: 'amount', lines: 1 },
        { rule: 'reference', lines: 1 },
      ],
      by_reason: [
        { reason: 'amount_differs', lines: 1 },
        { reason: 'no_candidate', lines: 1 },
      ],
    });
    expect(report.unmatched_lines.map(({ from_days, count, sum_minor }) => [from_days, count, sum_minor])).toEqual([
      [0, 0, '0'],
      [2, 0, '0'],
      [8, 2, '2776'],
      [31, 0, '0'],
    ]);
    // Only what lies within the days that files cover could have been told by one.
    expect(report.oldest_transfers).toMatchObject([{ reference: 't-5', amount_minor: '50', age_days: 9 }]);
    expect(report.oldest_lines.map(({ line, age_days }) => [line, age_days])).toEqual([
      [3, 9],
      [5, 8],
    ]);
    expect(await readReconciliationReport(reconciling.pool, 'merchant:nobody:EUR', 0)).toBeUndefined();
  });

  test('is shorter once what was missing is posted and matched again', async () => {
    clockMs += DAY_MS;
    const post = { debit_account_id: 'customer:ACC-1:EUR', credit_account_id: SHOP, amount_minor: 777, currency: 'EUR' } as const;
    await command(run, [{ ...sampleCommand(1, { kind: 'post', ...post }), command_id: sampleCommandId(1, clockMs) }], 0);
    const { rows } = await reconciling.pool.query<{ number: string }>('SELECT number FROM ledger.accounts WHERE id = $1', [SHOP]);
    expect(await matchAccount(reconciling, rows[0]!.number, clockMs)).toBe(1);
    expect(await matchAccount(reconciling, rows[0]!.number, clockMs)).toBe(0);
    const report = await readReconciliationReport(reconciling.pool, SHOP, SAMPLE_AT_MS + 10 * DAY_MS);
    expect(report?.lines).toEqual({ matched: 3, unmatched: 1 });
  });
});

test('whoever reconciles can change nothing else', async () => {
  await expect(reconciling.pool.query('UPDATE ledger.accounts SET credits_posted = 0')).rejects.toThrow('permission denied');
  await expect(reconciling.pool.query('UPDATE ledger.settlement_lines SET amount_minor = 1')).rejects.toThrow('permission denied');
  await expect(reconciling.pool.query('DELETE FROM ledger.settlement_matches')).rejects.toThrow('permission denied');
});
