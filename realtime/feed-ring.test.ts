import { describe, expect, test } from '@jest/globals';
import { FeedRing } from './feed-ring.ts';
import { COMMITTED_FROM_MS, sampleOutcome } from './sample-outcome.ts';

const filled = (rows: number, capacity: number) => {
  const ring = new FeedRing(capacity);
  for (let seq = 1; seq <= rows; seq++) ring.append(sampleOutcome(seq));
  return ring;
};

describe('the ring of rows', () => {
  test('numbers rows from 1 without gaps and keeps the newest', () => {
    const ring = filled(25, 10);
    expect(ring.head).toBe(25);
    expect(ring.between(15, 25).map(({ seq, ledger_seq }) => [seq, ledger_seq])).toEqual(
      Array.from({ length: 10 }, (_, index) => [16 + index, 16 + index]),
    );
  });

  test('says how far back it reaches', () => {
    const ring = filled(25, 10);
    expect([14, 15, 25, 26, -1].map((seq) => ring.reachesBackTo(seq))).toEqual([false, true, true, false, false]);
    expect(new FeedRing(10).reachesBackTo(0)).toBe(true);
  });

  test('refuses rows that it has no more rather than giving others', () => {
    expect(() => filled(25, 10).between(14, 25)).toThrow(RangeError);
    expect(() => filled(5, 10).between(0, 6)).toThrow(RangeError);
  });

  test('remembers when each row was committed', () => {
    expect(filled(25, 10).committedAtMs(20)).toBe(COMMITTED_FROM_MS + 20_000);
  });
});
