import type { TransactionRow } from './transaction-file.ts';

const COMMA = 0x2c;
const ZERO = 0x30;
const TIME_SHAPE = 'dddd-dd-ddTdd:dd:ddZ';
/** So many digits always fit into an exact integer. */
const DIGITS_MAX = 15;

/** What is wrong with a row: one clause that begins with the column. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/** Reads the rows of one transaction file, straight from its bytes; holds on to the last time, since rows may not go back in time. */
export class RowParser {
  readonly #hasLabel: boolean;
  #bytes: Uint8Array = new Uint8Array();
  #cursor = 0;
  #end = 0;
  #lastMs = -Infinity;
  /** Almost every row is of the same day as the one above. */
  #dateCode = -1;
  #dateMs = 0;

  constructor(hasLabel: boolean) {
    this.#hasLabel = hasLabel;
  }

  /** The row that the bytes from `start` to before `end` hold. Throws a `RowError`. */
  parse(bytes: Uint8Array, start: number, end: number): TransactionRow {
    this.#bytes = bytes;
    this.#cursor = start;
    this.#end = end;
    const row = {
      transactionId: this.#whole('transaction_id'),
      occurredAtMs: this.#inOrder(this.#time('time')),
      customerId: this.#whole('customer_id'),
      terminalId: this.#whole('terminal_id'),
      amountMinor: this.#whole('amount_minor'),
      fraud: this.#upTo(1, 'fraud') === 1,
      scenario: this.#upTo(3, 'scenario'),
      labelKnownAtMs: this.#hasLabel ? this.#time('label_known_at') : null,
    };
    if (this.#cursor <= this.#end) throw new RowError('there are more fields than columns');
    return row;
  }

  /** A field of digits, and steps over the comma or the line end behind it. */
  #whole(column: string): number {
    const start = this.#cursor;
    let value = 0;
    for (; this.#cursor < this.#end; this.#cursor += 1) {
      const digit = this.#digit(this.#cursor);
      if (digit < 0) break;
      value = value * 10 + digit;
    }
    const digits = this.#cursor - start;
    if (digits === 0 || digits > DIGITS_MAX || !this.#atFieldEnd()) throw new RowError(`${column} is not a whole number`);
    this.#cursor += 1;
    return value;
  }

  #upTo(maximum: number, column: string): number {
    const value = this.#whole(column);
    if (value > maximum) throw new RowError(`${column} is not one of 0 to ${maximum}`);
    return value;
  }

  /** A time like 2018-04-01T00:00:31Z in ms since the epoch, and steps over what is behind it. */
  #time(column: string): number {
    const start = this.#cursor;
    this.#cursor += TIME_SHAPE.length;
    if (!this.#hasTimeShape(start) || !this.#atFieldEnd()) throw new RowError(`${column} is not a time like 2018-04-01T00:00:31Z`);
    this.#cursor += 1;
    const dateMs = this.#date(start, column);
    const hour = this.#number(start + 11, 2);
    const minute = this.#number(start + 14, 2);
    const second = this.#number(start + 17, 2);
    if (hour > 23 || minute > 59 || second > 59) throw new RowError(`${column} has a time of day that does not exist`);
    return dateMs + (hour * 3_600 + minute * 60 + second) * 1000;
  }

  #date(start: number, column: string): number {
    const year = this.#number(start, 4);
    const month = this.#number(start + 5, 2);
    const day = this.#number(start + 8, 2);
    const code = (year * 100 + month) * 100 + day;
    if (code !== this.#dateCode) {
      const date = new Date(Date.UTC(year, month - 1, day));
      if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw new RowError(`${column} has a date that does not exist`);
      this.#dateCode = code;
      this.#dateMs = date.getTime();
    }
    return this.#dateMs;
  }

  #hasTimeShape(start: number): boolean {
    for (let i = 0; i < TIME_SHAPE.length; i += 1) {
      const fits = TIME_SHAPE[i] === 'd' ? this.#digit(start + i) >= 0 : this.#bytes[start + i] === TIME_SHAPE.charCodeAt(i);
      if (!fits) return false;
    }
    return true;
  }

  #number(start: number, digits: number): number {
    let value = 0;
    for (let i = start; i < start + digits; i += 1) value = value * 10 + this.#digit(i);
    return value;
  }

  /** The digit at a position, -1 for anything else. */
  #digit(position: number): number {
    const digit = (this.#bytes[position] ?? 0) - ZERO;
    return digit >= 0 && digit <= 9 ? digit : -1;
  }

  #atFieldEnd(): boolean {
    return this.#cursor === this.#end || (this.#cursor < this.#end && this.#bytes[this.#cursor] === COMMA);
  }

  #inOrder(timeMs: number): number {
    if (timeMs < this.#lastMs) throw new RowError('time lies before that of the line above');
    this.#lastMs = timeMs;
    return timeMs;
  }
}
