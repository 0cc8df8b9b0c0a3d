import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FEED_ROWS_MAX, FeedStore, THROUGHPUT_POINTS } from './feed-store.ts';
import { seqOf } from './row-ring.ts';
import { sampleFrame, sampleItem, sampleSnapshot } from './sample-feed.ts';

/** The rows oldest first: sequences, and gaps as `from-to`. */
function shown(store: FeedStore): (number | string)[] {
  return store
    .rowsNewestFirst()
    .reverse()
    .map((row) => (row.kind === 'item' ? row.item.seq : `${row.fromSeq}-${row.toSeq}`));
}

function storeAt(seq: number): FeedStore {
  const store = new FeedStore();
  store.receiveSnapshot(sampleSnapshot('a', 1, seq), 0);
  return store;
}

describe('the feed store', () => {
  test('keeps rows in order and once, however they are split into frames and however often a frame comes again', () => {
    const split = fc.array(fc.record({ rows: fc.nat(20), repeated: fc.boolean(), overlap: fc.nat(5) }), { maxLength: 30 });
    fc.assert(
      fc.property(split, (frames) => {
        const store = storeAt(0);
        let seq = 0;
        for (const { rows, repeated, overlap } of frames) {
          const from = Math.max(1, seq + 1 - overlap);
          for (let times = repeated ? 2 : 1; times > 0; times -= 1)
            expect(store.receiveFrame(sampleFrame('a', from, seq + rows), 0)).toBe('taken');
          seq += rows;
        }
        expect(shown(store)).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
        expect(store.resumePoint).toEqual({ epoch: 'a', since: seq });
      }),
      { numRuns: 60 },
    );
  });

  test('asks once for what is missing, holds later frames off, and shows no gap once it is filled', () => {
    const store = storeAt(3);
    expect(store.receiveFrame(sampleFrame('a', 6, 7), 100)).toBe('ask');
    expect(store.receiveFrame(sampleFrame('a', 8, 8), 200)).toBe('waiting');
    expect(store.resumePoint).toEqual({ epoch: 'a', since: 3 });
    store.receiveFrame(sampleFrame('a', 4, 8), 300);
    store.receiveFrame(sampleFrame('a', 9, 9), 400);
    expect(shown(store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('shows a gap when two requests for the missing rows brought nothing', () => {
    const store = storeAt(3);
    const answers = [0, 500, 1_000, 1_900, 2_000].map((nowMs) => store.receiveFrame(sampleFrame('a', 6, 7), nowMs));
    expect(answers).toEqual(['ask', 'waiting', 'ask', 'waiting', 'taken']);
    expect(shown(store)).toEqual([1, 2, 3, '4-5', 6, 7]);
  });

  test('shows a gap when the gateway no longer has what was missed and answers with a snapshot', () => {
    const store = storeAt(3);
    store.receiveSnapshot(sampleSnapshot('a', 10, 12), 0);
    expect(shown(store)).toEqual([1, 2, 3, '4-9', 10, 11, 12]);
  });

  test('takes a snapshot that overlaps what it has without doubling a row', () => {
    const store = storeAt(3);
    store.receiveSnapshot(sampleSnapshot('a', 2, 5), 0);
    expect(shown(store)).toEqual([1, 2, 3, 4, 5]);
  });

  test('begins anew when the gateway has restarted', () => {
    const store = storeAt(30);
    expect(store.receiveFrame(sampleFrame('b', 1, 2), 0)).toBe('ask');
    store.receiveSnapshot(sampleSnapshot('b', 1, 2), 0);
    store.receiveFrame(sampleFrame('b', 3, 3), 0);
    expect(shown(store)).toEqual([1, 2, 3]);
  });

  test('tells that rows are sampled, and shows no gap between them', () => {
    const store = storeAt(1);
    store.receiveFrame(sampleFrame('a', 2, 41, [sampleItem(5), sampleItem(9), sampleItem(30), sampleItem(41)]), 1_000);
    expect(store.sampledRatio(1_500)).toBe(10);
    expect(shown(store)).toEqual([1, 5, 9, 30, 41]);
    expect(store.receiveFrame(sampleFrame('a', 42, 42), 1_100)).toBe('taken');
    expect(store.sampledRatio(10_000)).toBe(1);
  });

  test('takes the totals of a frame without rows as a sign of life', () => {
    const store = storeAt(2);
    expect(store.receiveFrame(sampleFrame('a', 3, 2), 4_000)).toBe('taken');
    expect([store.receivedAtMs, store.toSeq]).toEqual([4_000, 2]);
  });

  test('keeps the newest rows and two minutes of throughput only', () => {
    const store = storeAt(0);
    for (let at = 0; at < 205; at += 1) store.receiveFrame(sampleFrame('a', at * 50 + 1, at * 50 + 50), at * 1_000);
    const rows = store.rowsNewestFirst();
    expect([rows.length, seqOf(rows[0]!), seqOf(rows.at(-1)!)]).toEqual([FEED_ROWS_MAX, 10_250, 251]);
    expect(store.throughput).toHaveLength(THROUGHPUT_POINTS);
  });
});
