import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
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
      const same = isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
      return hashRequest(one).equals(hashRequest(other)) === same;
    }),
  );
  expect(hashRequest({ a: '1' })).not.toEqual(hashRequest({ a: 1 }));
});
