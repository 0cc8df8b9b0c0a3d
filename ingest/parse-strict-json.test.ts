import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson, renderPointer, type ScalarChecks } from './parse-strict-json.ts';

const takeAll = { check: () => undefined, refusesNoneOf: () => true };
const parse = (text: string) => parseStrictJson(Buffer.from(text), takeAll);
const refusedAs = (text: string) => {
  const parsed = parse(text);
  return 'refused' in parsed ? parsed.refused : undefined;
};
const nested = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

const json = fc.json({ maxDepth: 7 });
/** What makes a valid text one that is refused, or only seems to, where it stands before a field or an item. */
const INSERTED = [
  ...['"a":1,"a":2,', '"":0,"":0,', '"a":{"b":1,"b":1},', '"__proto__":{},', '"a":"__proto__",', '"a":"b:{[c",', '"a":":",'],
  ...['"\\u0061":1,', '"a":"\\u0000",', '"a":"\\ud800",', '"a":"\\"",', '"a":1.0,', '"a":-1e3,', '"a":1.5,', '"a":-0.5E+2,', '"a":true,'],
  ...['1.0,', '1e400,', '1.25,', '"x",', '[[[[[[[[1]]]]]]]],', '{"a":[]},', 'false,', '-7,', '-0,', '-0.0,'],
];

describe('a body', () => {
  test('reads as JSON.parse reads it', () => {
    const json = fc.json({ maxDepth: 4 }).filter((text) => !text.includes('__proto__'));
    fc.assert(
      fc.property(json, (text) => {
        const parsed = parse(text);
        expect('value' in parsed && parsed.value).toEqual(JSON.parse(text));
      }),
    );
  });

  test('that gives a field twice is refused, however the name is spelt', () => {
    expect(refusedAs('{"a":1,"a":1}')).toBe('malformed_json');
    expect(refusedAs('{"a":1,"\\u0061":1}')).toBe('malformed_json');
    expect(refusedAs('{"x":{"a":1,"b":[{}],"a":2}}')).toBe('malformed_json');
    expect(refusedAs('{"a":{"a":[{"a":1},{"a":1}]},"b":"a"}')).toBeUndefined();
  });

  test('with __proto__ anywhere is refused', () => {
    expect(parse('{"payer":{"__proto__":{"x":1}}}')).toMatchObject({
      refused: 'unknown_field',
      misfits: [{ pointer: '/payer/__proto__' }],
    });
    expect(refusedAs('{"\\u005f_proto__":1}')).toBe('unknown_field');
    expect(refusedAs('{"a":"__proto__"}')).toBeUndefined();
  });

  test.each(['\\u0000', '\\ud800', '\\udc00\\ud800'])('with a text that no database takes (%s) is refused by its place', (escaped) => {
    const refused = { refused: 'invalid_field', misfits: [{ pointer: '/payer/0/reason' }] };
    expect(parse(`{"payer":[{"reason":"a${escaped}b"}]}`)).toMatchObject(refused);
    expect(refusedAs('{"a":"\\ud83d\\ude00"}')).toBeUndefined();
  });

  test('may be 8 levels deep and not deeper', () => {
    expect(refusedAs(nested(8))).toBeUndefined();
    expect(refusedAs(nested(9))).toBe('malformed_json');
    expect(refusedAs('['.repeat(30_000) + ']'.repeat(30_000))).toBe('malformed_json');
  });

  test.each([
    ['cut off', Buffer.from('{"a":')],
    ['empty', Buffer.alloc(0)],
    ['with a byte order mark', Buffer.from('\ufeff{}')],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['with NUL', Buffer.from('{"a":"\0"}')],
    ['NaN', Buffer.from('{"a":NaN}')],
    ['with a comment', Buffer.from('{} // x')],
    ['followed by another', Buffer.from('{}{}')],
  ])('%s is not JSON', (_what, bytes) => {
    expect(parseStrictJson(bytes, takeAll)).toEqual({ refused: 'malformed_json' });
  });

  test('whatever its bytes are ends in a value or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const parsed = parseStrictJson(bytes, takeAll);
        return 'value' in parsed || parsed.refused.length > 0;
      }),
    );
  });

  test('at which one quick look is taken is read as one that is looked at closely', () => {
    const whole: ScalarChecks['check'] = ({ kind, text }) =>
      kind === 'number' && /[.eE]/.test(text) && Number.isInteger(Number(text)) ? { refused: 'invalid_field' } : undefined;
    const seen = { plain: 0, refused: 0 };
    fc.assert(
      fc.property(json, fc.nat(), fc.constantFrom(...INSERTED), (text, place, inserted) => {
        const commas = [...text.matchAll(/[{[,](?=.)/g)].map(({ index }) => index + 1);
        const at = commas[place % Math.max(1, commas.length)] ?? 0;
        for (const body of [text, text.slice(0, at) + inserted + text.slice(at)].map((each) => Buffer.from(each))) {
          const quick = parseStrictJson(body, { check: whole, refusesNoneOf: () => true });
          expect(quick).toEqual(parseStrictJson(body, { check: whole, refusesNoneOf: () => false }));
          seen['value' in quick ? 'plain' : 'refused']++;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(seen.plain, seen.refused)).toBeGreaterThan(100);
  });

  test('shows every key, string and number with its place', () => {
    const seen: unknown[] = [];
    const check: ScalarChecks['check'] = ({ kind, text, pointer }) => {
      seen.push([kind, text, pointer()]);
      return undefined;
    };
    parseStrictJson(Buffer.from('{"a":"x\\"y","b":[1,{"c":-2.5e3}],"d":true}'), { check, refusesNoneOf: () => false });
    expect(seen).toEqual([
      ['key', 'a', '/a'],
      ['string', 'x"y', '/a'],
      ['key', 'b', '/b'],
      ['number', '1', '/b/0'],
      ['key', 'c', '/b/1/c'],
      ['number', '-2.5e3', '/b/1/c'],
      ['key', 'd', '/d'],
    ]);
  });

  test('is refused where the first of its scalars is', () => {
    const check: ScalarChecks['check'] = ({ text, pointer }) =>
      text === 'bad' || text === 'worse' ? { refused: 'invalid_field', detail: `${text} ${pointer()}` } : undefined;
    const refusal = parseStrictJson(Buffer.from('{"a":["good","bad","worse"]}'), { check, refusesNoneOf: () => false });
    expect(refusal).toEqual({ refused: 'invalid_field', detail: 'bad /a/1' });
  });
});

test('a pointer ends before a name that may be a secret', () => {
  expect(renderPointer(['payer', 'account_id'])).toBe('/payer/account_id');
  expect(renderPointer(['payer', '4111 1111', 'x'])).toBe('/payer');
  expect(renderPointer(['4111111111111111'])).toBe('');
});
