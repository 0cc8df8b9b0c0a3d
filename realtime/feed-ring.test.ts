import { describe, expect, test } from '@jest/globals';
import { entriesAfter } from './entries-after.ts';
import { FeedRing } from './feed-ring.ts';
import { readLogToken, writeLogToken } from './log-token.ts';
import { COMMITTED_FROM_MS, sampleEntry } from './sample-outcome.ts';

const filled = (rows: number, capacity: number) => {
  const ring = new FeedRing(capacity);
  for (let seq = 1; seq <= rows; seq++) ring.append(sampleEntry(seq));
  return ring;
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the ring of rows', () => {
  test('numbers rows from 1 without gaps and keeps the newest', () => {
    const ring = filled(25, 10);
    expect([ring.oldest, ring.head]).toEqual([16, 25]);
    expect(range(16, 25).map((number) => ring.at(number).row.ledger_seq)).toEqual(range(16, 25));
    expect(ring.at(20).committedAtMs).toBe(COMMITTED_FROM_MS + 20_000);
  });

  test('refuses rows that it has no more rather than giving others', () => {
    expect(() => filled(25, 10).at(15)).toThrow(RangeError);
    expect(() => filled(5, 10).at(6)).toThrow(RangeError);
    expect(() => filled(5, 10).at(0)).toThrow(RangeError);
  });
});

describe('going on after a place in the log', () => {
  const reach = (ring: FeedRing, start: bigint, next: bigint) => ({ ring, first: new Map([[0, start]]), next: new Map([[0, next]]) });
  const after = (offset: bigint) => new Map([[0, offset]]);
  const seqs = (entries: ReturnType<typeof entriesAfter>) => entries?.map(({ row }) => row.ledger_seq);

  test('gives exactly the rows from there on', () => {
    const ring = filled(25, 100);
    expect(seqs(entriesAfter(reach(ring, 0n, 25n), after(20n), 25))).toEqual(range(21, 25));
    expect(seqs(entriesAfter(reach(ring, 0n, 25n), after(25n), 25))).toEqual([]);
    expect(seqs(entriesAfter(reach(ring, 0n, 25n), after(20n), 23))).toEqual([21, 22, 23]);
  });

  test('is not possible where some of them have fallen out, or were before this gateway began to read', () => {
    const ring = filled(25, 10);
    expect(entriesAfter(reach(ring, 0n, 25n), after(14n), 25)).toBeUndefined();
    expect(seqs(entriesAfter(reach(ring, 0n, 25n), after(15n), 25))).toEqual(range(16, 25));
    expect(entriesAfter(reach(filled(5, 10), 3n, 5n), after(2n), 5)).toBeUndefined();
    expect(entriesAfter({ ring, first: new Map(), next: new Map() }, after(20n), 25)).toBeUndefined();
  });

  test('finds nothing new where another gateway was ahead, and tells another log by a place far beyond the end', () => {
    const ring = filled(25, 100);
    expect(entriesAfter(reach(ring, 0n, 25n), after(400n), 25)).toEqual([]);
    expect(entriesAfter(reach(ring, 0n, 25n), after(400_000n), 25)).toBeUndefined();
  });

  test('knows every partition by itself, and one that the token does not name from its beginning', () => {
    const ring = new FeedRing(10);
    for (const seq of range(1, 6)) ring.append({ ...sampleEntry(seq), partition: seq % 2, offset: BigInt(Math.ceil(seq / 2) - 1) });
    const both = { ring, first: new Map([[0, 0n], [1, 0n]]), next: new Map([[0, 3n], [1, 3n]]) }; // prettier-ignore
    expect(seqs(entriesAfter(both, readLogToken('0:2,1:1'), 6))).toEqual([3, 5, 6]);
    expect(seqs(entriesAfter(both, readLogToken('1:3'), 6))).toEqual([2, 4, 6]);
    expect(readLogToken(writeLogToken(both.next))).toEqual(both.next);
  });
});
