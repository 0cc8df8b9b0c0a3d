import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UuidSet } from './uuid-set.ts';

/** Few of them are alike, many of them nearly: what a set that compares too little would take for the same. */
const ids = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 40 }))
  .map(([time, random, tail]) => {
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
    return `cmd_${hex(time * 0xfffff, 8)}-${hex(time, 4)}-7${hex(random, 3)}-8000-${hex(tail * 2 ** 36, 12)}`;
  });

test('holds what a set of strings would hold', () => {
  fc.assert(
    fc.property(fc.array(ids, { maxLength: 4_000 }), fc.array(ids, { maxLength: 200 }), (added, asked) => {
      const set = new UuidSet();
      const plain = new Set<string>();
      for (const id of added) {
        expect(set.has(id)).toBe(plain.has(id));
        set.add(id);
        plain.add(id);
      }
      for (const id of [...asked, ...added]) expect(set.has(id)).toBe(plain.has(id));
      expect(set.size).toBe(plain.size);
    }),
    { numRuns: 20 },
  );
});

test('grows without losing anything, whatever the prefix of the ids', () => {
  const set = new UuidSet();
  const uuid = (n: number) => `0198a000-${(n & 0xffff).toString(16).padStart(4, '0')}-7000-8000-${n.toString(16).padStart(12, '0')}`;
  for (let n = 0; n < 5_000; n++) set.add(`tr_${uuid(n)}`);
  for (let n = 0; n < 5_000; n++) expect(set.has(`cmd_${uuid(n)}`)).toBe(true);
  expect(set.has(uuid(5_000))).toBe(false);
  expect(set.size).toBe(5_000);
});
