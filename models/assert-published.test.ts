import { describe, expect, test } from '@jest/globals';
import { isPublished } from './assert-published.ts';
import { DataUnfit, type Transactions } from './load-transactions.ts';

function transactionsOf(amountsMinor: readonly number[]): Transactions {
  const count = amountsMinor.length;
  const zeros = () => new Float64Array(count);
  return {
    count,
    id: zeros(),
    timeMs: zeros(),
    customer: new Uint32Array(count),
    terminal: new Uint32Array(count),
    amountMinor: Float64Array.from(amountsMinor),
    fraud: new Uint8Array(count),
    scenario: new Uint8Array(count),
    knownAtMs: zeros(),
  };
}

describe('data that are to be trained on', () => {
  test('are not taken for the published ones where they begin otherwise', () => {
    expect(isPublished(transactionsOf([5_716, 8_151, 14_601, 900]))).toBe(false);
  });

  test('are refused, with both totals, where they begin like the published ones and hold something else', () => {
    const damaged = () => isPublished(transactionsOf([5_716, 8_151, 14_600, 900]));
    expect(damaged).toThrow(DataUnfit);
    expect(damaged).toThrow(/4 rows, 0 frauds, 29367 minor units instead of \d+ rows, \d+ frauds, \d+ minor units/);
  });
});
