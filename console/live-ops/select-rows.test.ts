import { parseFilter } from '@trancendos/contracts/feed-filter';
import { expect, test } from '@jest/globals';
import type { FeedRow } from './row-ring.ts';
import { sampleItem } from './sample-feed.ts';
import { selectRows } from './select-rows.ts';

test('a filter leaves out what does not fit, and never a gap', () => {
  const rows: FeedRow[] = [
    { id: 4, kind: 'item', item: sampleItem(6, { score: 800 }) },
    { id: 3, kind: 'item', item: sampleItem(5, { score: 10 }) },
    { id: 2, kind: 'gap', missed: 2 },
    { id: 1, kind: 'item', item: sampleItem(2, { score: 700 }) },
  ];
  expect(selectRows(rows, parseFilter('score>500')).map(({ id }) => id)).toEqual([4, 2, 1]);
  expect(selectRows(rows, parseFilter(''))).toBe(rows);
});
