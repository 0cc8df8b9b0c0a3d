import { createHash } from 'node:crypto';
import { FEATURE_COUNT } from './features/declare-features.ts';
import { FeatureKernel, type FeatureEvent } from './features/feature-kernel.ts';
import { DAY_MS, LABEL_DELAY_DAYS } from './features/feature-windows.ts';
import type { DayRange } from './plan-windows.ts';
import type { TransactionRow } from './simulator/transaction-file.ts';

/** Feature vectors with what became of their transactions, as columns in the order of the stream. */
export interface Examples {
  readonly count: number;
  /** `FEATURE_COUNT` values a row. */
  readonly features: Float64Array;
  /** 0 or 1. */
  readonly fraud: Uint8Array;
  /** Days since the epoch. */
  readonly day: Uint32Array;
  readonly customer: readonly string[];
}

export interface CollectOptions {
  /** Examples are kept of transactions from this moment on; the ones before only build up history. */
  readonly fromMs: number;
  /** The stream is read up to this moment, excluding. */
  readonly toMs: number;
  readonly onProgress?: (rows: number) => void;
}

export interface Collected {
  readonly examples: Examples;
  /** Every transaction read, the history included. */
  readonly rows: number;
  /** SHA-256 over time, customer, terminal, amount and label of every transaction read: what the examples were made from. */
  readonly dataDigest: string;
}

const REPORT_EVERY = 20_000;
const DIGEST_ROWS = 4_096;
const DIGEST_COLUMNS = 5;

/**
 * Replays transactions through the feature kernel, as the live service would see them, and keeps the vectors. A label counts from the moment
 * it is known: the row's own, or 7 days after its transaction. The scenario of a row is never looked at.
 */
export async function collectExamples(
  transactions: AsyncIterable<TransactionRow> | Iterable<TransactionRow>,
  options: CollectOptions,
): Promise<Collected> {
  const kernel = new FeatureKernel();
  const columns = new ExampleColumns();
  const digest = new RowDigest();
  let rows = 0;
  for await (const row of transactions) {
    if (row.occurredAtMs >= options.toMs) break;
    digest.add(row);
    const event = toFeatureEvent(row);
    kernel.fold(event, { fraud: row.fraud, countsFromMs: row.labelKnownAtMs ?? row.occurredAtMs + LABEL_DELAY_DAYS * DAY_MS });
    if (row.occurredAtMs >= options.fromMs) columns.add(row, (out, offset) => kernel.read(event, out, offset));
    if (++rows % REPORT_EVERY === 0) options.onProgress?.(rows);
  }
  return { examples: columns.finish(), rows, dataDigest: digest.finish() };
}

/** The examples of the days of `range` that `keep` does not leave out. */
export function selectExamples(examples: Examples, range: DayRange, keep: (row: number) => boolean = () => true): Examples {
  const rows: number[] = [];
  for (let row = 0; row < examples.count; row++) {
    const day = examples.day[row] ?? 0;
    if (day >= range.from && day < range.to && keep(row)) rows.push(row);
  }
  const features = new Float64Array(rows.length * FEATURE_COUNT);
  rows.forEach((row, index) => {
    features.set(examples.features.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT), index * FEATURE_COUNT);
  });
  return {
    count: rows.length,
    features,
    fraud: Uint8Array.from(rows, (row) => examples.fraud[row] ?? 0),
    day: Uint32Array.from(rows, (row) => examples.day[row] ?? 0),
    customer: rows.map((row) => examples.customer[row] ?? ''),
  };
}

/** A row of a transaction file as the features see it. */
export function toFeatureEvent(row: TransactionRow): FeatureEvent {
  return {
    subject: String(row.customerId),
    terminal: String(row.terminalId),
    id: String(row.transactionId),
    timeMs: row.occurredAtMs,
    amountThousandths: row.amountMinor * 10,
  };
}

class ExampleColumns {
  #features = new Float64Array(FEATURE_COUNT * 65_536);
  readonly #fraud: number[] = [];
  readonly #day: number[] = [];
  readonly #customer: string[] = [];

  add(row: TransactionRow, write: (out: Float64Array, offset: number) => void): void {
    const offset = this.#fraud.length * FEATURE_COUNT;
    if (offset === this.#features.length) {
      const larger = new Float64Array(this.#features.length * 2);
      larger.set(this.#features);
      this.#features = larger;
    }
    write(this.#features, offset);
    this.#fraud.push(row.fraud ? 1 : 0);
    this.#day.push(Math.floor(row.occurredAtMs / DAY_MS));
    this.#customer.push(String(row.customerId));
  }

  finish(): Examples {
    const count = this.#fraud.length;
    const features = this.#features.subarray(0, count * FEATURE_COUNT);
    return { count, features, fraud: Uint8Array.from(this.#fraud), day: Uint32Array.from(this.#day), customer: this.#customer };
  }
}

class RowDigest {
  readonly #hash = createHash('sha256');
  readonly #buffer = new Float64Array(DIGEST_ROWS * DIGEST_COLUMNS);
  #used = 0;

  add(row: TransactionRow): void {
    this.#buffer[this.#used++] = row.occurredAtMs;
    this.#buffer[this.#used++] = row.customerId;
    this.#buffer[this.#used++] = row.terminalId;
    this.#buffer[this.#used++] = row.amountMinor;
    this.#buffer[this.#used++] = row.fraud ? 1 : 0;
    if (this.#used === this.#buffer.length) this.#flush();
  }

  finish(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(new Uint8Array(this.#buffer.buffer, 0, this.#used * 8));
    this.#used = 0;
  }
}
