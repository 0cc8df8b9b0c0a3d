import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashRequest } from './hash-request.ts';

const flat = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)));
const nested = fc.dictionary(fc.string(), fc.oneof(flat, fc.array(flat), fc.string()));

test('the order of fields changes no hash', () => {
  fc.assert(
    fc.property(nested, (request) => {
      const reversed = Object.fromEntries(Object.entries(request).reverse());
      return hashRequest(request).equals(hashRequest(reversed));
    }),
  );
});

test('a field that is left out and one that is undefined are the same', () => {
  expect(hashRequest({ a: 1, b: undefined })).toEqual(hashRequest({ a: 1 }));
});

test('different requests have different hashes', () => {
  fc.assert(
    fc.property(nested, nested, (one, other) => {
      const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
      return hashRequest(one).equals(hashRequest(other)) === same;
    }),
  );
  expect(hashRequest({ a: '1' })).not.toEqual(hashRequest({ a: 1 }));
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
}
