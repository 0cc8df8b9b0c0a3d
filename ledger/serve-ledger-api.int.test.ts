import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Balance } from '@trancendos/contracts/balance';
import { Problem, type ProblemCode } from '@trancendos/contracts/http';
import {
  BalanceAt,
  BalanceList,
  InvariantReport,
  LedgerAccount,
  LedgerAccountPage,
  LedgerBatch,
  LedgerHoldPage,
  LedgerTransfer,
  LedgerTransferPage,
  MoneyTrail,
  StatementPage,
  TransferProof,
  TrialBalance,
} from '@trancendos/contracts/ledger';
import { ReconciliationReport, SettlementFile, SettlementFilePage, SettlementLinePage } from '@trancendos/contracts/reconciliation';
import { pause } from '@trancendos/platform/clock';
import { pino } from 'pino';
import { request } from 'undici';
import type { z } from 'zod';
import { CommandDesk } from './carry-out-command.ts';
import { openReads } from './ledger-reads.ts';
import { deliver, openTestLedger, type TestLedger } from './open-test-ledger.ts';
import { openReconciliationDesk } from './reconciliation/reconciliation-desk.ts';
import { serveLedgerApi } from './serve-ledger-api.ts';

const PAYER = 'customer:ACC-1:EUR';
const SHOP = 'merchant:books-01:EUR';
const DAY = new Date().toISOString().slice(0, 10);

let ledger: TestLedger;
let api: Awaited<ReturnType<typeof serveLedgerApi>>;
let parts: Parameters<typeof serveLedgerApi>[0]['parts'];
let base: string;

beforeAll(async () => {
  ledger = await openTestLedger();
  await deliver(await ledger.start(), [{ transactionId: 't-1' }, { transactionId: 't-2', action: 'review' }, { transactionId: 't-3' }]);
  const { pool } = ledger.postgres;
  const reads = openReads({ pool, reportPool: pool, cache: undefined });
  // Commands have tests of their own; here nobody sends one.
  const desk = new CommandDesk({ publisher: ledger.broker, pool, waitMs: 1 });
  parts = { reads, desk, reconciliation: openReconciliationDesk(ledger.postgres) };
  api = await serveLedgerApi({ port: 0, parts, log: pino({ level: 'silent' }) });
  base = `http://127.0.0.1:${api.port}`;
}, 60_000);
afterAll(async () => {
  await api.stop();
  await ledger.close();
});

async function get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  const { statusCode, body } = await request(base + path);
  const answer: unknown = await body.json();
  expect([path, statusCode, answer]).toEqual([path, 200, answer]);
  return shape.parse(answer);
}

async function refused(path: string, options: Parameters<typeof request>[1] = {}): Promise<{ code: ProblemCode; pointers: string[] }> {
  const { headers, body } = await request(base + path, options);
  expect(headers['content-type']).toContain('application/problem+json');
  const { code, errors = [] } = Problem.parse(await body.json());
  return { code, pointers: errors.map(({ pointer }) => pointer) };
}

describe('every address answers in the shape that its contract says', () => {
  test.each([
    [`/ledger/accounts/${PAYER}`, LedgerAccount],
    [`/v1/accounts/${PAYER}`, Balance],
    ['/ledger/accounts?kind=customer&currency=EUR&status=open', LedgerAccountPage],
    [`/ledger/balances?account_id=${PAYER}&account_id=${SHOP}`, BalanceList],
    [`/ledger/accounts/${PAYER}/balance?recorded_at=2030-01-01T00:00:00.000Z&effective_at=2030-01-01T00:00:00.000Z`, BalanceAt],
    [`/ledger/accounts/${PAYER}/statement?limit=2`, StatementPage],
    [`/v1/accounts/${PAYER}/transfers`, StatementPage],
    ['/ledger/transfers?kind=post&amount_min=1000&amount_max=1000', LedgerTransferPage],
    ['/ledger/holds', LedgerHoldPage],
    ['/ledger/trial-balance', TrialBalance],
    ['/ledger/transactions/books-01/t-2/trail', MoneyTrail],
    ['/ledger/batches/newest', LedgerBatch],
    ['/ledger/batches/1', LedgerBatch],
    ['/ledger/invariants', InvariantReport],
    ['/v1/invariants', InvariantReport],
  ] as readonly [string, z.ZodType][])('%s', async (path, shape) => {
    await get(path, shape);
  });

  test('a transfer and its proof', async () => {
    const [transfer] = (await get('/ledger/transfers?limit=1', LedgerTransferPage)).transfers;
    expect(await get(`/ledger/transfers/${transfer!.transfer_id}`, LedgerTransfer)).toEqual(transfer);
    expect((await get(`/ledger/transfers/${transfer!.transfer_id}/proof`, TransferProof)).transfer).toEqual(transfer);
  });

  test('pages follow one another by their cursor, and the last has none', async () => {
    const seqs: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: StatementPage = await get(`/ledger/accounts/${PAYER}/statement?limit=2${cursor && `&cursor=${cursor}`}`, StatementPage);
      seqs.push(...page.transfers.map(({ seq }) => seq));
      cursor = page.next_cursor;
    }
    expect(seqs).toEqual([4, 3, 2, 1]);
  });

  test('an export is a file, as CSV or NDJSON', async () => {
    const csv = await request(`${base}/ledger/accounts/${PAYER}/statement?format=csv`);
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="statement-customer-ACC-1-EUR.csv"');
    expect((await csv.body.text()).trim().split('\r\n')).toHaveLength(5);
    const ndjson = await request(`${base}/ledger/accounts/${PAYER}/statement?format=ndjson`);
    expect((await ndjson.body.text()).trim().split('\n')).toHaveLength(4);
  });
});

