import { describe, expect, test } from '@jest/globals';
import { matchesFilter, parseFilter } from './parse-filter.ts';
import { sampleItem } from './sample-feed.ts';

describe('the filter', () => {
  test('reads comparisons, decisions, names and free text', () => {
    expect(parseFilter('score>=300 amount>100.50 action:review,declined merchant:Books payer:acc-1 velocity')).toEqual([
      { kind: 'number', field: 'score', comparison: '>=', value: 300 },
      { kind: 'number', field: 'amount', comparison: '>', value: 100.5 },
      { kind: 'action', actions: ['review', 'decline'] },
      { kind: 'contains', field: 'merchant', text: 'books' },
      { kind: 'contains', field: 'payer', text: 'acc-1' },
      { kind: 'text', text: 'velocity' },
    ]);
  });

  test.each(['score>=high', 'amount>', 'action:maybe', 'action:review,maybe', 'merchant:', 'score>-1'])(
    'says that it does not understand %s, and filters nothing by it',
    (query) => {
      const terms = parseFilter(query);
      expect(terms).toEqual([{ kind: 'invalid', text: query }]);
      expect(matchesFilter(sampleItem(1), terms)).toBe(true);
    },
  );

  test.each([
    ['score>=500', true],
    ['score>500', false],
    ['score:500', true],
    ['amount>=12.49', true],
    ['amount>12.49', false],
    ['amount<12.5', true],
    ['action:review', true],
    ['action:approve,decline', false],
    ['merchant:BOOKS', true],
    ['payer:card_1', true],
    ['payer:acc-2', false],
    ['usually', true],
    ['tx-7', true],
    ['score>=500 merchant:fuel', false],
  ])('with %s answers %s for a held 12.49 EUR at score 500', (query, expected) => {
    const reasons = [
      { code: 'amount_above_usual', category: 'amount', effect: 'raises', message: '12.49, usually 3.10', weight: 1 },
    ] as const;
    const item = sampleItem(7, { score: 500, action: 'review', reasons: [...reasons] });
    expect(matchesFilter(item, parseFilter(query))).toBe(expected);
  });

  test('compares amounts in major units of the row’s currency', () => {
    const yen = sampleItem(1, { currency: 'JPY', amount_minor: 1_249 });
    expect(matchesFilter(yen, parseFilter('amount>1000'))).toBe(true);
    expect(matchesFilter({ ...yen, currency: 'KWD' }, parseFilter('amount>1.248'))).toBe(true);
  });
});
