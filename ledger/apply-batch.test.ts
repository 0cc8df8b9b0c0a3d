import { describe, expect, test } from '@jest/globals';
import { Outcome } from '@trancendos/contracts/outcome';
import type { Reason } from '@trancendos/contracts/decision';
import { availableMinor } from './account.ts';
import { applyBatch } from './apply-batch.ts';
import { emptyState, type LedgerPolicy, type LedgerState } from './ledger-state.ts';
import { COUNTER_MAX_MINOR } from './move-money.ts';
import { SAMPLE_AT_MS, sampleEntry, type Sample } from './sample-decision.ts';

const policy: LedgerPolicy = { opensAtFirstSight: true, openingCreditMinor: 10_000n, customerOverdraftMinor: 500n, holdTtlMs: 86_400_000 };
const committedAtMs = SAMPLE_AT_MS + 10;

function apply(state: LedgerState, ...samples: Sample[]) {
  const entries = samples.map((sample, index) => sampleEntry(sample, index));
  const effects = applyBatch(state, { entries, committedAtMs, takenAtMs: committedAtMs }, policy);
  const outcomes = effects.messages.flatMap((message) => (message.topic === 'outcomes' ? [message.value] : []));
  return { ...effects, outcomes };
}
const fresh = () => emptyState({ decidedMax: 1_000 });
const amounts = (state: LedgerState, id: string) => {
  const account = state.accounts.get(id);
  return account && [account.debitsPosted, account.creditsPosted, account.debitsPending, account.creditsPending];
};

describe('an approval', () => {
  test('posts from the customer to the merchant, and the outcome says so in the shape of its topic', () => {
    const state = fresh();
    const { outcomes, transfers } = apply(state, { transactionId: 't-1', amountMinor: 2_500 });
    expect(amounts(state, 'customer:ACC-1:EUR')).toEqual([2_500n, 10_000n, 0n, 0n]);
    expect(amounts(state, 'merchant:books-01:EUR')).toEqual([0n, 2_500n, 0n, 0n]);
    expect(transfers.map(({ kind, seq, ledgerSeq }) => [kind, seq, ledgerSeq])).toEqual([
      ['opening', 1, 1],
      ['post', 2, 1],
    ]);
    expect(Outcome.parse(outcomes[0])).toMatchObject({
      action: 'approve',
      money: { state: 'posted', transfer_id: transfers[1]?.id, expires_at: null },
      ledger_seq: 1,
      committed_at: '2026-05-01T12:00:00.010Z',
      timings_ms: { ingest: 1, to_scoring: 2, scoring: 3, to_ledger: 2, ledger: 3 },
    });
  });

  test('that the account cannot cover ends as a decline with the reason of the ledger first, at most five in all', () => {
    const state = fresh();
    const given = ['a1', 'a2', 'a3', 'a4', 'a5'].map((code): Reason => ({
      code,
      category: 'amount',
      effect: 'raises',
      message: '',
      weight: 1,
    }));
    const { outcomes, transfers } = apply(state, { transactionId: 't-1', amountMinor: 10_501, reasons: given });
    expect(outcomes[0]).toMatchObject({ action: 'decline', money: { state: 'none', transfer_id: null } });
    expect(outcomes[0]?.reasons.map(({ code }) => code)).toEqual(['insufficient_funds', 'a1', 'a2', 'a3', 'a4']);
    expect(outcomes[0]?.reasons[0]?.message).toBe('105.01 EUR needed, 105.00 available');
    expect(transfers.map(({ kind }) => kind)).toEqual(['opening']);
    expect(state.accounts.has('merchant:books-01:EUR')).toBe(false);
  });

  test('may use credit and overdraft to the last cent, and not one more', () => {
    const state = fresh();
    const { outcomes } = apply(state, { transactionId: 't-1', amountMinor: 10_500 }, { transactionId: 't-2', amountMinor: 1 });
    expect(outcomes.map(({ action }) => action)).toEqual(['approve', 'decline']);
    expect(availableMinor(state.accounts.get('customer:ACC-1:EUR')!)).toBe(0n);
  });

  test('of a card without an account goes through the clearing account, which has no limit', () => {
    const state = fresh();
    const card = { card_token: 'tok-1' };
    const { outcomes } = apply(state, { transactionId: 't-1', amountMinor: Number.MAX_SAFE_INTEGER, payer: card });
    expect(outcomes[0]?.money.state).toBe('posted');
    expect(amounts(state, 'clearing:card:EUR')).toEqual([BigInt(Number.MAX_SAFE_INTEGER), 0n, 0n, 0n]);
    expect(state.accounts.has('funding:opening:EUR')).toBe(false);
  });

  test('in another currency uses accounts of that currency', () => {
    const state = fresh();
    apply(state, { transactionId: 't-1' }, { transactionId: 't-2', currency: 'JPY' });
    expect([...state.accounts.keys()].filter((id) => id.endsWith(':JPY'))).toEqual([
      'customer:ACC-1:JPY',
      'funding:opening:JPY',
      'merchant:books-01:JPY',
    ]);
  });

  test('beyond what a counter can hold is declined rather than stopping the writer', () => {
    const state = fresh();
    const card = { card_token: 'tok-1' };
    apply(state, { transactionId: 't-1', payer: card });
    const clearing = state.accounts.get('clearing:card:EUR')!;
    state.accounts.set({ ...clearing, debitsPosted: COUNTER_MAX_MINOR - 5n });
    const { outcomes } = apply(
      state,
      { transactionId: 't-2', payer: card, amountMinor: 6 },
      { transactionId: 't-3', payer: card, amountMinor: 5 },
    );
    expect(outcomes.map(({ action, reasons }) => [action, reasons[0]?.code])).toEqual([
      ['decline', 'ledger_capacity_reached'],
      ['approve', undefined],
    ]);
  });
});

