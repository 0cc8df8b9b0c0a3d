import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { crc32c } from './crc32c.ts';

const driverCrc32c = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (bytes: Buffer) => number;

describe('the CRC-32C', () => {
  test.each([
    ['', 0],
    ['123456789', 0xe3069283],
    ['\0'.repeat(32), 0x8a9136aa],
    ['\xff'.repeat(32), 0x62a8ab43],
  ])('of %j is that of RFC 3720', (text, crc) => {
    expect(crc32c(Buffer.from(text, 'latin1'))).toBe(crc);
  });

  test("of a part of any bytes is that of the driver's own, byte by byte", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(40), fc.nat(40), (bytes, before, after) => {
        const start = Math.min(before, bytes.length);
        const end = Math.max(start, bytes.length - after);
        expect(crc32c(bytes, start, end)).toBe(driverCrc32c(Buffer.from(bytes.subarray(start, end))));
      }),
    );
  });
});
