import { describe, expect, test } from '@jest/globals';
import type { Balance } from '@trancendos/contracts/balance';
import { BalanceBoard } from './balance-board.ts';
import { BALANCE_EVERY_MS, BalanceRelay } from './balance-relay.ts';

const balance = (accountId: string, version: number): Balance => ({
  account_id: `customer:${accountId}:EUR`,
  kind: 'customer',
  currency: 'EUR',
  debits_posted: '0',
  credits_posted: '100',
  debits_pending: '0',
  credits_pending: '0',
  available: '100',
  overdraft: '0',
  status: 'open' as const,
  version,
  ledger_seq: version,
  committed_at: '2026-05-01T12:00:00.000Z',
});

describe('the board of balances', () => {
  test('keeps the newest version of an account, whatever order they come in', () => {
    const board = new BalanceBoard(10);
    expect([2, 1, 2, 3].map((version) => board.put(balance('A', version)))).toEqual([true, false, false, true]);
    expect(board.get('customer:A:EUR')?.version).toBe(3);
  });

  test('forgets the accounts that have not moved for longest when it is full', () => {
    const board = new BalanceBoard(2);
    for (const [accountId, version] of [
      ['A', 1],
      ['B', 1],
      ['A', 2],
      ['C', 1],
    ] as const)
      board.put(balance(accountId, version));
    expect(['A', 'B', 'C'].map((accountId) => board.get(`customer:${accountId}:EUR`)?.version)).toEqual([2, undefined, 1]);
  });
});

describe('the relay of balances', () => {
  const relayTo = (sent: string[]) => new BalanceRelay(({ account_id, version }) => sent.push(`${account_id} ${version}`));

  test('passes the first change on at once and the newest of the following ones after the interval', () => {
    const sent: string[] = [];
    const relay = relayTo(sent);
    relay.note(balance('A', 1), 0);
    for (let version = 2; version <= 100; version++) relay.note(balance('A', version), version);
    relay.note(balance('B', 1), 100);
    relay.flush(BALANCE_EVERY_MS - 1);
    expect(sent).toEqual(['customer:A:EUR 1', 'customer:B:EUR 1']);
    relay.flush(BALANCE_EVERY_MS);
    relay.flush(2 * BALANCE_EVERY_MS);
    expect(sent).toEqual(['customer:A:EUR 1', 'customer:B:EUR 1', 'customer:A:EUR 100']);
  });

  test('sends an account at most four times a second, and its last state always', () => {
    const sent: string[] = [];
    const relay = relayTo(sent);
    for (let ms = 0; ms < 10_000; ms++) {
      relay.note(balance('A', ms + 1), ms);
      if (ms % 50 === 0) relay.flush(ms);
    }
    relay.flush(20_000);
    expect(sent.length).toBeLessThanOrEqual(41);
    expect(sent.at(-1)).toBe('customer:A:EUR 10000');
  });
});
