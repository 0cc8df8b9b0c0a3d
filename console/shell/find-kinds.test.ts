import { expect, test } from '@jest/globals';
import { isLikeAnId } from './find-kinds.ts';

test('the archive is asked for what may be an id, and not for words of commands', () => {
  expect(['order-48007', 'ACC-21066', 'card_23cce', 'T-106', 'customer:ACC-1:EUR'].map(isLikeAnId)).toEqual([true, true, true, true, true]);
  expect(['ledger', 'go to 1', '-1x', 'T1', '4/2'].map(isLikeAnId)).toEqual([false, false, false, false, false]);
});
