import { describe, expect, test } from '@jest/globals';
import { FEED_ROWS_MAX, FeedStore } from './feed-store.ts';
import { sampleFrame, sampleItem, sampleSnapshot } from './sample-feed.ts';

/** The rows oldest first: places, and gaps by their size. */
function shown(store: FeedStore): (number | string)[] {
  return store
    .rowsNewestFirst()
    .reverse()
    .map((row) => (row.kind === 'item' ? row.item.seq : `gap ${row.missed ?? '?'}`));
}

function storeAt(seq: number): FeedStore {
  const store = new FeedStore();
  store.receiveSnapshot(sampleSnapshot(1, seq), 0);
  return store;
}

describe('the feed store', () => {
  test('keeps rows in order, with a line where some are missing, each under an id of its own', () => {
    const store = storeAt(3);
    store.receiveFrame(sampleFrame(4, 5), 0);
    store.receiveSnapshot(sampleSnapshot(9, 10), 0);
    store.receiveSnapshot(sampleSnapshot(1, 2, { room: 'b/1', items: [] }), 0);
    expect(shown(store)).toEqual([1, 2, 3, 4, 5, 'gap 3', 9, 10, 'gap ?']);
    expect(store.rowsNewestFirst().map(({ id }) => id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('keeps the rows of one filter until the room of another has answered', () => {
    const store = storeAt(3);
    store.chooseFilter('books');
    expect([shown(store), store.isAwaitingRoom]).toEqual([[1, 2, 3], true]);
    store.receiveSnapshot(sampleSnapshot(5, 5, { filter: 'books', room: 'a/2' }), 0);
    expect([shown(store), store.isAwaitingRoom, store.room]).toEqual([[5], false, 'a/2']);
  });

  test('tells that rows are sampled, and shows no gap between them', () => {
    const store = storeAt(1);
    store.receiveFrame(sampleFrame(2, 41, [sampleItem(5), sampleItem(41)], 20), 1_000);
    expect(store.sampledRatio(1_500)).toBe(20);
    expect(shown(store)).toEqual([1, 5, 41]);
    expect(store.sampledRatio(10_000)).toBe(1);
  });

  test('takes the totals of a frame without rows as a sign of life', () => {
    const store = storeAt(2);
    store.receiveFrame(sampleFrame(3, 2), 4_000);
    expect([store.receivedAtMs, store.toSeq]).toEqual([4_000, 2]);
  });

  test('keeps the newest rows only', () => {
    const store = storeAt(0);
    for (let at = 0; at < 205; at += 1) store.receiveFrame(sampleFrame(at * 50 + 1, at * 50 + 50), at * 1_000);
    const rows = store.rowsNewestFirst();
    expect([rows.length, rows[0]?.id, rows.at(-1)?.id]).toEqual([FEED_ROWS_MAX, 10_250, 251]);
  });
});
