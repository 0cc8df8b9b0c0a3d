import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LedgerCommand } from '@trancendos/contracts/ledger-command';
import { findCommands } from './find-commands.ts';
import { command, openTestLedger, type TestLedger, type TestRun } from './open-test-ledger.ts';
import { sampleCommand, sampleCommandId, type BareCommand } from './sample-command.ts';
import { verifyLedger } from './verify-ledger.ts';

const PAYER = 'customer:ACC-1:EUR';
const SHOP = 'merchant:books-01:EUR';
const sides = { debit_account_id: PAYER, credit_account_id: SHOP, currency: 'EUR' as const };
const TEXTS = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00',
  'a\nb',
  'a\tb',
  '"',
  '\\',
  '{}',
  'NULL',
  '\u{1d54f}',
  '\ufffe',
  "'; --",
  '__proto__',
];
const AMOUNTS = [0, -0, -1, 0.5, 1e-7, 2 ** 53, 1e300, Number.MAX_SAFE_INTEGER];
const MOMENTS = ['0000-01-01T00:00:00.000Z', '0001-02-03T04:05:06.789Z', '1582-10-15T00:00:00.001Z', '9999-12-31T23:59:59.999Z'];
const IDS = ['------------------------------------', '0'.repeat(36), '00000000-0000-0000-0000-000000000000', `${'f'.repeat(34)}--`];

let ledger: TestLedger;
let run: TestRun;
let next = 0;
beforeAll(async () => {
  ledger = await openTestLedger();
  run = await ledger.start();
  const setup: BareCommand[] = [
    { kind: 'open_account', account_id: 'funding:bank:EUR' },
    { kind: 'open_account', account_id: PAYER },
    { kind: 'open_account', account_id: SHOP },
    { kind: 'post', ...sides, debit_account_id: 'funding:bank:EUR', credit_account_id: PAYER, amount_minor: 100_000 },
  ];
  for (const bare of setup) await post(bare);
});
afterAll(() => ledger.close());

/** Sends what the contract lets through, as the consumer does; the rest goes to the dead letters. True where it was let through. */
async function post(bare: BareCommand): Promise<boolean> {
  const number = next++;
  const parsed = LedgerCommand.safeParse(JSON.parse(JSON.stringify(sampleCommand(number, bare))));
  if (parsed.success) await command(run, [parsed.data], number);
  return parsed.success;
}

describe('a command may say what it likes', () => {
  const one = { kind: 'post', ...sides, amount_minor: 1 } as const;
  const open = (n: number) => `merchant:hostile-${n}:EUR`;
  test.each(TEXTS)('in every text of it: %j', async (text) => {
    await post({ ...one, requested_by: text });
    await post({ ...one, approved_by: text });
    await post({ ...one, reason: text });
    await post({ kind: 'hold', ...sides, amount_minor: 1, reason: text });
    await post({ kind: 'open_account', account_id: open(next), metadata: { note: text } });
    await post({ kind: 'open_account', account_id: open(next), metadata: { [text]: 'note' } });
    expect(run.failures).toEqual([]);
  });

  test.each(AMOUNTS)('as an amount: %d', async (amount_minor) => {
    await post({ ...one, amount_minor });
    await post({ kind: 'hold', ...sides, amount_minor });
    await post({ kind: 'reverse', transfer_id: `tr_${sampleCommandId(3).slice(4)}`, amount_minor });
    await post({ kind: 'capture', hold_id: `tr_${sampleCommandId(3).slice(4)}`, amount_minor });
    await post({ kind: 'hold', ...sides, amount_minor: 1, expires_in_ms: Math.trunc(Math.min(amount_minor, Number.MAX_SAFE_INTEGER)) });
    expect(run.failures).toEqual([]);
  });

  test.each(MOMENTS)('about when it happened: %s', async (effective_at) => {
    expect(await post({ ...one, effective_at })).toBe(true);
    expect(run.failures).toEqual([]);
  });

  test.each(IDS)('about what it refers to: %s', async (id) => {
    await post({ kind: 'capture', hold_id: `tr_${id}` });
    await post({ kind: 'void', hold_id: `tr_${id}` });
    await post({ kind: 'reverse', transfer_id: `tr_${id}` });
    expect(run.failures).toEqual([]);
  });
});

test('what was let through is kept as it was sent, and the journal verifies', async () => {
  await post({ kind: 'post', ...sides, amount_minor: 1, requested_by: 'x\ny', reason: 'R' });
  await post({ kind: 'post', ...sides, amount_minor: 1, requested_by: 'x', approved_by: 'y', reason: '\nR' });
  const ids = Array.from({ length: next }, (_, number) => sampleCommandId(number));
  for (const { command: kept } of await findCommands(ledger.postgres.pool, ids)) {
    const { outcome } = (await findCommands(ledger.postgres.pool, [kept.command_id]))[0]!;
    expect([outcome.requested_by, outcome.approved_by, outcome.reason]).toEqual([
      kept.requested_by,
      kept.approved_by ?? null,
      kept.reason ?? null,
    ]);
  }
  const report = await ledger.postgres.inTransaction((client) => verifyLedger({ client }));
  expect(report.found).toEqual([]);
});
