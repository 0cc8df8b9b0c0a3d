import { describe, expect, test } from '@jest/globals';
import { readIdempotencyKey } from './read-idempotency-key.ts';

describe('an Idempotency-Key', () => {
  test('is taken bare or quoted, as the same key', () => {
    expect(readIdempotencyKey('order-1/attempt=2')).toBe('order-1/attempt=2');
    expect(readIdempotencyKey('"order-1/attempt=2"')).toBe('order-1/attempt=2');
    expect(readIdempotencyKey('"a\\"b"')).toBe('a"b');
    expect(readIdempotencyKey('k'.repeat(255))).toBe('k'.repeat(255));
  });

  test.each([[undefined], [''], ['""'], ['two words'], ['naïve'], ['k'.repeat(256)], ['tab\there'], [['a', 'b']]])(
    '%j is none',
    (header) => {
      expect(readIdempotencyKey(header)).toEqual({ refused: 'idempotency_key_missing' });
    },
  );

  test('never holds a card number', () => {
    expect(readIdempotencyKey('pay-4111111111111111')).toEqual({ refused: 'card_number_refused' });
  });
});
