import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readTransactions } from './read-transactions.ts';
import { simulateWorld } from './simulate-world.ts';
import { FILE_COLUMNS, LABEL_COLUMN, type TransactionRow } from './transaction-file.ts';
import { writeTransactions } from './write-transactions.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'transactions-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);

/** A file with these lines below the columns. */
function fileOf(...lines: string[]): string {
  const file = path('given.csv.gz');
  writeFileSync(file, gzipSync([FILE_COLUMNS, ...lines, ''].join('\n')));
  return file;
}

async function rowsOf(file: string): Promise<TransactionRow[]> {
  const rows: TransactionRow[] = [];
  for await (const row of readTransactions(file)) rows.push(row);
  return rows;
}

const GOOD = '0,2018-04-01T00:00:31Z,596,3156,5716,0,0';

describe('reading a transaction file', () => {
  test('gives its rows with numbers, times and marks', async () => {
    const rows = await rowsOf(fileOf(GOOD, '1,2020-02-29T23:59:59Z,2,9999,0,1,3'));
    expect(rows).toEqual([
      {
        transactionId: 0,
        occurredAtMs: Date.parse('2018-04-01T00:00:31Z'),
        customerId: 596,
        terminalId: 3156,
        amountMinor: 5716,
        fraud: false,
        scenario: 0,
        labelKnownAtMs: null,
      },
      {
        transactionId: 1,
        occurredAtMs: Date.parse('2020-02-29T23:59:59Z'),
        customerId: 2,
        terminalId: 9999,
        amountMinor: 0,
        fraud: true,
        scenario: 3,
        labelKnownAtMs: null,
      },
    ]);
  });

  test('gives nothing for a file that has only its columns', async () => {
    expect(await rowsOf(fileOf())).toEqual([]);
  });

  test('takes a last line without a line end', async () => {
    writeFileSync(path('open.csv.gz'), gzipSync(`${FILE_COLUMNS}\n${GOOD}`));
    expect(await rowsOf(path('open.csv.gz'))).toHaveLength(1);
  });

  test('hands out the rows above a bad line before it fails', async () => {
    const ids: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const row of readTransactions(fileOf(GOOD, GOOD, 'bad'))) ids.push(row.transactionId);
    };
    await expect(reading()).rejects.toThrow('line 4');
    expect(ids).toEqual([0, 0]);
  });

  test.each([
    ['', 'transaction_id is not a whole number'],
    ['x,2018-04-01T00:00:31Z,596,3156,5716,0,0', 'transaction_id is not a whole number'],
    ['0,2018-04-01 00:00:31Z,596,3156,5716,0,0', 'time is not a time like 2018-04-01T00:00:31Z'],
    ['0,2018-04-01T00:00:31.5Z,596,3156,5716,0,0', 'time is not a time like 2018-04-01T00:00:31Z'],
    ['0,2018-04-01', 'time is not a time like 2018-04-01T00:00:31Z'],
    ['0,2018-02-29T00:00:31Z,596,3156,5716,0,0', 'time has a date that does not exist'],
    ['0,2018-04-01T24:00:00Z,596,3156,5716,0,0', 'time has a time of day that does not exist'],
    ['0,2018-03-31T23:59:59Z,596,3156,5716,0,0', 'time lies before that of the line above'],
    ['0,2018-04-01T00:00:31Z,,3156,5716,0,0', 'customer_id is not a whole number'],
    ['0,2018-04-01T00:00:31Z,596,3156,57.16,0,0', 'amount_minor is not a whole number'],
    ['0,2018-04-01T00:00:31Z,596,3156,-5716,0,0', 'amount_minor is not a whole number'],
    ['0,2018-04-01T00:00:31Z,596,3156,5716571657165716,0,0', 'amount_minor is not a whole number'],
    ['0,2018-04-01T00:00:31Z,596,3156,5716,2,0', 'fraud is not one of 0 to 1'],
    ['0,2018-04-01T00:00:31Z,596,3156,5716,1,4', 'scenario is not one of 0 to 3'],
    ['0,2018-04-01T00:00:31Z,596,3156,5716,0', 'scenario is not a whole number'],
    ['0,2018-04-01T00:00:31Z,596,3156,5716,0,0,', 'there are more fields than columns'],
    [`${GOOD}\r`, 'scenario is not a whole number'],
    ['9'.repeat(2_000), 'transaction_id is not a whole number'],
  ])('refuses the line %j with its number', async (line, problem) => {
    const file = fileOf(GOOD, line, GOOD);
    await expect(rowsOf(file)).rejects.toThrow(`${file}, line 3: ${problem}`);
  });

  test('names the columns that it wants', async () => {
    writeFileSync(path('other.csv.gz'), gzipSync('a,b,c\n1,2,3\n'));
    await expect(rowsOf(path('other.csv.gz'))).rejects.toThrow(`line 1: the columns are not ${FILE_COLUMNS}`);
  });

  test.each<[string, (file: string) => void, string]>([
    ['that is not there', () => undefined, 'there is no such file'],
    ['that is empty', (file) => writeFileSync(file, gzipSync('')), 'the file is empty'],
    ['of no bytes', (file) => writeFileSync(file, ''), 'the file is cut off'],
    ['that is not packed', (file) => writeFileSync(file, `${FILE_COLUMNS}\n`), 'this is not a gzip file, or it is damaged'],
    ['without line ends', (file) => writeFileSync(file, gzipSync('x'.repeat(10_000))), 'line 1: the line does not end'],
    ['that is cut off', (file) => writeFileSync(file, readFileSync(fileOf(GOOD)).subarray(0, 60)), 'the file is cut off'],
  ])('refuses a file %s', async (name, make, problem) => {
    const file = path(`${name.replaceAll(' ', '-')}.csv.gz`);
    make(file);
    await expect(rowsOf(file)).rejects.toThrow(problem);
  });
});