/** A cursor as a page of holds gives it, with anything in it. */
const cursorOf = (...parts: string[]) => Buffer.from(parts.join(' ')).toString('base64url');

test('an export is read from the journal as fast as it is taken, and no further when its reader has gone', async () => {
  const { transfers } = await get(`/ledger/accounts/${PAYER}/statement`, StatementPage);
  const page = Array.from({ length: 2_000 }, () => transfers[0]!);
  const seen = { pages: 0, ended: false };
  const wholeStatement = async function* () {
    try {
      for (; ; seen.pages++) yield await Promise.resolve(page);
    } finally {
      seen.ended = true;
    }
  };
  const endless = await serveLedgerApi({
    port: 0,
    parts: { ...parts, reads: { ...parts.reads, wholeStatement } },
    log: pino({ level: 'silent' }),
  });
  const { body } = await request(`http://127.0.0.1:${endless.port}/ledger/accounts/${PAYER}/statement?format=ndjson`);
  // It is broken off below.
  body.on('error', () => undefined);
  await body[Symbol.asyncIterator]().next();
  for (let before = -1; before !== seen.pages;) {
    before = seen.pages;
    await pause(100);
  }
  expect(seen.pages).toBeLessThan(1_000);
  expect(seen.ended).toBe(false);
  body.destroy();
  while (!seen.ended) await pause(5);
  await endless.stop();
});

