import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, hashRequest } from './hash-request.ts';

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
      const same = spell(sorted(one)) === spell(sorted(other));
      return hashRequest(one).equals(hashRequest(other)) === same;
    }),
  );
  expect(hashRequest({ a: '1' })).not.toEqual(hashRequest({ a: 1 }));
});

test('the one spelling reads as the same JSON, with its fields in order', () => {
  const any = fc.oneof(nested, fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), flat)));
  fc.assert(
    fc.property(any, (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).toBe(spell(sorted(value)));
    }),
  );
});

/** What `sorted` gives, as JSON. */
function spell(value: unknown): string {
  if (value instanceof Map) return `{${[...value].map(([name, field]) => `${JSON.stringify(name)}:${spell(field)}`).join(',')}}`;
  return Array.isArray(value) ? `[${value.map(spell).join(',')}]` : JSON.stringify(value);
}

/** Objects become maps in the order of their fields' names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return new Map(entries.map(([name, field]) => [name, sorted(field)]));
}
