import { expect, test } from '@jest/globals';
import { isOfFeatureSet } from './is-of-feature-set.ts';

test('a decision is of a feature set whatever its beliefs were estimated to be, and of no other set', () => {
  expect(isOfFeatureSet('luminous-53@6bdfef+47240c', 'luminous-53@6bdfef')).toBe(true);
  expect(isOfFeatureSet('luminous-53@6bdfef', 'luminous-53@6bdfef')).toBe(true);
  expect(isOfFeatureSet('luminous-50@6f9cca+47240c', 'luminous-53@6bdfef')).toBe(false);
});
