import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectPostgres, type Postgres } from './postgres.ts';
import { testServers } from './testing.ts';
import {
  bigintColumn,
  booleanColumn,
  bytesColumn,
  intColumn,
  jsonColumn,
  smallintColumn,
  textColumn,
  timestampColumn,
  uuidColumn,
} from './encode-columns.ts';

let postgres: Postgres;
beforeAll(async () => (postgres = await connectPostgres({ url: testServers().databaseUrl, applicationName: 'test' })));
afterAll(() => postgres.stop());

/** The elements as the server reads them, as text. */
async function read(type: string, column: Buffer): Promise<(string | null)[]> {
  const { rows } = await postgres.pool.query<{ value: string | null }>(`SELECT value::text FROM unnest($1::${type}[]) AS value`, [column]);
  return rows.map(({ value }) => value);
}
const same = <T>(value: T): T => value;

describe('a column', () => {
  test.each<[string, Buffer, (string | null)[]]>([
    [
      'bigint',
      bigintColumn([0n, -1n, 2n ** 62n, -(2n ** 63n), 2n ** 63n - 1n], same),
      ['0', '-1', String(2n ** 62n), String(-(2n ** 63n)), String(2n ** 63n - 1n)],
    ],
    [
      'bigint',
      bigintColumn([0, 1, 2 ** 32, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, -1, null], same),
      ['0', '1', '4294967296', '4294967295', '9007199254740991', '-1', null],
    ],
    ['int', intColumn([1, -1, null, 2 ** 31 - 1], same), ['1', '-1', null, '2147483647']],
    ['smallint', smallintColumn([1, null, -2, 1_000], same), ['1', null, '-2', '1000']],
    ['uuid', uuidColumn(['tr_0196bc4f-c400-8a35-9c2f-3d0d5e8f7a09', null], same), ['0196bc4f-c400-8a35-9c2f-3d0d5e8f7a09', null]],
    [
      'text',
      textColumn(['plain', '', 'a "quoted" \\ one', '{a,b}', 'NULL', null, 'Zürich 東京 \u{1f600}'], same),
      ['plain', '', 'a "quoted" \\ one', '{a,b}', 'NULL', null, 'Zürich 東京 \u{1f600}'],
    ],
    ['json', jsonColumn(['{"a": "\\"ü\\""}', 'null', null], same), ['{"a": "\\"ü\\""}', 'null', null]],
    ['boolean', booleanColumn([true, false, null], same), ['true', 'false', null]],
    ['bytea', bytesColumn([Buffer.from('00ff', 'hex'), Buffer.alloc(0)], same), ['\\x00ff', '\\x']],
    ['bigint', bigintColumn([], same), []],
    ['uuid', uuidColumn([], same), []],
    ['text', textColumn([], same), []],
    ['bytea', bytesColumn([], same), []],
  ])('of %s is read by the server as what it was', async (type, column, expected) => {
    expect(await read(type, column)).toEqual(expected);
  });

  test('of times is read to the millisecond', async () => {
    const times = ['2026-05-01T12:00:00.123Z', '1970-01-01T00:00:00.001Z', '2000-01-01T00:00:00.000Z'];
    const { rows } = await postgres.pool.query<{ at: Date }>('SELECT at FROM unnest($1::timestamptz[]) AS at', [
      timestampColumn(times, (time) => Date.parse(time)),
    ]);
    expect(rows.map(({ at }) => at.toISOString())).toEqual(times);
  });
});
