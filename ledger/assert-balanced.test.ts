import { describe, expect, test } from '@jest/globals';
import type { Account } from './account.ts';
import { assertBalanced } from './assert-balanced.ts';
import type { AccountChange } from './entry.ts';
import type { Hold } from './hold.ts';

const account: Account = {
  id: 'customer:ACC-1:EUR',
  number: 1,
  kind: 'customer',
  currency: 'EUR',
  debitsPosted: 0n,
  creditsPosted: 100n,
  debitsPending: 0n,
  creditsPending: 0n,
  overdraftMinor: 0n,
  status: 'open',
  onExpiry: 'void',
  velocity: [],
  metadata: {},
  version: 2,
  ledgerSeq: 1,
};
const merchant: Account = { ...account, id: 'merchant:books-01:EUR', number: 2, kind: 'merchant', creditsPosted: 0n };
const hold: Hold = {
  id: 'tr_1',
  debitId: account.id,
  creditId: merchant.id,
  amountMinor: 10n,
  remainingMinor: 10n,
  capturedMinor: 0n,
  status: 'open',
  onExpiry: 'void',
  placedAtMs: 0,
  expiresAtMs: 1,
  placedSeq: 1,
  ledgerSeq: 1,
  merchantId: null,
  transactionId: null,
};

function check(changes: readonly AccountChange[], holds: readonly Hold[] = []): () => void {
  const effects = {
    accounts: new Map(changes.map((change) => [change.after.id, change])),
    holds: new Map(holds.map((one) => [one.id, one])),
  };
  return () => assertBalanced(effects);
}

describe('an invariant that does not hold stops everything', () => {
  test('money from nowhere, and money between currencies', () => {
    expect(check([{ before: undefined, after: account }])).toThrow('differ by -100 minor units: posted EUR');
    const yen = { ...merchant, currency: 'JPY' as const };
    const spent = { before: account, after: { ...account, debitsPosted: 50n } };
    expect(check([spent, { before: yen, after: { ...yen, creditsPosted: 50n } }])).toThrow('differ by');
  });

  test('pending money apart from posted money, limits, and counters below zero', () => {
    const held = { before: account, after: { ...account, debitsPending: 50n } };
    expect(check([held, { before: merchant, after: { ...merchant, creditsPosted: 50n } }])).toThrow('differ by');
    const spent = { before: account, after: { ...account, debitsPosted: 101n } };
    expect(check([spent, { before: merchant, after: { ...merchant, creditsPosted: 101n } }])).toThrow('beyond its limit by 1');
    const below = { before: account, after: { ...account, debitsPending: -1n } };
    expect(check([below, { before: merchant, after: { ...merchant, creditsPending: -1n } }])).toThrow('below zero');
  });

  test('holds that are open with nothing in them, closed with something, or hold more than was placed', () => {
    expect(check([], [hold])).not.toThrow();
    expect(check([], [{ ...hold, remainingMinor: 0n }])).toThrow('open with 0 of 10 remaining');
    expect(check([], [{ ...hold, status: 'voided' }])).toThrow('voided with 10 of 10 remaining');
    expect(check([], [{ ...hold, remainingMinor: 6n, capturedMinor: 5n }])).toThrow('and 5 captured');
  });
});
