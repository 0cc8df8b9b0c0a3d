import { FEATURE_COUNT } from './features/declare-features.ts';
import type { BeliefParameters } from './features/describe-beliefs.ts';
import { FeatureKernel, type FeatureEvent } from './features/feature-kernel.ts';
import { DAY_MS } from './features/feature-windows.ts';
import { rowsBefore, type Transactions } from './load-transactions.ts';
import type { TransactionRow } from './simulator/transaction-file.ts';
import type { DayRange } from './plan-windows.ts';

/** Feature vectors with what became of their transactions, as columns in the order of the stream. */
export interface Examples {
  readonly count: number;
  /** `FEATURE_COUNT` values a row. */
  readonly features: Float64Array;
  /** 0 or 1. */
  readonly fraud: Uint8Array;
  /** Days since the epoch. */
  readonly day: Uint32Array;
  readonly customer: Uint32Array;
  /** The simulator's cause of fraud, to report by it; never an input. */
  readonly scenario: Uint8Array;
}

export interface CollectOptions {
  readonly beliefs: BeliefParameters | null;
  /** Examples are kept of the days in it; the ones before only build up history. */
  readonly days: DayRange;
  readonly onProgress?: (rows: number, of: number) => void;
}

const REPORT_EVERY = 20_000;

/**
 * Replays transactions through the feature kernel, as the live service would see them, and keeps the vectors. A label counts from the moment
 * it is known. The scenario of a row is never looked at.
 */
export function collectExamples(transactions: Transactions, { beliefs, days, onProgress }: CollectOptions): Examples {
  const kernel = new FeatureKernel(beliefs);
  const from = rowsBefore(transactions, days.from * DAY_MS);
  const to = rowsBefore(transactions, days.to * DAY_MS);
  const features = new Float64Array((to - from) * FEATURE_COUNT);
  for (let row = 0; row < to; row++) {
    const event = featureEventOf(transactions, row);
    kernel.fold(event, { fraud: transactions.fraud[row] === 1, countsFromMs: transactions.knownAtMs[row] as number });
    if (row >= from) kernel.read(event, features, (row - from) * FEATURE_COUNT);
    if (row % REPORT_EVERY === 0) onProgress?.(row, to);
  }
  onProgress?.(to, to);
  return {
    count: to - from,
    features,
    fraud: transactions.fraud.subarray(from, to),
    day: Uint32Array.from(transactions.timeMs.subarray(from, to), (ms) => Math.floor(ms / DAY_MS)),
    customer: transactions.customer.subarray(from, to),
    scenario: transactions.scenario.subarray(from, to),
  };
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
    customer: Uint32Array.from(rows, (row) => examples.customer[row] ?? 0),
    scenario: Uint8Array.from(rows, (row) => examples.scenario[row] ?? 0),
  };
}

/** A transaction as the features see it. */
export function featureEventOf({ id, timeMs, customer, terminal, amountMinor }: Transactions, row: number): FeatureEvent {
  return {
    subject: String(customer[row]),
    terminal: String(terminal[row]),
    id: String(id[row]),
    timeMs: timeMs[row] as number,
    amountThousandths: (amountMinor[row] as number) * 10,
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
