import { describe, expect, test } from '@jest/globals';
import type { Insights, InsightTotals } from '@trancendos/contracts/archive';
import { compareMerchants, compareMoney, compareReasons } from './compare-bars.ts';

function totals(decisions: number, counts: Partial<InsightTotals> = {}): InsightTotals {
  return { decisions, approve: 0, review: 0, decline: 0, money: [], ...counts } as InsightTotals;
}

function money(currency: 'CHF' | 'EUR', prevented: string): InsightTotals['money'][number] {
  return { currency, decided_minor: '0', approved_minor: '0', lost_minor: '5', prevented_minor: prevented, false_positive_minor: '7' };
}

function insights(parts: Partial<Insights>): Insights {
  return { totals: totals(100), previous: { totals: totals(0) }, reasons: [], merchants: [], ...parts } as Insights;
}

describe('what is compared with the time before', () => {
  test('is money of one currency, euros where there are any, and nothing beside it where the time before has none', () => {
    const now = totals(10, { money: [money('CHF', '900'), money('EUR', '41870')] });
    const before = { totals: totals(10, { money: [money('CHF', '1')] }) } as Insights['previous'];
    expect(compareMoney(insights({ totals: now, previous: before }), (name) => name)).toMatchObject([
      { label: 'prevented', value: 41_870, valueText: '€418.70', before: null, beforeText: '–' },
      { label: 'lostMoney', valueText: '€0.05' },
      { label: 'falsePositiveMoney', valueText: '€0.07' },
    ]);
    expect(compareMoney(insights({}), (name) => name)).toEqual([]);
  });

  test('is 0 for a reason that was not given before, and unknown while the time before is', () => {
    const reasons = [{ code: 'amount_unusual', decisions: 25, approve: 0, review: 0, decline: 0 }];
    const before = insights({ totals: totals(50) });
    expect(compareReasons(insights({ reasons }), before, 10)).toMatchObject([{ label: 'Amount unusual', value: 25, before: 0 }]);
    expect(compareReasons(insights({ reasons }), undefined, 10)).toMatchObject([{ valueText: '25.0 %', before: null, beforeText: '–' }]);
  });

  test('is of the merchants with most decisions, by what was held or declined', () => {
    const merchants = ['small', 'large', 'middle'].map((merchant_id, place) => ({
      merchant_id,
      totals: totals([10, 1_000, 100][place] ?? 0, { review: 1, decline: 1 }),
    }));
    const bars = compareMerchants(insights({ merchants }), insights({}), 2);
    expect(bars.map(({ label, valueText, before }) => [label, valueText, before])).toEqual([
      ['large', '0.2 %', null],
      ['middle', '2.0 %', null],
    ]);
  });
});
