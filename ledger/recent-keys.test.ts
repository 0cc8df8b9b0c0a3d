import { describe, expect, test } from '@jest/globals';
import { RecentKeys } from './recent-keys.ts';

describe('recent keys', () => {
  test('are known for at least half of the capacity, and forgotten beyond it', () => {
    const keys = new RecentKeys(10);
    for (let n = 1; n <= 1_000; n++) {
      keys.add(`k-${n}`);
      for (let recent = Math.max(1, n - 4); recent <= n; recent++) expect(keys.has(`k-${recent}`)).toBe(true);
      expect(keys.has(`k-${n - 10}`)).toBe(false);
    }
  });
});
