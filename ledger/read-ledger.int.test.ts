import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LedgerTransfer } from '@trancendos/contracts/ledger';
import { LedgerAccount, LedgerHold, MoneyTrail, StatementLine, TransferProof, TrialBalance } from '@trancendos/contracts/ledger';
import { verifyProof } from '@trancendos/contracts/verify-proof';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { z } from 'zod';
import { exportStatement } from './export-statement.ts';
import { openReads, type LedgerReads } from './ledger-reads.ts';
import { command, deliver, openTestLedger, type TestLedger, type TestRun } from './open-test-ledger.ts';
import { sampleCommand, sampleCommandId } from './sample-command.ts';
import { SAMPLE_AT_MS } from './sample-decision.ts';

const PAYER = 'customer:ACC-1:EUR';
const SHOP = 'merchant:books-01:EUR';
const at = (ms: number) => new Date(SAMPLE_AT_MS + ms).toISOString();
/** When each of the batches below is committed, after the samples' time. */
const MINUTE = 60_000;

let ledger: TestLedger;
let run: TestRun;
let reads: LedgerReads;
let clockMs = SAMPLE_AT_MS;
let offset = 0;

beforeAll(async () => {
  ledger = await openTestLedger();
  run = await ledger.start({ clock: () => clockMs });
  reads = openReads({ pool: ledger.postgres.pool, reportPool: ledger.postgres.pool, cache: undefined });
  clockMs = SAMPLE_AT_MS + MINUTE;
  await deliver(
    run,
    [
      { transactionId: 't-1', amountMinor: 1_000 },
      { transactionId: 't-2', amountMinor: 2_000, action: 'review' },
    ],
    0,
  );
  clockMs = SAMPLE_AT_MS + 2 * MINUTE;
  const hold = (await reads.trail('books-01', 't-2'))!.hold!.hold_id;
  await order({ kind: 'capture', hold_id: hold, amount_minor: 1_500 });
  clockMs = SAMPLE_AT_MS + 3 * MINUTE;
  const captured = (await reads.trail('books-01', 't-2'))!.transfers.find(({ kind }) => kind === 'capture')!;
  await order({ kind: 'reverse', transfer_id: captured.transfer_id, amount_minor: 500 });
  clockMs = SAMPLE_AT_MS + 4 * MINUTE;
  const sides = { debit_account_id: SHOP, credit_account_id: PAYER, currency: 'EUR' as const };
  await order({ kind: 'post', ...sides, amount_minor: 7, effective_at: at(MINUTE) });
  await order({ kind: 'post', ...sides, amount_minor: 30, effective_at: at(60 * MINUTE) });
  await deliver(
    run,
    [
      { transactionId: 't-3', amountMinor: 40, action: 'review' },
      { transactionId: 't-4', action: 'decline' },
    ],
    2,
  );
}, 60_000);
afterAll(() => ledger.close());

async function order(bare: Parameters<typeof sampleCommand>[1]): Promise<void> {
  const command_id = sampleCommandId(offset, clockMs);
  await command(run, [{ ...sampleCommand(offset, bare), command_id }], offset++);
}

/** What the account's counters were after the transfers for which `counts` holds, by adding up all of them. */
async function addedUp(counts: (transfer: LedgerTransfer) => boolean) {
  const sums = { debits_posted: 0n, credits_posted: 0n, debits_pending: 0n, credits_pending: 0n };
  for (const transfer of (await reads.transfers({ limit: 200 })).transfers.filter(counts)) {
    const amount = BigInt(transfer.amount_minor);
    const side = transfer.debit.account_id === PAYER ? 'debits' : transfer.credit.account_id === PAYER ? 'credits' : undefined;
    if (!side) continue;
    if (!['hold', 'void', 'expire'].includes(transfer.kind)) sums[`${side}_posted`] += amount;
    if (transfer.kind === 'hold') sums[`${side}_pending`] += amount;
    if (['capture', 'void', 'expire'].includes(transfer.kind)) sums[`${side}_pending`] -= amount;
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, String(sum)]));
}

