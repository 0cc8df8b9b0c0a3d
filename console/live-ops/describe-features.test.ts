import { describe, expect, test } from '@jest/globals';
import type { FeatureCatalogue } from '@trancendos/contracts/scoring-http';
import { describeFeatures, fitsWords } from './describe-features.ts';

const declare = (name: string, description: string): FeatureCatalogue['features'][number] => ({
  name,
  description,
  entity: 'customer',
  unit: 'major',
  windowDays: null,
  default: 0,
  group: 'amount',
  formula: '',
});
const DECLARED = [
  declare('tx_amount', 'Amount in units of its currency.'),
  declare('customer_usual_amount', 'What the payer usually pays.'),
];

describe('the values of a feature vector', () => {
  test('have their meaning by place, and what is usual from each other', () => {
    const rows = describeFeatures([249, 61.2], DECLARED);
    expect(rows.map(({ about, usual }) => [about?.name, usual])).toEqual([
      ['tx_amount', 61.2],
      ['customer_usual_amount', undefined],
    ]);
  });

  test('stay without names where the set is another one', () => {
    expect(describeFeatures([249], [])).toEqual([{ index: 0, value: 249, about: undefined, usual: undefined }]);
  });

  test('are found by words of their name or meaning, in any order', () => {
    const [amount, usual] = describeFeatures([249, 61.2], DECLARED);
    expect([amount, usual].map((row) => row && fitsWords(row, 'PAYS usual'))).toEqual([false, true]);
    expect([amount, usual].map((row) => row && fitsWords(row, ' '))).toEqual([true, true]);
  });
});
