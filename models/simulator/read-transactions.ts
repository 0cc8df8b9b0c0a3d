import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RowError, RowParser } from './parse-row.ts';
import { FILE_COLUMNS, LABEL_COLUMN, type TransactionRow } from './transaction-file.ts';

/** Bytes that are unpacked at a time. */
const CHUNK_BYTES = 1 << 18;
/** Ours are 60 bytes long: a line that does not end by then belongs to something else. */
const LINE_BYTES_MAX = 1_024;
const LINE_END = 0x0a;

/** A transaction file that cannot be read; the message names the file, the line where there is one, and what is wrong. */
export class TransactionFileError extends Error {
  override readonly name = 'TransactionFileError';
}

/**
 * Streams the rows of a transaction file (gzipped CSV of `FILE_COLUMNS`, with or without `LABEL_COLUMN`) in the file's order, which
 * is that of time. Memory stays the same however long the file is.
 *
 * Throws a `TransactionFileError` where the file is missing, not gzip or cut off, and at the first line that is no row or goes back
 * in time; the rows above it have been handed out by then.
 */
export async function* readTransactions(file: string): AsyncGenerator<TransactionRow, void, undefined> {
  const lines = new LineReader(file);
  try {
    for await (const chunk of unpack(file)) {
      for (const row of lines.read(chunk)) yield row;
    }
    for (const row of lines.readLast()) yield row;
  } catch (error) {
    throw error instanceof RowError ? lines.error(error.message) : nameCause(file, error);
  }
}

/** Cuts unpacked bytes into rows and counts the lines. */
class LineReader {
  readonly #file: string;
  #parser: RowParser | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** The rows that end within `chunk`. */
  *read(chunk: Buffer): Generator<TransactionRow, void, undefined> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
      const row = this.#readLine(bytes, start, end);
      if (row !== undefined) yield row;
      start = end + 1;
    }
    this.#rest = bytes.subarray(start);
    if (this.#rest.length <= LINE_BYTES_MAX) return;
    this.#line += 1;
    throw new RowError('the line does not end');
  }

  /** The row after the last line end, where the file has none at its end. */
  *readLast(): Generator<TransactionRow, void, undefined> {
    const row = this.#rest.length === 0 ? undefined : this.#readLine(this.#rest, 0, this.#rest.length);
    if (row !== undefined) yield row;
    if (this.#line === 0) throw new RowError('the file is empty');
  }

  error(problem: string): TransactionFileError {
    const place = this.#line === 0 ? this.#file : `${this.#file}, line ${this.#line}`;
    return new TransactionFileError(`${place}: ${problem}`);
  }

  /** The row of a line; nothing for the first, which has the columns. */
  #readLine(bytes: Buffer, start: number, end: number): TransactionRow | undefined {
    this.#line += 1;
    if (this.#parser !== undefined) return this.#parser.parse(bytes, start, end);
    const columns = bytes.toString('latin1', start, end);
    const hasLabel = columns === `${FILE_COLUMNS},${LABEL_COLUMN}`;
    if (!hasLabel && columns !== FILE_COLUMNS) throw new RowError(`the columns are not ${FILE_COLUMNS}, with or without ${LABEL_COLUMN}`);
    this.#parser = new RowParser(hasLabel);
    return undefined;
  }
}

function unpack(file: string): AsyncIterable<Buffer> {
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error of either stream destroys the other, and the reader of `unpacked` gets it: nothing is left for this callback.
  pipeline(createReadStream(file), unpacked, () => undefined);
  return unpacked as AsyncIterable<Buffer>;
}

/** The clause for each failure of the file itself. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder',
  EACCES: 'reading it is not allowed',
  Z_DATA_ERROR: 'this is not a gzip file, or it is damaged',
  Z_BUF_ERROR: 'the file is cut off',
};

function nameCause(file: string, error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const cause = CAUSES[code];
  return cause === undefined ? error : new TransactionFileError(`${file}: ${cause}`, { cause: error });
}
