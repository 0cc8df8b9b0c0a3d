import { describe, expect, test } from '@jest/globals';
import { newId } from './new-id.ts';

describe('newId', () => {
  test('gives ids of a kind that are all different and sort in the order in which they were made', () => {
    const ids = Array.from({ length: 5_000 }, () => newId('req'));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('draws the random part of each anew', () => {
    const tails = Array.from({ length: 2_000 }, () => newId('req').slice(-8));
    expect(new Set(tails).size).toBeGreaterThan(1_990);
  });
});
