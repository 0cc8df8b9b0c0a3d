import { describe, expect, test } from '@jest/globals';
import { entityHref, transactionHref } from './archive-path.ts';
import { decisionPathOf, isReference } from './transaction-address.ts';

const DECISION = 'dec_01a20000-0000-7000-8000-000000000001';

describe('the address of a payment', () => {
  test('leads to one decision where it names a decision, or a transaction with its merchant', () => {
    expect(decisionPathOf(DECISION, undefined)).toBe(`/api/review/v1/decisions/${DECISION}`);
    expect(decisionPathOf('order-1:2', 'books-03')).toBe('/api/review/v1/transactions/books-03/order-1%3A2');
  });

  test('does not say enough with the id alone, because several merchants may have it', () => {
    expect(decisionPathOf('order-1', undefined)).toBeUndefined();
  });

  test('asks the archive for nothing that cannot be an id', () => {
    expect(decisionPathOf('../secrets', 'books-03')).toBeUndefined();
    expect(decisionPathOf('order-1', 'books/03')).toBeUndefined();
    expect(['order-1', 'a'.repeat(64)].map(isReference)).toEqual([true, true]);
    expect(['', '-a', 'a b', 'a'.repeat(65)].map(isReference)).toEqual([false, false, false, false]);
  });

  test('is made with the merchant, so that it stays the same payment', () => {
    expect(transactionHref({ transaction_id: 'order-1:2', merchant_id: 'books-03' })).toBe('/tx/order-1%3A2?merchant=books-03');
    expect(entityHref('terminal', 'T:1')).toBe('/entity/terminal/T%3A1');
  });
});
