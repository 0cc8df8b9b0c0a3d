import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import { pause } from '@trancendos/platform/clock';
import { checkInvariants } from './check-invariants.ts';
import { expireDueHolds } from './expire-due-holds.ts';
import { findCommands } from './find-commands.ts';
import { command, openTestLedger, type TestLedger, type TestRun } from './open-test-ledger.ts';
import { sampleCommand, sampleCommandId, type BareCommand } from './sample-command.ts';

let ledger: TestLedger;
let offset: number;
beforeEach(async () => {
  ledger = await openTestLedger();
  offset = 0;
});
afterEach(() => ledger.close());

const PAYER = 'customer:ACC-1:EUR';
const SHOP = 'merchant:books-01:EUR';
const sides = { debit_account_id: PAYER, credit_account_id: SHOP, currency: 'EUR' as const };
const holdId = (n: number) => `tr_${sampleCommandId(n).slice(4)}`;

/** Gives the writer every command in a call of its own, all at once. */
async function race(run: TestRun, commands: readonly LedgerCommand[]): Promise<void> {
  await Promise.all(commands.map((one) => command(run, [one], offset++)));
}

/** A run with two accounts, of which the payer has 1,000.00. */
async function startFunded(choices: Parameters<TestLedger['start']>[0] = {}): Promise<TestRun> {
  const run = await ledger.start(choices);
  const setup: BareCommand[] = [
    { kind: 'open_account', account_id: 'funding:bank:EUR' },
    { kind: 'open_account', account_id: PAYER },
    { kind: 'open_account', account_id: SHOP },
    { kind: 'post', ...sides, debit_account_id: 'funding:bank:EUR', credit_account_id: PAYER, amount_minor: 100_000 },
  ];
  await command(
    run,
    setup.map((bare, index) => sampleCommand(1_000_000 + index, bare)),
    offset,
  );
  offset += setup.length;
  return run;
}

/** What was published, in order and each once: a start publishes again what is not known to be published, under the same event ids. */
function publishedOutcomes(): CommandOutcome[] {
  return [...new Map(ledger.broker.commandOutcomes().map((outcome) => [outcome.event_id, outcome])).values()].slice(4);
}

async function outcomes(count: number): Promise<CommandOutcome[]> {
  for (let waitedMs = 0; publishedOutcomes().length < count; waitedMs += 5) {
    if (waitedMs > 10_000) throw new Error(`${publishedOutcomes().length} of ${count} outcomes published within 10 s`);
    await pause(5);
  }
  return publishedOutcomes();
}

/** How often each result occurred. */
function countResults(told: readonly CommandOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of told) counts[code ?? 'applied'] = (counts[code ?? 'applied'] ?? 0) + 1;
  return counts;
}

async function account(id: string) {
  const { rows } = await ledger.postgres.pool.query<Record<string, string>>(
    'SELECT debits_posted, credits_posted, debits_pending, credits_pending FROM ledger.accounts WHERE id = $1',
    [id],
  );
  return rows[0];
}

