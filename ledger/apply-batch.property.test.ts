import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Account } from './account.ts';
import { applyBatch } from './apply-batch.ts';
import { emptyState, type LedgerPolicy, type LedgerState } from './ledger-state.ts';
import { NaiveLedger, type NaiveResult } from './naive-ledger.ts';
import { SAMPLE_AT_MS, sampleReceived, type Sample } from './sample-decision.ts';
import type { BatchEffects } from './batch.ts';

/** Few payers, merchants and ids, and amounts around what the accounts hold, so that balances run dry and transactions repeat. */
const sample: fc.Arbitrary<Sample> = fc.record({
  transactionId: fc.integer({ min: 1, max: 60 }).map((n) => `t-${n}`),
  merchantId: fc.constantFrom('books-01', 'grocery-07', 'fuel-02'),
  action: fc.constantFrom('approve', 'approve', 'review', 'decline'),
  amountMinor: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constantFrom(0, 1, 999, 1_000, 1_001, Number.MAX_SAFE_INTEGER)),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY'),
  payer: fc.constantFrom(
    { account_id: 'ACC-1' },
    { account_id: 'ACC-2' },
    { account_id: 'ACC-2', card_token: 'tok-2' },
    { card_token: 'tok-1' },
  ),
});
const stream = fc.array(sample, { minLength: 1, maxLength: 80 });
const policy: fc.Arbitrary<LedgerPolicy> = fc.record({
  openingCreditMinor: fc.constantFrom(0n, 1_000n, 5_000n),
  customerOverdraftMinor: fc.constantFrom(0n, 1n, 250n),
  holdTtlMs: fc.constant(86_400_000),
});

const batchOf = (samples: readonly Sample[]) => ({ decisions: samples.map(sampleReceived), committedAtMs: SAMPLE_AT_MS + 9 });

/** The stream in the pieces that `cuts` make of it. */
function split(samples: readonly Sample[], cuts: readonly number[]): Sample[][] {
  const marks = [0, ...cuts.map((cut) => cut % (samples.length + 1)).sort((a, b) => a - b), samples.length];
  return marks.slice(1).map((end, index) => samples.slice(marks[index], end));
}

function whatCame(effects: readonly BatchEffects[]) {
  return {
    results: effects.flatMap(({ results }) => results),
    outcomes: effects.flatMap(({ outcomes }) => outcomes),
    transfers: effects.flatMap(({ transfers }) => transfers),
  };
}

const byId = (state: LedgerState): Account[] => [...state.accounts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

describe('whatever the stream of decisions', () => {
  test('the core agrees with a ledger that sums its whole journal for every decision', () => {
    fc.assert(
      fc.property(stream, policy, (samples, conditions) => {
        const state = emptyState(1_000);
        const naive = new NaiveLedger(conditions);
        const { results, outcomes } = applyBatch(state, batchOf(samples), conditions);
        const decided = outcomes.values();
        const ours = results.map((result): NaiveResult => {
          if (result === 'duplicate') return 'duplicate';
          const { money, reasons } = decided.next().value!;
          return reasons[0]?.code === 'insufficient_funds' ? 'insufficient_funds' : (money.state as NaiveResult);
        });
        expect(ours).toEqual(samples.map((one) => naive.decide(sampleReceived(one).decision)));
        expect(byId(state).map(({ id }) => id)).toEqual([...naive.opened].sort());
        for (const account of state.accounts.values()) {
          expect([account.debitsPosted, account.creditsPosted, account.debitsPending, account.creditsPending]).toEqual([
            naive.sum(account.id, 'from', 'posted'),
            naive.sum(account.id, 'to', 'posted'),
            naive.sum(account.id, 'from', 'pending'),
            naive.sum(account.id, 'to', 'pending'),
          ]);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('splitting a batch anywhere changes no balance, no result and no byte of an outcome', () => {
    fc.assert(
      fc.property(stream, policy, fc.array(fc.nat(), { maxLength: 6 }), (samples, conditions, cuts) => {
        const [whole, parts] = [emptyState(1_000), emptyState(1_000)];
        const inOne = applyBatch(whole, batchOf(samples), conditions);
        const inParts = split(samples, cuts).map((part) => applyBatch(parts, batchOf(part), conditions));
        expect(whatCame(inParts)).toEqual(whatCame([inOne]));
        expect(byId(parts)).toEqual(byId(whole));
        expect([parts.lastSeq, parts.lastTransferSeq]).toEqual([whole.lastSeq, whole.lastTransferSeq]);
      }),
      { numRuns: 200 },
    );
  });

  test('delivering any suffix again changes nothing and yields nothing', () => {
    fc.assert(
      fc.property(stream, policy, fc.nat(), (samples, conditions, from) => {
        const state = emptyState(1_000);
        applyBatch(state, batchOf(samples), conditions);
        const before = structuredClone(byId(state));
        const again = applyBatch(state, batchOf(samples.slice(from % samples.length)), conditions);
        expect([again.outcomes, again.transfers, [...again.accounts]]).toEqual([[], [], []]);
        expect(byId(state)).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  test('money is neither made nor lost, no customer is left beyond the limit, and after-balances form a chain', () => {
    fc.assert(
      fc.property(stream, policy, (samples, conditions) => {
        const state = emptyState(1_000);
        const { transfers } = applyBatch(state, batchOf(samples), conditions);
        for (const currency of ['EUR', 'JPY']) {
          const ours = byId(state).filter((account) => account.currency === currency);
          const total = (pick: (account: Account) => bigint) => ours.reduce((sum, account) => sum + pick(account), 0n);
          expect(total((a) => a.debitsPosted)).toBe(total((a) => a.creditsPosted));
          expect(total((a) => a.debitsPending)).toBe(total((a) => a.creditsPending));
        }
        const last = new Map<string, Account>();
        for (const { debtor, creditor, amountMinor, kind } of transfers) {
          for (const [after, debit, credit] of [
            [debtor, amountMinor, 0n],
            [creditor, 0n, amountMinor],
          ] as const) {
            const before = last.get(after.id);
            const [debits, credits] =
              kind === 'hold' ? (['debitsPending', 'creditsPending'] as const) : (['debitsPosted', 'creditsPosted'] as const);
            expect(after[debits]).toBe((before?.[debits] ?? 0n) + debit);
            expect(after[credits]).toBe((before?.[credits] ?? 0n) + credit);
            if (before) expect(after.version).toBe(before.version + 1);
            last.set(after.id, after);
          }
        }
        expect(new Set(transfers.map(({ id }) => id)).size).toBe(transfers.length);
        expect(transfers.map(({ seq }) => seq)).toEqual(transfers.map((_, index) => index + 1));
      }),
      { numRuns: 200 },
    );
  });
});
