import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLines } from './read-lines.ts';

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
    await Promise.resolve();
  }
  yield bytes.subarray(from);
}

async function linesOf(text: string, sizes: readonly number[] = [], lineMax = 1_000) {
  const lines: { number: number; text: string | undefined }[] = [];
  for await (const some of readLines(inChunks(Buffer.from(text), sizes), lineMax)) {
    for (const { number, bytes } of some) lines.push({ number, text: bytes && Buffer.from(bytes).toString() });
  }
  return lines;
}

describe('lines', () => {
  test('are the same wherever the stream is cut', async () => {
    const text = fc.array(fc.string({ maxLength: 20 }), { maxLength: 10 }).map((lines) => lines.join('\n'));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 60 }), async (whole, sizes) => {
        expect(await linesOf(whole, sizes)).toEqual(await linesOf(whole));
      }),
    );
  });

  test('that are empty are counted and left out', async () => {
    expect(await linesOf('a\n\n\r\nb\n')).toEqual([
      { number: 1, text: 'a' },
      { number: 4, text: 'b' },
    ]);
  });

  test('that are too long are told, and the next one is read', async () => {
    expect(await linesOf('1234567890\n12345678901\nok', [4, 4, 4, 4, 4], 10)).toEqual([
      { number: 1, text: '1234567890' },
      { number: 2, text: undefined },
      { number: 3, text: 'ok' },
    ]);
  });
});