describe('writing a transaction file', () => {
  const world = simulateWorld({ customers: 400, terminals: 300, radius: 10, days: 12, labelDelayDays: 2.5 });

  test('gives back every row of the world', async () => {
    await writeTransactions(world, path('world.csv.gz'), { withLabels: false });
    const rows = await rowsOf(path('world.csv.gz'));
    expect(rows).toHaveLength(world.count);
    expect(rows.map((row) => row.transactionId)).toEqual([...rows.keys()]);
    expect(rows.map((row) => (row.occurredAtMs - world.options.startMs) / 1000)).toEqual([...world.timeS]);
    expect(rows.map((row) => row.customerId)).toEqual([...world.customer]);
    expect(rows.map((row) => row.terminalId)).toEqual([...world.terminal]);
    expect(rows.map((row) => row.amountMinor)).toEqual([...world.amountMinor]);
    expect(rows.map((row) => row.scenario)).toEqual([...world.scenario]);
    expect(rows.map((row) => row.fraud)).toEqual(Array.from(world.scenario, (scenario) => scenario !== 0));
    expect(rows.some((row) => row.fraud)).toBe(true);
    expect(rows.every((row) => row.labelKnownAtMs === null)).toBe(true);
  });

  test('adds when each label becomes known, where that is asked for', async () => {
    await writeTransactions(world, path('labels.csv.gz'), { withLabels: true });
    const rows = await rowsOf(path('labels.csv.gz'));
    expect(new Set(rows.map((row) => (row.labelKnownAtMs ?? 0) - row.occurredAtMs))).toEqual(new Set([2.5 * 86_400_000]));
    expect(
      gunzipSync(readFileSync(path('labels.csv.gz')))
        .toString()
        .split('\n')[0],
    ).toBe(`${FILE_COLUMNS},${LABEL_COLUMN}`);
  });

  test('tells how far it has come, up to the last row', async () => {
    const seen: number[] = [];
    await writeTransactions(world, path('told.csv.gz'), { withLabels: false, onProgress: (done) => seen.push(done) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toBe(world.count);
  });

  test('that is stopped leaves the file that was there, and nothing of its own', async () => {
    writeFileSync(path('kept.csv.gz'), 'kept');
    const stop = new AbortController();
    const writing = writeTransactions(world, path('kept.csv.gz'), {
      withLabels: false,
      onProgress: () => stop.abort(),
      signal: stop.signal,
    });
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    expect(readFileSync(path('kept.csv.gz'), 'utf8')).toBe('kept');
    expect(existsSync(path('kept.csv.gz.partial'))).toBe(false);
  });

  test('fails where the folder does not exist', async () => {
    await expect(writeTransactions(world, path('no/such.csv.gz'), { withLabels: false })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