test('an account is answered with its counters and its terms', async () => {
  const account = LedgerAccount.parse(await reads.account(PAYER));
  expect(account).toMatchObject({
    credits_posted: '100537',
    debits_posted: '2500',
    debits_pending: '40',
    status: 'open',
    on_expiry: 'void',
  });
  expect(await reads.account('customer:nobody:EUR')).toBeUndefined();
  const listed = await reads.accounts({ kind: 'customer', limit: 10 });
  expect(listed.map(({ account_id }) => account_id)).toEqual([PAYER]);
  expect(await reads.balances([PAYER, 'customer:nobody:EUR'])).toHaveLength(1);
});

describe('a balance as of a time', () => {
  test.each([0, 1, 1.5, 2, 3, 4, 90])('is what was recorded by then: minute %d', async (minute) => {
    const recordedAt = at(minute * MINUTE);
    const expected = await addedUp(({ committed_at }) => committed_at <= recordedAt);
    expect(await reads.balanceAt(PAYER, { recordedAt })).toMatchObject(expected);
  });

  test.each([
    [0, 90],
    [1, 90],
    [1, 3],
    [2.5, 90],
    [4, 4],
    [59, 90],
    [60, 90],
    [60, 2],
  ])('is what was in effect at minute %d, as it was known at minute %d', async (effective, recorded) => {
    const moment = { effectiveAt: at(effective * MINUTE), recordedAt: at(recorded * MINUTE) };
    const expected = await addedUp(
      ({ committed_at, effective_at }) => committed_at <= moment.recordedAt && effective_at <= moment.effectiveAt,
    );
    expect(await reads.balanceAt(PAYER, moment)).toMatchObject(expected);
  });

  test('is not known of an account that does not exist', async () => {
    expect(await reads.balanceAt('customer:nobody:EUR', {})).toBeUndefined();
  });
});

