import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCsv } from './read-csv.ts';
import { readSettlementLines } from './read-settlement-lines.ts';

async function* chunked(text: string, size = 7): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += size) yield await Promise.resolve(text.slice(from, from + size));
}

const read = (text: string, currency: 'EUR' | 'JPY' | 'KWD' = 'EUR') => readSettlementLines(chunked(text), currency);

async function recordsOf(text: string, size: number): Promise<(readonly string[])[]> {
  const records: (readonly string[])[] = [];
  for await (const { fields } of readCsv(chunked(text, size))) records.push(fields);
  return records;
}

test('CSV comes out as it went in, whatever is in the fields and however it is cut', async () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', ';'), maxLength: 6 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), fc.nat(9), async (records, size) => {
      const head = ['first', 'second', 'third'];
      const text = [head, ...records].map((fields) => fields.map(quoted).join(',')).join('\r\n');
      expect(await recordsOf(text, size + 1)).toEqual([head, ...records]);
    }),
  );
});

describe('a settlement file', () => {
  test('is read by the names of its columns, in any order, with major or minor amounts', async () => {
    const major = await read('Reference,Date,Amount,Fee\nt-1,2026-05-01,12.49,1\n"t,2",2026-05-02,-3,1\n');
    expect(major).toEqual({
      faults: [],
      entries: [
        { line: 2, day: '2026-05-01', amountMinor: 1_249n, reference: 't-1', description: null },
        { line: 3, day: '2026-05-02', amountMinor: -300n, reference: 't,2', description: null },
      ],
    });
    const minor = await read('\uFEFFdate;amount_minor;direction;description\r\n2026-05-01;1249;out;payout\r\n\r\n');
    expect(minor.entries).toEqual([{ line: 2, day: '2026-05-01', amountMinor: -1_249n, reference: null, description: 'payout' }]);
  });

  test('has as many decimals as its currency', async () => {
    expect((await read('date,amount\n2026-05-01,1.249', 'KWD')).entries[0]?.amountMinor).toBe(1_249n);
    expect((await read('date,amount\n2026-05-01,1249', 'JPY')).entries[0]?.amountMinor).toBe(1_249n);
    expect((await read('date,amount\n2026-05-01,1.2', 'JPY')).faults[0]?.detail).toContain('without decimals');
  });

  test('keeps every digit of an amount that a float would round', async () => {
    expect((await read('date,amount\n2026-05-01,40000000000000000.01')).entries[0]?.amountMinor).toBe(4_000_000_000_000_000_001n);
  });

  test('is told all its faults at once, each with its line, its column and how it would be right', async () => {
    const { faults } = await read(
      'date,amount,currency,direction,reference\n' +
        '2026-02-30,1,EUR,,\n' +
        '2026-05-01,0,EUR,,\n' +
        '2026-05-01,1.234,EUR,,\n' +
        '2026-05-01,1,USD,,\n' +
        '2026-05-01,1,EUR,sideways,\n' +
        '2026-05-01,-1,EUR,out,\n' +
        '2026-05-01,1,EUR\n' +
        `2026-05-01,1,EUR,in,${'x'.repeat(129)}\n`,
    );
    expect(faults.map(({ line, column }) => [line, column])).toEqual([
      [2, 'date'],
      [3, 'amount'],
      [4, 'amount'],
      [5, 'currency'],
      [6, 'direction'],
      [7, 'amount'],
      [8, null],
      [9, 'reference'],
    ]);
    expect(faults[3]?.detail).toBe('the account is in EUR');
  });

  test.each([
    ['', 'no line behind the header'],
    ['date,amount\n', 'no line behind the header'],
    ['day,amount\n', 'lacks a column date'],
    ['date,reference\n', 'needs one of the columns'],
    ['date,amount,Date\n2026-05-01,1,2026-05-02\n', 'the column date twice'],
    ['date,amount\n0000-05-01,1\n', 'a day as'],
    ['date,amount,reference\n2026-05-01,1,a\u0000b\n', 'U+0000'],
    ['date,amount,description\n2026-05-01,1,\u0000\n', 'U+0000'],
    ['date,amount\n2026-05-01,"1', 'never closed'],
    ['date,amount\n2026-05-01,1"2"\n', 'a quote stands within a field'],
    [`date,amount\n${'x'.repeat(9_000)}`, 'longer than'],
  ])('that cannot be read says so: %j', async (text, detail) => {
    expect((await read(text)).faults.map((fault) => fault.detail).join()).toContain(detail);
  });
});
