import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { coverRange } from './cover-range.ts';

const MINUTE_MS = 60_000;
const at = (text: string) => Date.parse(`${text}:00.000Z`);

describe('the spans that make up a time', () => {
  test('follow each other from its beginning to its end, each whole, none longer than asked', () => {
    const minutes = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(minutes, minutes, fc.constantFrom(1, 60, 1_440), (from, length, longest) => {
        const pieces = coverRange(from * MINUTE_MS, (from + length) * MINUTE_MS, longest);
        let endMs = from * MINUTE_MS;
        for (const { span, fromMs, toMs } of pieces) {
          expect(fromMs).toBe(endMs);
          expect(toMs).toBeGreaterThan(fromMs);
          expect([fromMs % (span * MINUTE_MS), toMs % (span * MINUTE_MS)]).toEqual([0, 0]);
          expect(span).toBeLessThanOrEqual(longest);
          endMs = toMs;
        }
        expect(endMs).toBe((from + length) * MINUTE_MS);
        expect(pieces.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  test('are days in the middle, hours and minutes at the ends', () => {
    expect(
      coverRange(at('2026-05-01T22:58'), at('2026-05-04T01:01')).map(({ span, fromMs, toMs }) => [
        span,
        (toMs - fromMs) / span / MINUTE_MS,
      ]),
    ).toEqual([
      [1, 2],
      [60, 1],
      [1_440, 2],
      [60, 1],
      [1, 1],
    ]);
  });
});
