import { expect, test } from '@jest/globals';
import { parseFilter } from './parse-filter.ts';
import type { FeedRow } from './row-ring.ts';
import { sampleItem } from './sample-feed.ts';
import { selectRows } from './select-rows.ts';

const rows: FeedRow[] = [
  { kind: 'item', item: sampleItem(6, { score: 800 }) },
  { kind: 'item', item: sampleItem(5, { score: 10 }) },
  { kind: 'gap', fromSeq: 3, toSeq: 4 },
  { kind: 'item', item: sampleItem(2, { score: 700 }) },
];

test('a filter leaves out what does not fit, and never a gap', () => {
  expect(selectRows(rows, parseFilter('score>500'), undefined)).toEqual({ rows: [rows[0], rows[2], rows[3]], heldBack: 0 });
});

test('a frozen view shows nothing newer, and counts of it only what fits', () => {
  expect(selectRows(rows, parseFilter('score>500'), 4)).toEqual({ rows: [rows[2], rows[3]], heldBack: 1 });
});
