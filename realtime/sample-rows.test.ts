import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sampleRows } from './sample-rows.ts';

interface Row {
  readonly seq: number;
  readonly alarming: boolean;
}
const made = fc
  .array(fc.constantFrom(false, false, false, true), { maxLength: 400 })
  .map((alarms) => alarms.map((alarming, index): Row => ({ seq: index + 1, alarming })));
const mustBeSeen = ({ alarming }: Row) => alarming;

describe('a frame with more rows than may be sent', () => {
  test('keeps every row that has to be seen, keeps the order, and is filled up to the limit', () => {
    fc.assert(
      fc.property(made, fc.integer({ min: 1, max: 80 }), (all, max) => {
        const { rows, sampled } = sampleRows(all, max, mustBeSeen);
        const alarming = all.filter(mustBeSeen);
        expect(rows.filter(mustBeSeen)).toEqual(alarming);
        expect(rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq).sort((a, b) => a - b));
        expect(rows).toHaveLength(Math.min(all.length, Math.max(max, alarming.length)));
        expect(sampled > 1).toBe(rows.length < all.length);
      }),
    );
  });

  test('takes ordinary rows from all over it, and says how many there were to each', () => {
    const all = Array.from({ length: 500 }, (_, index) => ({ seq: index + 1, alarming: false }));
    const { rows, sampled } = sampleRows(all, 50, mustBeSeen);
    expect(rows.map(({ seq }) => Math.ceil(seq / 10))).toEqual(Array.from({ length: 50 }, (_, tenth) => tenth + 1));
    expect(sampled).toBe(10);
  });
});
