import { describe, expect, test } from '@jest/globals';
import { TransferId } from '@trancendos/contracts/ids';
import { deriveTransferId } from './derive-transfer-id.ts';

describe('the id of a transfer', () => {
  test('follows from its facts alone, and other facts give another', () => {
    const id = deriveTransferId(1_777_000_000_000, 'payment', 'books-01', 't-1');
    expect(deriveTransferId(1_777_000_000_000, 'payment', 'books-01', 't-1')).toBe(id);
    expect(deriveTransferId(1_777_000_000_000, 'payment', 'books-01', 't-2')).not.toBe(id);
    expect(deriveTransferId(1_777_000_000_000, 'payment', 'books-0', '1t-1')).not.toBe(id);
  });

  test('is a UUID of version 8 that sorts by time', () => {
    const ids = [1, 255, 256, 1_777_000_000_000, 1_777_000_000_001].map((atMs) => deriveTransferId(atMs, 'x'));
    for (const id of ids) expect(TransferId.parse(id)).toMatch(/^tr_[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...ids].sort()).toEqual(ids);
  });

  test('takes a time before 1970 as the beginning', () => {
    expect(deriveTransferId(-5, 'x')).toBe(deriveTransferId(0, 'x'));
  });
});
