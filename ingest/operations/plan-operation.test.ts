import { describe, expect, test } from '@jest/globals';
import type { LedgerCommand } from '@trancendos/contracts/ledger-command';
import { newId } from '@trancendos/platform/new-id';
import fc from 'fast-check';
import { foldMoney, moneyOfDecision } from './fold-money.ts';
import { OPERATIONS_MAX, planOperation, refusalOfLedger, type AskedOperation, type Standing } from './plan-operation.ts';
import { sampleCommandOutcome } from './sample-command-outcome.ts';

const HOLD = newId('tr');
const AMOUNT = 1_000;
const later = new Date(Date.now() + 3_600_000).toISOString();

const held = moneyOfDecision({ state: 'pending', transfer_id: HOLD, expires_at: later }, AMOUNT);
const posted = moneyOfDecision({ state: 'posted', transfer_id: HOLD, expires_at: null }, AMOUNT);
const nothing = moneyOfDecision({ state: 'none', transfer_id: null, expires_at: null }, AMOUNT);
const standing = (decided: Standing['decided'], outcomes: Standing['outcomes'] = []): Standing => ({
  merchantId: 'books-03',
  decided,
  outcomes,
});

const captured = (ledgerSeq: number, minor: number, { remaining, total }: { remaining: number; total: number }) =>
  sampleCommandOutcome({
    kind: 'capture',
    ledgerSeq,
    transfers: [{ transfer_id: newId('tr'), kind: 'capture', amount_minor: String(minor), related_to: HOLD }],
    hold: {
      hold_id: HOLD,
      status: remaining === 0 ? 'captured' : 'open',
      remaining_minor: String(remaining),
      captured_minor: String(total),
      expires_at: later,
    },
  });
const released = (status: 'voided' | 'expired') =>
  sampleCommandOutcome({ kind: status === 'voided' ? 'void' : 'expire', ledgerSeq: 5, hold: { hold_id: HOLD, status } });
const plan = (at: Standing, asked: AskedOperation) => planOperation(at, asked, newId('cmd'));

describe('what can be done', () => {
  test('to a hold is a capture of all, a part for now, or a void', () => {
    expect(plan(standing(held), { kind: 'capture' })).toMatchObject({ kind: 'capture', hold_id: HOLD, requested_by: 'books-03' });
    const part = plan(standing(held), { kind: 'capture', amount_minor: 400, final: false });
    expect(part).toMatchObject({ kind: 'capture', amount_minor: 400, final: false });
    expect(plan(standing(held), { kind: 'void', reason: 'out of stock' })).toMatchObject({
      kind: 'void',
      hold_id: HOLD,
      reason: 'out of stock',
    });
  });

  test('to what was posted is a refund, of all or of a part', () => {
    expect(plan(standing(posted), { kind: 'refund' })).toMatchObject({ kind: 'reverse', transfer_id: HOLD, amount_minor: AMOUNT });
    expect(plan(standing(posted), { kind: 'refund', amount_minor: 1 })).toMatchObject({ kind: 'reverse', amount_minor: 1 });
  });

  test('to what was captured in parts is a refund over several of them, all or none', () => {
    const parts = [captured(1, 400, { remaining: 600, total: 400 }), captured(2, 600, { remaining: 0, total: 1_000 })];
    const planned = plan(standing(held, parts), { kind: 'refund', amount_minor: 700 });
    const [first, second] = parts.map(({ transfers }) => transfers[0]?.transfer_id);
    expect(planned).toMatchObject({
      kind: 'linked',
      legs: [
        { kind: 'reverse', transfer_id: first, amount_minor: 400 },
        { kind: 'reverse', transfer_id: second, amount_minor: 300 },
      ],
    });
  });
});

