import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
const flat = fc.dictionary(fc.string(), leaf);
const nested = fc.dictionary(fc.string(), fc.oneof(flat, fc.array(flat), fc.array(fc.double()), leaf));

test('it reads as the same JSON, with its fields in order', () => {
  fc.assert(
    fc.property(fc.oneof(nested, fc.array(fc.oneof(fc.double(), flat))), (value) => {
      expect(canonicalJson(value)).toBe(spell(sorted(value)));
    }),
  );
});

test('it is the same whatever the order of fields, and for more sets of fields than are remembered', () => {
  for (let set = 0; set < 100; set++) {
    const names = ['zeta', '10', '9', `field ${set}`, 'alpha'];
    const spelling = `{"10":1,"9":1,"alpha":1,"field ${set}":1,"zeta":1}`;
    expect(canonicalJson(Object.fromEntries(names.map((name) => [name, 1])))).toBe(spelling);
    expect(canonicalJson(Object.fromEntries(names.reverse().map((name) => [name, 1])))).toBe(spelling);
  }
});

/** What `sorted` gives, as JSON. */
function spell(value: unknown): string {
  if (value instanceof Map) return `{${[...value].map(([name, field]) => `${JSON.stringify(name)}:${spell(field)}`).join(',')}}`;
  return Array.isArray(value) ? `[${value.map(spell).join(',')}]` : JSON.stringify(value);
}

/** Objects become maps of the fields that have a value, in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, field]) => field !== undefined);
  const entries = given.sort(([left], [right]) => (left < right ? -1 : 1));
  return new Map(entries.map(([name, field]) => [name, sorted(field)]));
}
