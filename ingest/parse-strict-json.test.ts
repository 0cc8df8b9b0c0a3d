import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson, renderPointer } from './parse-strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));
const refusedAs = (text: string) => {
  const parsed = parse(text);
  return 'refused' in parsed ? parsed.refused : undefined;
};
const nested = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

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
    expect(parseStrictJson(bytes)).toEqual({ refused: 'malformed_json' });
  });

  test('whatever its bytes are ends in a value or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const parsed = parseStrictJson(bytes);
        return 'value' in parsed || parsed.refused.length > 0;
      }),
    );
  });

  test('gives every key, string and number with its place', () => {
    const parsed = parse('{"a":"x\\"y","b":[1,{"c":-2.5e3}],"d":true}');
    expect('scalars' in parsed && parsed.scalars).toEqual([
      { kind: 'key', text: 'a', pointer: '/a' },
      { kind: 'string', text: 'x"y', pointer: '/a' },
      { kind: 'key', text: 'b', pointer: '/b' },
      { kind: 'number', text: '1', pointer: '/b/0' },
      { kind: 'key', text: 'c', pointer: '/b/1/c' },
      { kind: 'number', text: '-2.5e3', pointer: '/b/1/c' },
      { kind: 'key', text: 'd', pointer: '/d' },
    ]);
  });
});

test('a pointer ends before a name that may be a secret', () => {
  expect(renderPointer(['payer', 'account_id'])).toBe('/payer/account_id');
  expect(renderPointer(['payer', '4111 1111', 'x'])).toBe('/payer');
  expect(renderPointer(['4111111111111111'])).toBe('');
});
