import { describe, expect, test } from '@jest/globals';
import type { EntityList } from '@trancendos/contracts/control';
import { samplePayment } from '../sample-messages.ts';
import { ListIndex } from './match-lists.ts';

const list = (changes: Partial<EntityList>, ...values: string[]): EntityList => ({
  kind: 'account',
  effect: 'block',
  merchant_id: null,
  entries: values.map((value) => ({ value, expires_at: null, note: '' })),
  ...changes,
});
const payment = samplePayment('t', { payer: { account_id: 'ACC-1', card_token: 'card_1' } });
const matched = (lists: Record<string, EntityList>, transaction = payment) =>
  new ListIndex(new Map(Object.entries(lists))).match(transaction).map(({ source, effect, code }) => [source, effect, code]);

describe('lists', () => {
  test.each<[EntityList['kind'], string]>([
    ['account', 'ACC-1'],
    ['card_token', 'card_1'],
    ['terminal', 'T-1'],
    ['merchant', 'books-03'],
  ])('find a payment by its %s', (kind, value) => {
    expect(matched({ stolen: list({ kind }, 'other', value) })).toEqual([['stolen', 'block', 'list_blocked']]);
    expect(matched({ stolen: list({ kind }, 'other') })).toEqual([]);
  });

  test('do not take an account for a card of the same name', () => {
    expect(matched({ cards: list({ kind: 'card_token' }, 'ACC-1') })).toEqual([]);
  });

  test('say everything that holds, each with its effect', () => {
    expect(matched({ friends: list({ effect: 'allow' }, 'ACC-1'), watched: list({ kind: 'terminal', effect: 'review' }, 'T-1') })).toEqual([
      ['friends', 'allow', 'list_allowed'],
      ['watched', 'review', 'list_watched'],
    ]);
  });

  test('of one merchant say nothing about the payments of another', () => {
    const own = { own: list({ merchant_id: 'books-03' }, 'ACC-1') };
    expect(matched(own)).toHaveLength(1);
    expect(matched(own, { ...payment, merchant_id: 'grocery-07' })).toEqual([]);
  });

  test('forget an entry at its time, by when the payment was received', () => {
    const ending = list({ entries: [{ value: 'ACC-1', expires_at: payment.received_at, note: '' }] });
    expect(matched({ ending })).toEqual([]);
    expect(matched({ ending }, { ...payment, received_at: '2026-03-02T12:00:00.999Z' })).toHaveLength(1);
  });

  test('have a version that follows their content', () => {
    const version = (...values: string[]) => new ListIndex(new Map([['a', list({}, ...values)]])).version;
    expect(new ListIndex(new Map()).version).toBe('none');
    expect(version('ACC-1')).toBe(version('ACC-1'));
    expect(version('ACC-1')).not.toBe(version('ACC-2'));
  });
});
