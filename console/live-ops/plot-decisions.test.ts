import type { DecisionLine } from '@trancendos/contracts/archive';
import { describe, expect, test } from '@jest/globals';
import { averageMinor, mainCurrency, plotAmounts, plotScores } from './plot-decisions.ts';

const line = (second: number, changes: Partial<DecisionLine>) =>
  ({
    committed_at: new Date(second * 1_000).toISOString(),
    action: 'approve',
    score: 10,
    amount_minor: 100,
    currency: 'EUR',
    ...changes,
  }) as DecisionLine;
const NEWEST_FIRST = [
  line(3, { action: 'decline', score: 900 }),
  line(2, { score: null, currency: 'JPY', amount_minor: 30 }),
  line(1, { score: 20, amount_minor: 500 }),
];

describe('decisions over time', () => {
  test('stand oldest first, each in the series of what was decided; what was not scored is left out', () => {
    expect(plotScores(NEWEST_FIRST)).toEqual({
      timesMs: [1_000, 3_000],
      values: { approve: [20, null], review: [null, null], decline: [null, 900] },
    });
  });

  test('show amounts of one currency, which are not compared with those of another', () => {
    expect(mainCurrency(NEWEST_FIRST)).toBe('EUR');
    expect(plotAmounts(NEWEST_FIRST, 'EUR').values.approve).toEqual([500, null]);
    expect(plotAmounts(NEWEST_FIRST, 'JPY').timesMs).toEqual([2_000]);
  });

  test('have no currency and no average where there are none', () => {
    expect(mainCurrency([])).toBeUndefined();
    expect(averageMinor('0', 0)).toBeUndefined();
    expect(averageMinor('90071992547409931', 2)).toBe('45035996273704965');
  });
});