describe('a review', () => {
  test('holds the amount until it expires, and what is held cannot be spent', () => {
    const state = fresh();
    const { outcomes } = apply(
      state,
      { transactionId: 't-1', action: 'review', amountMinor: 10_000 },
      { transactionId: 't-2', amountMinor: 501 },
    );
    expect(outcomes.map(({ money }) => [money.state, money.expires_at])).toEqual([
      ['pending', '2026-05-02T12:00:00.010Z'],
      ['none', null],
    ]);
    expect(amounts(state, 'customer:ACC-1:EUR')).toEqual([0n, 10_000n, 10_000n, 0n]);
    expect(amounts(state, 'merchant:books-01:EUR')).toEqual([0n, 0n, 0n, 10_000n]);
  });
});

describe('what moves no money', () => {
  test('a decline, and the verification of an account, are recorded and open no account', () => {
    const state = fresh();
    const { outcomes, transfers } = apply(
      state,
      { transactionId: 't-1', action: 'decline' },
      { transactionId: 't-2', amountMinor: 0 },
      { transactionId: 't-3', amountMinor: 0, action: 'review' },
    );
    expect(outcomes.map(({ action, money, ledger_seq }) => [action, money.state, ledger_seq])).toEqual([
      ['decline', 'none', 1],
      ['approve', 'none', 2],
      ['review', 'none', 3],
    ]);
    expect([transfers.length, state.accounts.size]).toEqual([0, 0]);
  });

  test('a later decision of the same transaction, whatever it says; the same id at another merchant is another transaction', () => {
    const state = fresh();
    const { results, outcomes } = apply(
      state,
      { transactionId: 't-1', action: 'decline' },
      { transactionId: 't-1', action: 'approve' },
      { transactionId: 't-1', merchantId: 'grocery-07' },
    );
    expect(results).toEqual(['decided', 'duplicate', 'decided']);
    expect(outcomes.map(({ ledger_seq, action }) => [ledger_seq, action])).toEqual([
      [1, 'decline'],
      [2, 'approve'],
    ]);
  });
});
