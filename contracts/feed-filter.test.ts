import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalFilter, compileFilter, parseFilter, type FilterRow } from './feed-filter.ts';

const row = (changes: Partial<FilterRow> = {}): FilterRow => ({
  transaction_id: 'tx-7',
  merchant_id: 'books-03',
  terminal_id: 'T-1',
  payer: { account_id: 'ACC-1', card_token: 'card_1' },
  amount_minor: 1_249,
  currency: 'EUR',
  score: 500,
  action: 'review',
  reasons: [
    { code: 'amount_above_usual', category: 'amount', effect: 'raises', message: '12.49, usually 3.10', weight: 1, rule: 'night@2' },
  ],
  money: { state: 'pending', transfer_id: null, expires_at: null },
  model: 'luminous-3',
  ...changes,
});
const matches = (query: string, changes?: Partial<FilterRow>) => compileFilter(parseFilter(query))?.(row(changes)) ?? true;

describe('a filter', () => {
  test('reads comparisons, choices, parts of names, whole names, opposites and free text', () => {
    expect(parseFilter('score>=300 amount>100.50 action:review,declined merchant:Books -terminal=T-9 velocity')).toEqual([
      { kind: 'number', isNegated: false, field: 'score', comparison: '>=', value: 300 },
      { kind: 'number', isNegated: false, field: 'amount', comparison: '>', value: 100.5 },
      { kind: 'choice', isNegated: false, field: 'action', values: ['decline', 'review'] },
      { kind: 'name', isNegated: false, field: 'merchant', match: 'contains', values: ['books'] },
      { kind: 'name', isNegated: true, field: 'terminal', match: 'equals', values: ['t-9'] },
      { kind: 'text', isNegated: false, text: 'velocity' },
    ]);
  });

  test.each([
    ['score>=high', 'not_a_number'],
    ['amount>', 'no_value'],
    ['score>-1', 'not_a_number'],
    ['action:maybe', 'unknown_value'],
    ['action:review,maybe', 'unknown_value'],
    ['action:constructor', 'unknown_value'],
    ['merchant:', 'no_value'],
    ['merchant:,', 'no_value'],
    ['merchant>5', 'unknown_value'],
    ['mrechant:books', 'unknown_field'],
    ['constructor:x', 'unknown_field'],
    [`merchant:${Array.from({ length: 21 }, (_, index) => index).join(',')}`, 'too_many_values'],
  ])('says why it does not understand %s, and filters nothing by it', (query, problem) => {
    expect(parseFilter(query)).toEqual([{ kind: 'invalid', isNegated: false, text: query, problem }]);
    expect(matches(query)).toBe(true);
    expect(canonicalFilter(parseFilter(query))).toBe('');
  });

  test.each([
    ['score>=500', true],
    ['score>500', false],
    ['score:500', true],
    ['-score:500', false],
    ['amount>=12.49', true],
    ['amount>12.49', false],
    ['amount<12.5', true],
    ['amount<12.491', true],
    ['action:review', true],
    ['action:held', true],
    ['action:approve,decline', false],
    ['merchant:BOOKS', true],
    ['merchant=books', false],
    ['merchant=books-03,fuel-01', true],
    ['-merchant=books-03', false],
    ['terminal:t-1', true],
    ['payer:card_1', true],
    ['payer:acc-2', false],
    ['card:acc-1', false],
    ['card=card_1', true],
    ['reason:above', true],
    ['reason=night@2', true],
    ['model:luminous', true],
    ['money:held', true],
    ['money:posted,voided', false],
    ['currency=eur', true],
    ['transaction:tx', true],
    ['usually', true],
    ['-usually', false],
    ['score>=500 merchant:fuel', false],
  ])('with %s answers %s for a held 12.49 EUR at score 500', (query, expected) => {
    expect(matches(query)).toBe(expected);
  });

  test('compares amounts in major units of the row’s currency', () => {
    expect(matches('amount>1000', { currency: 'JPY' })).toBe(true);
    expect(matches('amount>1.248', { currency: 'KWD' })).toBe(true);
    expect(matches('amount>1.249', { currency: 'KWD' })).toBe(false);
  });

  test('finds nothing of who is not there', () => {
    expect(matches('terminal:t', { terminal_id: null })).toBe(false);
    expect(matches('model:l', { model: null })).toBe(false);
    expect(matches('card:c', { payer: { account_id: 'ACC-1' } })).toBe(false);
  });

  test('has one canonical form, however it is written, that means the same', () => {
    expect(canonicalFilter(parseFilter('  Books   action:held,declined score>=300.0 books '))).toBe(
      'action:decline,review books score>=300',
    );
    const word = fc.constantFrom('score>=500', 'score<007', 'amount>12.490', 'action:held', 'action:review,approve', 'merchant:B', '-x', 'tx', 'bad:', 'money=held'); // prettier-ignore
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.integer({ min: 0, max: 1000 }), (words, score) => {
        const canonical = canonicalFilter(parseFilter(words.join(' ')));
        expect(canonicalFilter(parseFilter(canonical))).toBe(canonical);
        expect(canonicalFilter(parseFilter([...words].reverse().join('  ').toUpperCase()))).toBe(canonical);
        expect(matches(canonical, { score })).toBe(matches(words.join(' '), { score }));
      }),
    );
  });
});
