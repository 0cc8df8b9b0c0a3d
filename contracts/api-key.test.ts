import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { modeOfKey, writeKey } from './api-key.ts';

const random = fc.uint8Array({ minLength: 43, maxLength: 43, max: 247 });
const modes = fc.constantFrom('live' as const, 'test' as const);

describe('an API key', () => {
  test('is known by its checksum, with its mode', () => {
    fc.assert(fc.property(modes, random, (mode, bytes) => expect(modeOfKey(writeKey(mode, bytes))).toBe(mode)));
  });

  test('with a single character changed is none', () => {
    const places = fc.integer({ min: 9, max: 57 });
    fc.assert(
      fc.property(random, places, fc.constantFrom('a', 'Z', '7'), (bytes, place, letter) => {
        const key = writeKey('live', bytes);
        fc.pre(key[place] !== letter);
        expect(modeOfKey(key.slice(0, place) + letter + key.slice(place + 1))).toBeUndefined();
      }),
    );
  });

  test('ends with the CRC-32 that everybody computes, in base 62', () => {
    const key = writeKey('test', new Uint8Array(43).fill(17));
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const value = Array.from(key.slice(-6)).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
    expect(value).toBe(crc32(key.slice(0, -6)));
  });
});