describe('what cannot be done is told by a code of its own:', () => {
  const full = [captured(1, AMOUNT, { remaining: 0, total: AMOUNT })];
  const open = [captured(1, 400, { remaining: 600, total: 400 })];
  const refund = (minor: number) =>
    sampleCommandOutcome({
      kind: 'reverse',
      ledgerSeq: 9,
      transfers: [{ transfer_id: newId('tr'), kind: 'reversal', amount_minor: String(minor), related_to: HOLD }],
    });
  test.each<[string, Standing, AskedOperation]>([
    ['nothing_held', standing(nothing), { kind: 'capture' }],
    ['nothing_held', standing(nothing), { kind: 'void' }],
    ['nothing_held', standing(posted), { kind: 'void' }],
    ['nothing_posted', standing(nothing), { kind: 'refund' }],
    ['nothing_posted', standing(held), { kind: 'refund' }],
    ['already_captured', standing(posted), { kind: 'capture' }],
    ['already_captured', standing(held, full), { kind: 'capture' }],
    ['already_captured', standing(held, full), { kind: 'void' }],
    ['already_voided', standing(held, [released('voided')]), { kind: 'capture' }],
    ['hold_expired', standing(held, [released('expired')]), { kind: 'capture' }],
    ['capture_exceeds_hold', standing(held), { kind: 'capture', amount_minor: AMOUNT + 1 }],
    ['capture_exceeds_hold', standing(held, open), { kind: 'capture', amount_minor: 601 }],
    ['already_refunded', standing(posted, [refund(AMOUNT)]), { kind: 'refund' }],
    ['refund_exceeds_posted', standing(posted, [refund(1)]), { kind: 'refund', amount_minor: AMOUNT }],
    ['refund_exceeds_posted', standing(held, open), { kind: 'refund', amount_minor: 401 }],
    [
      'too_many_operations',
      standing(
        posted,
        Array.from({ length: OPERATIONS_MAX }, () => refund(1)),
      ),
      { kind: 'refund' },
    ],
  ])('%s', (code, at, asked) => {
    expect(plan(at, asked)).toMatchObject({ refused: code });
  });

  test('what only the ledger knows', () => {
    expect(refusalOfLedger({ code: 'insufficient_funds' })).toEqual({ refused: 'balance_too_low' });
    expect(refusalOfLedger({ code: 'velocity_exceeded' })).toMatchObject({ refused: 'operation_refused' });
    expect(refusalOfLedger({ code: 'velocity_exceeded' }).detail).toContain('velocity_exceeded');
  });
});

/** What remains, counted with nothing but numbers. */
class NaiveMoney {
  pending = AMOUNT;
  postedMinor = 0;
  refunded = 0;
}

describe('however captures and refunds follow each other,', () => {
  const asks = fc.array(
    fc.record({
      kind: fc.constantFrom('capture', 'void', 'refund'),
      amount_minor: fc.option(fc.integer({ min: 1, max: 1_200 }), { nil: undefined }),
      final: fc.option(fc.boolean(), { nil: undefined }),
    }),
    { maxLength: 12 },
  );

  test('the money adds up, nothing is planned that exceeds it, and the order in which outcomes are read does not matter', () => {
    fc.assert(
      fc.property(asks, (asked) => {
        const naive = new NaiveMoney();
        const outcomes: ReturnType<typeof sampleCommandOutcome>[] = [];
        asked.forEach((ask, index) => {
          const planned = plan(standing(held, outcomes), ask);
          if (!('refused' in planned)) outcomes.push(carryOut(naive, planned, index + 1));
          else expect(canDo(naive, ask)).toBe(false);
          const { pending_minor, posted_minor, refunded_minor } = foldMoney(held, [...outcomes].reverse());
          expect([pending_minor, posted_minor, refunded_minor]).toEqual([naive.pending, naive.postedMinor, naive.refunded]);
        });
      }),
    );
  });
});

function canDo(naive: NaiveMoney, { kind, amount_minor: minor = 1 }: AskedOperation): boolean {
  if (kind === 'refund') return naive.postedMinor - naive.refunded >= minor;
  return naive.pending >= (kind === 'void' ? 1 : minor);
}

function carryOut(naive: NaiveMoney, command: LedgerCommand, ledgerSeq: number) {
  const hold = () => ({
    hold_id: HOLD,
    status: naive.pending > 0 ? ('open' as const) : naive.postedMinor > 0 ? ('captured' as const) : ('voided' as const),
    remaining_minor: String(naive.pending),
    captured_minor: String(naive.postedMinor),
  });
  const made = (kind: 'capture' | 'void' | 'reversal', minor: number, relatedTo: string) => ({
    transfer_id: newId('tr'),
    kind,
    amount_minor: String(minor),
    related_to: relatedTo,
  });
  if (command.kind === 'capture') {
    const minor = command.amount_minor ?? naive.pending;
    naive.postedMinor += minor;
    naive.pending = command.final === false ? naive.pending - minor : 0;
    return sampleCommandOutcome({ command, ledgerSeq, transfers: [made('capture', minor, HOLD)], hold: hold() });
  }
  if (command.kind === 'void') {
    const minor = naive.pending;
    naive.pending = 0;
    return sampleCommandOutcome({ command, ledgerSeq, transfers: [made('void', minor, HOLD)], hold: hold() });
  }
  const legs = command.kind === 'linked' ? command.legs : [command];
  const transfers = legs.flatMap((leg) => (leg.kind === 'reverse' ? [made('reversal', leg.amount_minor ?? 0, leg.transfer_id)] : []));
  naive.refunded += transfers.reduce((sum, { amount_minor }) => sum + Number(amount_minor), 0);
  return sampleCommandOutcome({ command, ledgerSeq, transfers });
}
