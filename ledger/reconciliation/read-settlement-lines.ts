import { CURRENCY_EXPONENT } from '@trancendos/contracts/currency-exponent';
import type { Currency } from '@trancendos/contracts/money';
import { CsvError, readCsv, type CsvRecord } from './read-csv.ts';

/** A line of a settlement file. */
export interface SettlementEntry {
  /** In the file, counted from 1 with the header. */
  readonly line: number;
  /** `2026-05-01`. */
  readonly day: string;
  /** From the account's point of view: more than 0 came in, less than 0 went out. */
  readonly amountMinor: bigint;
  readonly reference: string | null;
  readonly description: string | null;
}

/** What is wrong with a line, and how it would be right. */
export interface LineFault {
  readonly line: number;
  readonly column: string | null;
  readonly detail: string;
}

export interface SettlementFileContent {
  readonly entries: readonly SettlementEntry[];
  /** The first 100. Where there are any the file should not be taken. */
  readonly faults: readonly LineFault[];
}

const FAULTS_MAX = 100;
export const LINES_MAX = 200_000;
const REFERENCE_LENGTH_MAX = 128;
const DESCRIPTION_LENGTH_MAX = 512;
const AMOUNT_MAX_MINOR = 2n ** 62n;

/**
 * Reads a settlement file in CSV. Its header names the columns, in any order and case: `date` (2026-05-01), `amount_minor` (whole minor units)
 * or `amount` (12.49), and optionally `currency`, `direction` (in or out, for files whose amounts have no sign), `reference`, `description`.
 * Other columns are not looked at. Reads on behind a faulty line, so that all faults are told at once.
 */
export async function readSettlementLines(text: AsyncIterable<string>, currency: Currency): Promise<SettlementFileContent> {
  const entries: SettlementEntry[] = [];
  const faults: LineFault[] = [];
  let header: Header | undefined;
  try {
    for await (const record of readCsv(text)) {
      if (!header) {
        header = readHeader(record);
        continue;
      }
      const entry = readEntry(record, header, currency);
      if ('detail' in entry) faults.push(entry);
      else entries.push(entry);
      if (faults.length >= FAULTS_MAX) break;
      if (entries.length > LINES_MAX) throw new CsvError(record.line, `a file has at most ${LINES_MAX} lines; split it`);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    faults.push({ line: error.line, column: null, detail: error.message });
  }
  if (faults.length === 0 && entries.length === 0) faults.push({ line: 1, column: null, detail: 'there is no line behind the header' });
  return { entries, faults };
}

type Column = 'date' | 'amount' | 'amount_minor' | 'currency' | 'direction' | 'reference' | 'description';
const COLUMNS: readonly Column[] = ['date', 'amount', 'amount_minor', 'currency', 'direction', 'reference', 'description'];
type Header = { readonly width: number; readonly places: ReadonlyMap<Column, number> };

function readHeader({ line, fields }: CsvRecord): Header {
  const names = fields.map((field) => field.trim().toLowerCase());
  const twice = COLUMNS.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice) throw new CsvError(line, `the header has the column ${twice} twice`);
  const places = new Map(COLUMNS.flatMap((column) => (names.includes(column) ? [[column, names.indexOf(column)] as const] : [])));
  if (!places.has('date')) throw new CsvError(line, 'the header lacks a column date; it names the columns of the file');
  if (places.has('amount') === places.has('amount_minor')) {
    throw new CsvError(line, 'the header needs one of the columns amount (12.49) and amount_minor (1249)');
  }
  return { width: fields.length, places };
}

function readEntry({ line, fields }: CsvRecord, header: Header, currency: Currency): SettlementEntry | LineFault {
  const fault = (column: Column | null, detail: string): LineFault => ({ line, column, detail });
  if (fields.length !== header.width) return fault(null, `has ${fields.length} fields, and the header ${header.width}`);
  const field = (column: Column) => fields[header.places.get(column) ?? -1]?.trim() ?? '';
  if (field('currency') !== '' && field('currency') !== currency) return fault('currency', `the account is in ${currency}`);
  const day = field('date');
  if (!isDay(day)) return fault('date', 'a day as 2026-05-01');
  const amountMinor = readAmount(line, field, header.places.has('amount') ? 'amount' : 'amount_minor', currency);
  if (typeof amountMinor === 'object') return amountMinor;
  const unstorable = (['reference', 'description'] as const).find((column) => field(column).includes('\u0000'));
  if (unstorable) return fault(unstorable, 'holds a character U+0000');
  const reference = field('reference');
  if (reference.length > REFERENCE_LENGTH_MAX) return fault('reference', `at most ${REFERENCE_LENGTH_MAX} characters`);
  const description = field('description').slice(0, DESCRIPTION_LENGTH_MAX);
  return { line, day, amountMinor, reference: reference || null, description: description || null };
}

/** With its sign, or with that of the direction. */
function readAmount(
  line: number,
  field: (column: Column) => string,
  column: 'amount' | 'amount_minor',
  currency: Currency,
): bigint | LineFault {
  const amountMinor = column === 'amount' ? readMajor(field('amount'), CURRENCY_EXPONENT[currency]) : readMinor(field('amount_minor'));
  if (amountMinor === undefined) return { line, column, detail: describeAmount(column, currency) };
  const direction = field('direction');
  const sign = signOf(direction);
  if (sign === undefined) return { line, column: 'direction', detail: 'in or out' };
  if (direction !== '' && amountMinor < 0n) return { line, column, detail: 'with a direction the amount has no sign' };
  return sign * amountMinor;
}

function isDay(text: string): boolean {
  // PostgreSQL counts no year 0.
  return /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}

function readMinor(text: string): bigint | undefined {
  return /^[+-]?\d{1,19}$/.test(text) ? inBounds(BigInt(text.replace('+', ''))) : undefined;
}

/** `12.49` with two decimal digits as 1249. Never through a float. */
function readMajor(text: string, exponent: number): bigint | undefined {
  const [, sign, whole, decimals = ''] = /^([+-]?)(\d{1,19})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || decimals.length > exponent) return undefined;
  const minor = BigInt(whole + decimals.padEnd(exponent, '0'));
  return inBounds(sign === '-' ? -minor : minor);
}

function inBounds(minor: bigint): bigint | undefined {
  return minor !== 0n && minor < AMOUNT_MAX_MINOR && minor > -AMOUNT_MAX_MINOR ? minor : undefined;
}

function describeAmount(column: 'amount' | 'amount_minor', currency: Currency): string {
  const digits = CURRENCY_EXPONENT[currency];
  if (column === 'amount_minor') return 'a whole number of minor units other than 0, such as -1249';
  return digits === 0
    ? 'an amount other than 0 without decimals, such as -1249'
    : `an amount other than 0 with at most ${digits} decimals, such as -12.49`;
}

function signOf(direction: string): bigint | undefined {
  if (direction === '' || direction.toLowerCase() === 'in') return 1n;
  return direction.toLowerCase() === 'out' ? -1n : undefined;
}
