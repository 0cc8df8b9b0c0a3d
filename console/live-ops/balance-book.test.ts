import { expect, test } from '@jest/globals';
import type { Balance } from '@trancendos/contracts/balance';
import { BalanceBook } from './balance-book.ts';

const balance = (version: number): Balance => ({
  account_id: 'customer:ACC-1:EUR',
  kind: 'customer',
  currency: 'EUR',
  debits_posted: '0',
  credits_posted: String(version * 100),
  debits_pending: '0',
  credits_pending: '0',
  available: null,
  overdraft: '0',
  status: 'open' as const,
  version,
  ledger_seq: version,
  committed_at: '2026-05-01T16:04:11.482Z',
});

test('a balance that arrives late does not replace a newer one', () => {
  const book = new BalanceBook();
  for (const version of [2, 3, 1]) book.receive(balance(version));
  expect(book.current.get().get('customer:ACC-1:EUR')?.version).toBe(3);
});