describe('a statement', () => {
  test('lists what has moved, newest first, with the counters after each and the payment that it belongs to', async () => {
    const lines = z.array(StatementLine).parse(await reads.statement({ accountId: PAYER, order: 'newest_first', limit: 50 }));
    expect(lines.map(({ kind, direction, amount_minor, transaction_id }) => [kind, direction, amount_minor, transaction_id])).toEqual([
      ['hold', 'debit', '40', 't-3'],
      ['post', 'credit', '30', null],
      ['post', 'credit', '7', null],
      ['reversal', 'credit', '500', null],
      ['void', 'debit', '500', 't-2'],
      ['capture', 'debit', '1500', 't-2'],
      ['hold', 'debit', '2000', 't-2'],
      ['post', 'debit', '1000', 't-1'],
      ['opening', 'credit', '100000', 't-1'],
    ]);
    expect(lines[0]?.after).toMatchObject({ credits_posted: '100537', debits_pending: '40' });
  });

  test('comes in pages that fit together, in either order and within times', async () => {
    const whole = await reads.statement({ accountId: PAYER, order: 'oldest_first', limit: 50 });
    const paged: StatementLine[] = [];
    for (let afterSeq: number | undefined; ;) {
      const page = await reads.statement({ accountId: PAYER, order: 'oldest_first', limit: 2, afterSeq });
      if (page.length === 0) break;
      paged.push(...page);
      afterSeq = page.at(-1)?.seq;
    }
    expect(paged).toEqual(whole);
    const reversed = await reads.statement({ accountId: PAYER, order: 'newest_first', limit: 50, afterSeq: whole[3]!.seq });
    expect(reversed).toEqual(whole.slice(0, 3).reverse());
    const times = { from: at(2 * MINUTE), until: at(3 * MINUTE) };
    const between = await reads.statement({ accountId: PAYER, order: 'oldest_first', limit: 50, ...times });
    expect(between.map(({ kind }) => kind)).toEqual(['capture', 'void']);
  });

  test('is exported whole, as CSV and as NDJSON', async () => {
    const pages = () => reads.wholeStatement({ accountId: PAYER, order: 'oldest_first', limit: 2 });
    const textOf = async (format: 'csv' | 'ndjson') => {
      let text = '';
      for await (const chunk of exportStatement(pages(), format)) text += chunk;
      return text;
    };
    const whole = await reads.statement({ accountId: PAYER, order: 'oldest_first', limit: 50 });
    expect(
      (await textOf('ndjson'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(whole);
    const csv = (await textOf('csv')).trim().split('\r\n');
    expect(csv[0]).toMatch(/^seq,committed_at,effective_at,transfer_id,kind,/);
    expect(csv).toHaveLength(whole.length + 1);
    expect(csv[2]).toContain(`,post,debit,1000,EUR,${SHOP},books-01,t-1,`);
  });
});

describe('the journal', () => {
  test('is searched by what a transfer is like, newest first, in pages', async () => {
    const kinds = async (search: Partial<Parameters<LedgerReads['transfers']>[0]>) =>
      (await reads.transfers({ limit: 50, ...search })).transfers.map(({ kind, amount_minor }) => `${kind} ${amount_minor}`);
    expect(await kinds({ kind: 'hold' })).toEqual(['hold 40', 'hold 2000']);
    expect(await kinds({ accountId: SHOP, amountMinMinor: '500', amountMaxMinor: '1000' })).toEqual([
      'reversal 500',
      'void 500',
      'post 1000',
    ]);
    expect(await kinds({ actor: 'luminous', until: at(2 * MINUTE) })).toEqual(['hold 2000', 'post 1000', 'opening 100000']);
    expect(await kinds({ from: at(4 * MINUTE) })).toEqual(['hold 40', 'post 30', 'post 7']);
    const first = await reads.transfers({ limit: 4 });
    const rest = await reads.transfers({ limit: 50, beforeSeq: first.nextBeforeSeq });
    expect([...first.transfers, ...rest.transfers].map(({ seq }) => seq)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(rest.nextBeforeSeq).toBeUndefined();
  });

  test('proves each of its transfers, and a transfer that is shown otherwise is not proven', async () => {
    for (const { transfer_id } of (await reads.transfers({ limit: 50 })).transfers) {
      const proof = TransferProof.parse(await reads.proof(transfer_id));
      expect(await verifyProof(proof)).toBeUndefined();
      expect(await verifyProof(proof, { hash: proof.batch.hash })).toBeUndefined();
      expect(await verifyProof(proof, { hash: '0'.repeat(64) })).toBe('anchor_mismatch');
      const richer = { ...proof, transfer: { ...proof.transfer, amount_minor: '1000000' } };
      expect(await verifyProof(richer)).toBe('leaf_mismatch');
      expect(await verifyProof({ ...proof, batch: { ...proof.batch, epoch: 99 } })).toBe('batch_mismatch');
      expect(await verifyProof({ ...proof, path: [...proof.path, '0'.repeat(64)] })).toBe('root_mismatch');
      expect(await verifyProof({ ...proof, leaf_index: proof.leaf_index + 1 })).toBe('position_mismatch');
    }
    expect(await reads.proof('tr_00000000-0000-7000-8000-000000000000')).toBeUndefined();
  });

  test('shows its newest batch, and any by its number', async () => {
    const newest = (await reads.batch())!;
    const before = (await reads.batch(newest.batch_seq - 1))!;
    expect(newest.previous_hash).toBe(before.hash);
    expect(await reads.batch(newest.batch_seq + 1)).toBeUndefined();
  });
});

test('open holds are listed, those that expire first in front', async () => {
  const holds = z.array(LedgerHold).parse(await reads.openHolds({ limit: 10 }));
  expect(holds.map(({ transaction_id, remaining_minor }) => [transaction_id, remaining_minor])).toEqual([['t-3', '40']]);
  expect(await reads.openHolds({ accountId: SHOP, limit: 10 })).toEqual(holds);
  expect(await reads.openHolds({ accountId: 'funding:opening:EUR', limit: 10 })).toEqual([]);
  const [{ expires_at, hold_id }] = holds as [LedgerHold];
  expect(await reads.openHolds({ limit: 10, after: { expiresAt: expires_at, holdId: hold_id } })).toEqual([]);
  expect(await reads.hold(hold_id)).toEqual(holds[0]);
});

test('the trail of a payment leads from its decision to everything that followed', async () => {
  const trail = MoneyTrail.parse(await reads.trail('books-01', 't-2'));
  expect(trail.transfers.map(({ kind, amount_minor }) => [kind, amount_minor])).toEqual([
    ['hold', '2000'],
    ['capture', '1500'],
    ['void', '500'],
    ['reversal', '500'],
  ]);
  expect(trail).toMatchObject({ action: 'review', settled_minor: '1000', hold: { status: 'captured', captured_minor: '1500' } });
  expect(await reads.trail('books-01', 't-4')).toMatchObject({ action: 'decline', transfers: [], settled_minor: '0' });
  expect(await reads.trail('books-01', 't-5')).toBeUndefined();
});

describe('the trial balance', () => {
  test('adds up, by kind of account, and balances', async () => {
    const now = TrialBalance.parse(await reads.trialBalance());
    const [euro] = now.currencies;
    expect(euro).toMatchObject({ currency: 'EUR', balanced: true });
    expect(euro?.kinds.map(({ kind, accounts }) => [kind, accounts])).toEqual([
      ['customer', 1],
      ['funding', 1],
      ['merchant', 1],
    ]);
  });

  test('of an earlier time is that of what was recorded by then', async () => {
    const then = await reads.trialBalance(at(MINUTE));
    const customer = then.currencies[0]?.kinds.find(({ kind }) => kind === 'customer');
    expect(customer).toMatchObject(await addedUp(({ committed_at }) => committed_at <= at(MINUTE)));
    expect(then.currencies[0]?.balanced).toBe(true);
    expect((await reads.trialBalance(at(0))).currencies).toEqual([]);
  });
});

describe('what may read', () => {
  let reader: Postgres;
  beforeAll(async () => {
    const url = new URL(String(ledger.postgres.pool.options.connectionString));
    url.searchParams.set('options', '-c role=ledger_reader');
    reader = await connectPostgres({ url: url.href, applicationName: 'test-reader' });
  });
  afterAll(() => reader.stop());

  test('gets every answer with no more rights than to read', async () => {
    const restricted = openReads({ pool: reader.pool, reportPool: reader.pool, cache: undefined });
    expect(await restricted.account(PAYER)).toEqual(await reads.account(PAYER));
    expect(await restricted.trail('books-01', 't-2')).toEqual(await reads.trail('books-01', 't-2'));
    expect((await restricted.invariants()).checks.filter(({ ok, name }) => !ok && name !== 'no_hold_past_expiry')).toEqual([]);
    expect((await restricted.summary()).ledger_seq).toBe(8);
    await expect(reader.pool.query('DELETE FROM ledger.transfers')).rejects.toThrow('permission denied');
  });
});

/** Last, because what it adds would be in everybody's way. */
describe('a journal with many transfers of one account', () => {
  const BUSY = 'customer:ACC-9:EUR';

  beforeAll(async () => {
    clockMs += MINUTE;
    const payments = Array.from({ length: 1_100 }, (_, n) => ({
      transactionId: `busy-${n}`,
      amountMinor: 1,
      payer: { account_id: 'ACC-9' },
    }));
    await deliver(run, payments, 4);
  }, 60_000);

  test('is searched through the account’s own index: a page looks at so many, and the next goes on where it stopped', async () => {
    const search = { accountId: BUSY, kind: 'opening', limit: 50 } as const;
    const first = await reads.transfers(search);
    expect(first.transfers).toEqual([]);
    const second = await reads.transfers({ ...search, beforeSeq: first.nextBeforeSeq });
    expect(second.transfers.map(({ credit }) => credit.account_id)).toEqual([BUSY]);
    expect(second.nextBeforeSeq).toBeUndefined();
  });

  test('proves transfers of a large batch, wherever in it they are', async () => {
    const { transfers } = await reads.transfers({ accountId: BUSY, limit: 1_101 });
    const picked = [0, 1, 63, 64, 65, 700, 1_000].map((place) => transfers.at(-1 - place)?.transfer_id ?? transfers[0]!.transfer_id);
    for (const id of picked) {
      const proof = TransferProof.parse(await reads.proof(id));
      expect([await verifyProof(proof), proof.tree_size]).toEqual([undefined, 1_101]);
    }
  });
});
