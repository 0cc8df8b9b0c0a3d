import { expect, test } from '@jest/globals';
import { sampleItem } from './sample-feed.ts';
import { WatchCounts } from './watch-counts.ts';

test('what is watched is counted until its reader looks', () => {
  const counts = new WatchCounts();
  const [merchant, account] = [{ kind: 'merchant', id: 'books-03' } as const, { kind: 'account', id: 'ACC-1' } as const];
  const concerns = [1, 2, 3].map((seq) => counts.count(sampleItem(seq), [merchant, account]));
  expect([concerns, counts.count(sampleItem(4, { merchant_id: 'other', payer: { card_token: 'card_2' } }), [merchant])]).toEqual([
    [true, true, true],
    false,
  ]);
  counts.publish();
  expect([counts.countOf(merchant), counts.countOf(account)]).toEqual([3, 3]);
  counts.look(merchant);
  expect([counts.countOf(merchant), counts.countOf(account)]).toEqual([0, 3]);
});
