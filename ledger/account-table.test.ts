import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AccountTable } from './account-table.ts';
import type { Account } from './account.ts';

const ids = Array.from({ length: 12 }, (_, number) => `customer:${number}:EUR`);
const counter = fc.oneof(fc.bigInt(0n, 1_000n), fc.bigInt(2n ** 62n - 3n, 2n ** 62n - 1n));
const version = fc.record({
  debitsPosted: counter,
  creditsPosted: counter,
  debitsPending: counter,
  creditsPending: counter,
  overdraftMinor: fc.option(counter),
  status: fc.constantFrom('open' as const, 'frozen' as const),
  onExpiry: fc.constantFrom('void' as const, 'post' as const),
  velocity: fc.constantFrom([], [{ window: '1h' as const, max_count: 3, max_sum_minor: null }]),
  metadata: fc.constantFrom({}, { tier: 'gold' }),
  version: fc.maxSafeNat(),
  ledgerSeq: fc.nat(100),
});
const step = fc.oneof(
  { weight: 9, arbitrary: fc.record({ place: fc.nat(ids.length - 1), account: version }) },
  { weight: 1, arbitrary: fc.record({ committedSeq: fc.nat(100), keep: fc.nat(ids.length) }) },
);

const REST = {
  debitsPosted: 1n,
  creditsPosted: 7n,
  debitsPending: 0n,
  creditsPending: 2n,
  overdraftMinor: 0n,
  status: 'open',
  onExpiry: 'void',
  velocity: [],
  metadata: {},
  version: 1,
  ledgerSeq: 1,
} as const;

function accountOf(place: number, rest: Omit<Account, 'id' | 'number' | 'kind' | 'currency'>): Account {
  return { id: ids[place] ?? '', number: place + 1, kind: 'customer', currency: 'EUR', ...rest };
}

/** As the table does it, over a Map of whole accounts. */
function forgetOldest(accounts: Map<string, Account>, committedSeq: number, keep: number): void {
  for (const [id, { ledgerSeq }] of accounts) {
    if (accounts.size > keep && ledgerSeq <= committedSeq) accounts.delete(id);
  }
}

describe('the table of accounts', () => {
  test('holds what a Map of accounts holds, in its order, whatever is put in, changed and forgotten', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = new AccountTable();
        const map = new Map<string, Account>();
        for (const taken of steps) {
          if ('keep' in taken) {
            table.forgetOldest(taken.committedSeq, taken.keep);
            forgetOldest(map, taken.committedSeq, taken.keep);
          } else {
            const account = accountOf(taken.place, taken.account);
            table.set(account);
            map.set(account.id, account);
          }
          expect([...table.values()]).toEqual([...map.values()]);
        }
        for (const id of ids) {
          expect(table.get(id)).toEqual(map.get(id));
          expect(table.has(id)).toBe(map.has(id));
          expect(table.isLimited(id)).toBe(map.get(id) && map.get(id)?.velocity.length !== 0);
        }
        expect([table.size, [...table.keys()]]).toEqual([map.size, [...map.keys()]]);
      }),
      { numRuns: 300 },
    );
  });

  test('gives versions that stay as they were when the next one comes', () => {
    const table = new AccountTable();
    const next = { ...REST, creditsPosted: 8n, version: 2, status: 'frozen' } as const;
    table.set(accountOf(0, REST));
    const before = table.get(ids[0]!);
    table.set(accountOf(0, next));
    expect(before).toEqual(accountOf(0, REST));
    expect(table.get(ids[0]!)).toEqual(accountOf(0, next));
  });

  test('grows beyond what it begins with, and uses the room of those that were forgotten', () => {
    const table = new AccountTable();
    const account = (number: number): Account => ({
      ...accountOf(0, REST),
      id: `customer:${number}:EUR`,
      number,
      creditsPosted: BigInt(number),
    });
    for (let number = 0; number < 5_000; number++) table.set(account(number));
    table.forgetOldest(100, 10);
    for (let number = 5_000; number < 9_000; number++) table.set(account(number));
    expect(table.size).toBe(4_010);
    for (let number = 4_990; number < 9_000; number++) expect(table.get(`customer:${number}:EUR`)).toEqual(account(number));
    expect(table.get('customer:4989:EUR')).toBeUndefined();
  });
});
