import { describe, expect, test } from '@jest/globals';
import { encodeColumn } from './encode-column.ts';

describe('a column', () => {
  test('of numbers, amounts and nothing is written plainly', () => {
    expect(encodeColumn([1, -2n, null, 9_223_372_036_854_775_807n])).toBe('{1,-2,NULL,9223372036854775807}');
    expect(encodeColumn([])).toBe('{}');
  });

  test('of texts keeps them apart from nothing, from each other and from the notation', () => {
    expect(encodeColumn(['a', 'NULL', '', 'b,c', '{d}', null])).toBe('{"a","NULL","","b,c","{d}",NULL}');
    expect(encodeColumn(['say "no"', 'back\\slash'])).toBe('{"say \\"no\\"","back\\\\slash"}');
  });
});
