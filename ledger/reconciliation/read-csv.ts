/** A record of a CSV file and the line that it begins on, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Why a file cannot be read on. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const RECORD_LENGTH_MAX = 8_192;

/**
 * Reads CSV (RFC 4180) as it arrives: quoted fields may hold delimiters, quotes and line breaks. A byte order mark and empty lines are
 * skipped; the delimiter is the comma or the semicolon, whichever the first line has. Throws `CsvError` where a quote is never closed, stands
 * in the wrong place, or a record is longer than 8 kB.
 */
export async function* readCsv(chunks: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader();
  for await (const chunk of chunks) {
    for (const record of reader.take(chunk)) yield record;
  }
  for (const record of reader.end()) yield record;
}

class CsvReader {
  #delimiter: string | undefined;
  #text = '';
  #line = 1;
  #started = false;

  *take(chunk: string): Generator<CsvRecord> {
    this.#text += this.#started ? chunk : chunk.replace(/^\uFEFF/, '');
    this.#started ||= chunk.length > 0;
    for (let end = this.#endOfRecord(); end !== -1; end = this.#endOfRecord()) {
      const record = this.#cut(end);
      if (record) yield record;
    }
    if (this.#text.length > RECORD_LENGTH_MAX) throw new CsvError(this.#line, `a record is longer than ${RECORD_LENGTH_MAX} characters`);
  }

  *end(): Generator<CsvRecord> {
    if (this.#text.trim() === '') return;
    this.#text += '\n';
    const end = this.#endOfRecord();
    if (end === -1) throw new CsvError(this.#line, 'a quoted field is never closed');
    const record = this.#cut(end);
    if (record) yield record;
  }

  /** The line feed that ends the record which the text begins with: the first that is not within quotes. */
  #endOfRecord(): number {
    for (let from = 0; ;) {
      const end = this.#text.indexOf('\n', from);
      if (end === -1) return -1;
      let quotes = 0;
      for (let place = this.#text.indexOf('"'); place !== -1 && place < end; place = this.#text.indexOf('"', place + 1)) quotes++;
      if (quotes % 2 === 0) return end;
      from = end + 1;
    }
  }

  #cut(end: number): CsvRecord | undefined {
    const line = this.#line;
    if (end > RECORD_LENGTH_MAX) throw new CsvError(line, `a record is longer than ${RECORD_LENGTH_MAX} characters`);
    const text = this.#text.slice(0, end).replace(/\r$/, '');
    this.#text = this.#text.slice(end + 1);
    this.#line += text.split('\n').length;
    if (text.trim() === '') return undefined;
    this.#delimiter ??= text.split(';').length > text.split(',').length ? ';' : ',';
    return { line, fields: splitRecord(text, this.#delimiter, line) };
  }
}

function splitRecord(text: string, delimiter: string, line: number): string[] {
  const fields: string[] = [];
  for (let from = 0; from <= text.length;) {
    if (text[from] !== '"') {
      const end = text.indexOf(delimiter, from);
      const field = text.slice(from, end === -1 ? undefined : end);
      if (field.includes('"')) throw new CsvError(line, 'a quote stands within a field that does not begin with one');
      fields.push(field);
      if (end === -1) break;
      from = end + 1;
      continue;
    }
    const end = endOfQuoted(text, from + 1);
    if (end === -1) throw new CsvError(line, 'a quoted field is never closed');
    fields.push(text.slice(from + 1, end).replaceAll('""', '"'));
    if (end + 1 === text.length) break;
    if (text[end + 1] !== delimiter) throw new CsvError(line, 'something stands behind the end of a quoted field');
    from = end + 2;
    if (from === text.length) fields.push('');
  }
  return fields;
}

/** The quote that ends the field: the first that is not doubled. */
function endOfQuoted(text: string, from: number): number {
  for (let place = text.indexOf('"', from); place !== -1; place = text.indexOf('"', place + 2)) {
    if (text[place + 1] !== '"') return place;
  }
  return -1;
}