describe('what does not fit', () => {
  test.each([
    [`/ledger/accounts/${PAYER}/statement?limit=0`, ['/limit']],
    [`/ledger/accounts/${PAYER}/statement?format=pdf&from=yesterday`, ['/from', '/format']],
    ['/ledger/transfers?amount=1', ['/amount']],
    ['/ledger/holds?cursor=xyz', ['/cursor']],
    ['/ledger/balances', ['/account_id']],
    ['/ledger/balances?account_id=nobody', ['/account_id']],
    [`/ledger/accounts/${PAYER}/balance?recorded_at=2030-01-01`, ['/recorded_at']],
  ])('is told by name: %s', async (path, pointers) => {
    const problem = await refused(path);
    expect(problem.code).toBe('invalid_field');
    expect(problem.pointers.map((pointer) => `/${pointer.split('/')[1] ?? ''}`)).toEqual(pointers);
  });

  test.each([
    '/ledger/accounts/customer:nobody:EUR',
    '/ledger/accounts/customer:nobody:EUR/statement',
    '/ledger/transfers/tr_00000000-0000-7000-8000-000000000000',
    '/ledger/transfers/tr_00000000-0000-7000-8000-000000000000/proof',
    '/ledger/transfers/nothing',
    '/ledger/holds/nothing',
    '/ledger/batches/999',
    '/ledger/batches/x',
    '/ledger/transactions/books-01/t-9/trail',
    '/ledger/reconciliation/files/set_00000000-0000-7000-8000-000000000000',
    `/ledger/reconciliation/report?account_id=customer:nobody:EUR`,
    '/ledger/nothing',
  ])('and what is not there: %s', async (path) => {
    expect((await refused(path)).code).toBe('not_found');
  });

  test.each([
    `/ledger/accounts/${PAYER}/statement?cursor=999999999999999`,
    `/ledger/accounts/${PAYER}/statement?cursor=-1`,
    `/ledger/accounts/${PAYER}/statement?from=0000-01-01T00:00:00.000Z`,
    `/ledger/accounts/${PAYER}/statement?until=9999-12-31T23:59:59.999Z&from=9999-12-31T23:59:59.999Z`,
    `/ledger/accounts/${PAYER}/balance?recorded_at=0000-01-01T00:00:00.000Z&effective_at=9999-12-31T23:59:59.999Z`,
    '/ledger/trial-balance?recorded_at=0000-01-01T00:00:00.000Z',
    '/ledger/transfers?actor=%00',
    '/ledger/transfers?actor=%ED%A0%80',
    '/ledger/transfers?cursor=0&amount_min=999999999999999999',
    '/ledger/transfers?from=0000-01-01T00:00:00.000Z&until=0001-01-01T00:00:00.000Z',
    '/ledger/transfers/tr_------------------------------------',
    `/ledger/holds?expires_before=0000-01-01T00:00:00.000Z`,
    `/ledger/holds?cursor=${cursorOf('2026-05-01T00:00:00.000Z', 'tr_------------------------------------')}`,
    `/ledger/holds?cursor=${cursorOf('0000-01-01T00:00:00.000Z', 'tr_00000000-0000-7000-8000-000000000000')}`,
    `/ledger/holds?cursor=${cursorOf('9999-12-31T23:59:59.999Z', 'tr_00000000-0000-7000-8000-000000000000', 'x')}`,
    '/ledger/holds/tr_000000000000000000000000000000000000',
    '/ledger/accounts/%00',
    '/ledger/accounts/%00/statement',
    '/ledger/accounts/%00/balance',
    '/v1/accounts/%00',
    '/v1/accounts/%00/transfers',
    `/ledger/accounts?cursor=${encodeURIComponent('customer:zzz:EUR')}`,
    '/ledger/batches/999999999999999',
    '/ledger/transactions/%00/%00/trail',
    '/ledger/reconciliation/files/set_------------------------------------',
    '/ledger/reconciliation/files/set_------------------------------------/lines',
    '/ledger/reconciliation/files?cursor=set_------------------------------------',
    '/v1/commands/cmd_------------------------------------',
  ])('or was made up is answered all the same, and never as a fault of the ledger: %s', async (path) => {
    const { statusCode, body } = await request(base + path);
    expect([200, 400, 404]).toContain(statusCode);
    await body.dump();
  });

  test('no address changes money but that of commands', async () => {
    expect((await refused(`/ledger/accounts/${PAYER}`, { method: 'DELETE' })).code).toBe('method_not_allowed');
    expect((await refused('/ledger/transfers', { method: 'POST' })).code).toBe('method_not_allowed');
  });
});

describe('a settlement file by HTTP', () => {
  const upload = (csv: string | Buffer, type = 'text/csv', account = SHOP) => ({
    path: `/ledger/reconciliation/files?account_id=${account}&name=today.csv&window_days=1`,
    options: { method: 'POST' as const, headers: { 'content-type': type }, body: csv },
  });

  test('is imported once, and answered with what it matched', async () => {
    const { path, options } = upload(`date,amount,reference\n${DAY},10.00,t-1\n${DAY},5.00,t-8\n`);
    const first = await request(base + path, options);
    expect(first.statusCode).toBe(201);
    const file = SettlementFile.parse(await first.body.json());
    expect(file).toMatchObject({ lines: 2, matched_lines: 1 });
    const again = await request(base + path, options);
    expect([again.statusCode, SettlementFile.parse(await again.body.json()).repeated]).toEqual([200, true]);
    const lines = await get(`/ledger/reconciliation/files/${file.file_id}/lines?matched=false`, SettlementLinePage);
    expect(lines.lines.map(({ reference }) => reference)).toEqual(['t-8']);
    expect((await get('/ledger/reconciliation/files', SettlementFilePage)).files).toHaveLength(1);
    const report = await get(`/ledger/reconciliation/report?account_id=${SHOP}`, ReconciliationReport);
    expect(report.lines).toEqual({ matched: 1, unmatched: 1 });
  });

  test('is refused with the lines that are wrong, the encoding, or the type', async () => {
    const faulty = upload(`date,amount\n${DAY},ten\nsoon,1\n`);
    expect(await refused(faulty.path, faulty.options)).toEqual({ code: 'invalid_field', pointers: ['/lines/2/amount', '/lines/3/date'] });
    const binary = upload(Buffer.from([0x64, 0xff, 0xfe, 0x0a]));
    expect((await refused(binary.path, binary.options)).code).toBe('invalid_field');
    const json = upload('{}', 'application/json');
    expect((await refused(json.path, json.options)).code).toBe('unsupported_media_type');
    const nobody = upload(`date,amount\n${DAY},1\n`, 'text/csv', 'merchant:nobody:EUR');
    expect((await refused(nobody.path, nobody.options)).code).toBe('not_found');
  });
});