async function soundLedger(run: TestRun): Promise<void> {
  const { checks } = await checkInvariants(ledger.postgres.pool);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(run.failures).toEqual([]);
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('at the same time', () => {
  test('one hold is captured once, however many captures arrive', async () => {
    const run = await startFunded();
    await race(run, [sampleCommand(1, { kind: 'hold', ...sides, amount_minor: 5_000 })]);
    await race(
      run,
      range(2, 41).map((n) => sampleCommand(n, { kind: 'capture', hold_id: holdId(1) })),
    );
    expect(countResults(await outcomes(41))).toEqual({ applied: 2, hold_captured: 39 });
    expect(await account(SHOP)).toMatchObject({ credits_posted: '5000', credits_pending: '0' });
    await soundLedger(run);
  });

  test('partial captures take what is there and not a cent more, and a void gets the rest or nothing', async () => {
    const run = await startFunded();
    await race(run, [sampleCommand(1, { kind: 'hold', ...sides, amount_minor: 1_000 })]);
    const parts = range(2, 21).map((n) => sampleCommand(n, { kind: 'capture', hold_id: holdId(1), amount_minor: 70, final: false }));
    await race(run, [...parts, sampleCommand(22, { kind: 'void', hold_id: holdId(1) })]);
    const told = await outcomes(22);
    const captured = told.filter(({ kind, status }) => kind === 'capture' && status === 'applied').length;
    expect(captured).toBeLessThanOrEqual(14);
    expect(await account(SHOP)).toMatchObject({ credits_posted: String(70 * captured), credits_pending: '0' });
    await soundLedger(run);
  });

  test('holds reserve no more than the account has', async () => {
    const run = await startFunded();
    await race(
      run,
      range(1, 30).map((n) => sampleCommand(n, { kind: 'hold', ...sides, amount_minor: 10_000 })),
    );
    expect(countResults(await outcomes(30))).toEqual({ applied: 10, insufficient_funds: 20 });
    expect(await account(PAYER)).toMatchObject({ debits_pending: '100000' });
    await soundLedger(run);
  });

  test('one transfer is given back once, and in parts at most whole', async () => {
    const run = await startFunded();
    await race(
      run,
      [1, 2].map((n) => sampleCommand(n, { kind: 'post', ...sides, amount_minor: 1_000 })),
    );
    await race(run, [
      ...range(3, 12).map((n) => sampleCommand(n, { kind: 'reverse', transfer_id: holdId(1) })),
      ...range(13, 22).map((n) => sampleCommand(n, { kind: 'reverse', transfer_id: holdId(2), amount_minor: 300 })),
    ]);
    expect(countResults(await outcomes(22))).toEqual({ applied: 2 + 1 + 3, already_reversed: 9, reversal_exceeds_transfer: 7 });
    expect(await account(SHOP)).toMatchObject({ credits_posted: '2000', debits_posted: '1900' });
    await soundLedger(run);
  });

  test('a limit on payments holds to the payment', async () => {
    const run = await startFunded();
    const velocity = [
      { window: '1m' as const, max_count: 5, max_sum_minor: null },
      { window: '24h' as const, max_count: 100, max_sum_minor: '4000' },
    ];
    // Before the limit is set, and counted by it all the same.
    await race(run, [sampleCommand(1, { kind: 'post', ...sides, amount_minor: 10 })]);
    await race(run, [sampleCommand(2, { kind: 'set_terms', account_id: PAYER, velocity })]);
    await race(
      run,
      range(3, 22).map((n) => sampleCommand(n, { kind: 'post', ...sides, amount_minor: n === 3 ? 3_995 : 100 })),
    );
    expect(countResults(await outcomes(22))).toEqual({ applied: 6, velocity_exceeded: 16 });
    expect(await account(PAYER)).toMatchObject({ debits_posted: '410' });
    await soundLedger(run);
  });
});

describe('a command that comes again', () => {
  const commands = [
    sampleCommand(1, { kind: 'post', ...sides, amount_minor: 1_000 }),
    sampleCommand(2, { kind: 'post', ...sides, amount_minor: 1_000_000 }),
    sampleCommand(3, { kind: 'hold', ...sides, amount_minor: 500, on_expiry: 'post' }),
    sampleCommand(4, { kind: 'capture', hold_id: holdId(3), amount_minor: 200 }),
    sampleCommand(5, { kind: 'post', ...sides, amount_minor: 7, transfer_kind: 'fee', effective_at: '2026-04-30T08:00:00.000Z' }),
    sampleCommand(6, { kind: 'post', ...sides, amount_minor: 8, transfer_kind: 'fee', approved_by: 'somebody' }),
  ];

  test('has its first outcome again, from memory, after memory has forgotten it, and in another process', async () => {
    const first = await startFunded({ decidedMax: 10 });
    await race(first, commands);
    const told = await outcomes(6);
    await race(first, commands);
    await race(
      first,
      range(100, 140).map((n) => sampleCommand(n, { kind: 'post', ...sides, amount_minor: 1 })),
    );
    await race(first, commands);
    const second = await ledger.start();
    await race(second, commands);
    const all = await outcomes(6 + 41 + 18);
    const repeats = all.filter(({ repeated }) => repeated);
    expect(repeats).toHaveLength(18);
    for (const repeat of repeats) {
      const original = told.find(({ command_id }) => command_id === repeat.command_id);
      expect(repeat).toEqual({ ...original, repeated: true, event_id: repeat.event_id });
    }
    await soundLedger(second);
  });

  test('with another field is told which, whatever has become of the first', async () => {
    const first = await startFunded();
    await race(first, commands);
    const changed = commands.map((one) =>
      'amount_minor' in one && one.amount_minor !== undefined ? { ...one, amount_minor: one.amount_minor + 1 } : one,
    );
    await race(first, changed);
    const second = await ledger.start();
    await race(second, [{ ...commands[0]!, requested_by: 'other' }, { ...commands[2]!, on_expiry: 'void' } as LedgerCommand]);
    const told = (await outcomes(14)).slice(6);
    expect(told.map(({ code, field, ledger_seq }) => [code, field, ledger_seq])).toEqual([
      ...Array.from({ length: 6 }, () => ['id_reused', '/amount_minor', null]),
      ['id_reused', '/requested_by', null],
      ['id_reused', '/on_expiry', null],
    ]);
    await soundLedger(second);
  });

  test('is found with its outcome by whoever looks for it', async () => {
    const run = await startFunded();
    await race(run, commands);
    const told = await outcomes(6);
    const found = await findCommands(
      ledger.postgres.pool,
      commands.map(({ command_id }) => command_id),
    );
    expect(found.map(({ outcome }) => outcome).sort((a, b) => (a.command_id! < b.command_id! ? -1 : 1))).toEqual(told);
    expect(new Set(found.map((one) => one.command))).toEqual(new Set(commands));
  });
});

describe('a hold that is due', () => {
  test('falls to its policy once, however many clocks tick, and cannot be captured afterwards', async () => {
    let now = Date.now();
    const run = await startFunded({ clock: () => now });
    await race(run, [
      sampleCommand(1, { kind: 'hold', ...sides, amount_minor: 100, expires_in_ms: 1_000 }),
      sampleCommand(2, { kind: 'hold', ...sides, amount_minor: 200, expires_in_ms: 1_000, on_expiry: 'post' }),
      sampleCommand(3, { kind: 'hold', ...sides, amount_minor: 400, expires_in_ms: 3_600_000 }),
    ]);
    now += 1_000;
    // Due by the time of the writer, whether or not anybody has ticked.
    await race(run, [sampleCommand(4, { kind: 'capture', hold_id: holdId(1) })]);
    const ids = [1, 2, 3].map(holdId);
    await Promise.all([run.writer.expire(ids), run.writer.expire(ids), run.writer.expire(ids)]);
    const told = await outcomes(6);
    expect(told.slice(3).map(({ kind, code, hold }) => [kind, code, hold?.status])).toEqual([
      ['capture', 'hold_expired', undefined],
      ['expire', null, 'expired'],
      ['expire', null, 'captured'],
    ]);
    expect(await account(SHOP)).toMatchObject({ credits_posted: '200', credits_pending: '400' });
    await soundLedger(run);
  });

  test('is found by the clock of the service, and by nothing else', async () => {
    const run = await startFunded();
    await race(
      run,
      range(1, 7).map((n) => sampleCommand(n, { kind: 'hold', ...sides, amount_minor: 10, expires_in_ms: n === 7 ? 60_000 : 1 })),
    );
    await pause(5);
    const { signal } = new AbortController();
    const expired = await expireDueHolds({ pool: ledger.postgres.pool, writer: run.writer, signal, pieceMax: 4 });
    expect(expired).toBe(6);
    expect(await expireDueHolds({ pool: ledger.postgres.pool, writer: run.writer, signal })).toBe(0);
    expect(await account(PAYER)).toMatchObject({ debits_pending: '10' });
    await soundLedger(run);
  });
});

describe('a clock that goes back', () => {
  test('lets no hold stay open that was due before, and a hold that is not due is not asked about for ever', async () => {
    const ahead = await startFunded({ clock: () => Date.now() + 3_600_000 });
    await race(
      ahead,
      range(1, 2).map((n) => sampleCommand(n, { kind: 'hold', ...sides, amount_minor: 10, expires_in_ms: n === 1 ? 1 : 600_000 })),
    );
    await pause(5);
    await race(ahead, [sampleCommand(3, { kind: 'capture', hold_id: holdId(1) })]);
    const told = await outcomes(3);
    expect(told.at(-1)?.code).toBe('hold_expired');
    // The clock of this process has not reached that time by nearly an hour.
    const run = await ledger.start();
    const { signal } = new AbortController();
    const tick = () => expireDueHolds({ pool: ledger.postgres.pool, writer: run.writer, signal, pieceMax: 1 });
    expect(await tick()).toBe(1);
    expect(await account(PAYER)).toMatchObject({ debits_pending: '10' });
    await soundLedger(run);
    // One that the database finds due and the writer does not, as it would be with another clock than the writer's.
    expect(await run.writer.expire([holdId(2)])).toBe(false);
    await ledger.postgres.pool.query("UPDATE ledger.holds SET expires_at = '2000-01-01' WHERE status = 'open'");
    expect(await tick()).toBe(0);
  });
});

describe('connections that are cut under load', () => {
  test('lose nothing that was acknowledged, and double nothing', async () => {
    let run = await startFunded();
    const acknowledged = new Set<string>();
    const send = async (n: number) => {
      const one = sampleCommand(n, { kind: 'post', ...sides, amount_minor: 1 });
      for (;;) {
        const { writer } = run;
        try {
          await command({ writer }, [one], offset++);
          acknowledged.add(one.command_id);
          return;
        } catch {
          await pause(1); // whoever cuts claims again
        }
      }
    };
    const cut = async () => {
      await ledger.postgres.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test-writer'`,
      );
      for (;;) {
        try {
          run = await ledger.start();
          offset = Number(await run.writer.startAt('ledgerCommands', [0]).then((next) => next.get(0)));
          return;
        } catch {
          await pause(1); // the pool hands out a connection that is just being cut
        }
      }
    };
    const sending = Promise.all(range(1, 400).map(send));
    for (let times = 0; times < 5; times++) {
      await pause(20);
      await cut();
    }
    await sending;
    const found = await findCommands(ledger.postgres.pool, [...acknowledged]);
    expect(found).toHaveLength(400);
    expect(await account(SHOP)).toMatchObject({ credits_posted: '400' });
    const { checks } = await checkInvariants(ledger.postgres.pool);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 60_000);
});
