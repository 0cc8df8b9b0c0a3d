import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { windowOf } from './window-of.ts';

describe('the rows that are in the document', () => {
  test('are those in sight at the top, where all of them are written anew with every frame', () => {
    expect(windowOf({ firstInSight: 0, rowsInSight: 22 }, 10_000)).toEqual({ first: 0, end: 23 });
  });

  test('are some more on either side where the list is scrolled', () => {
    expect(windowOf({ firstInSight: 100, rowsInSight: 22 }, 10_000)).toEqual({ first: 96, end: 126 });
  });

  test('show the end of a list that has become shorter than where it was scrolled to', () => {
    expect(windowOf({ firstInSight: 100, rowsInSight: 22 }, 50)).toEqual({ first: 24, end: 50 });
  });

  test('are always rows of the list, and all that are in sight', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 500 }), fc.integer({ min: 0, max: 80 }), fc.nat(400), (firstInSight, rowsInSight, count) => {
        const { first, end } = windowOf({ firstInSight, rowsInSight }, count);
        expect([first >= 0, end <= count, first <= end || count === 0]).toEqual([true, true, true]);
        const seen = Math.max(0, Math.min(firstInSight, count - rowsInSight));
        expect([first <= seen, end >= Math.min(count, seen + rowsInSight)]).toEqual([true, true]);
      }),
    );
  });
});
