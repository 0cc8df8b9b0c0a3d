import { createHash } from 'node:crypto';
import { DAY_MS, LABEL_DELAY_DAYS } from './features/feature-windows.ts';
import type { LabelledPayments } from './labelled-payments.ts';
import type { TransactionRow } from './simulator/transaction-file.ts';
import type { World } from './simulator/world.ts';

/** Transactions as columns, in the order of time. */
export interface Transactions {
  readonly count: number;
  readonly id: Float64Array;
  /** In ms since the epoch. */
  readonly timeMs: Float64Array;
  readonly customer: Uint32Array;
  readonly terminal: Uint32Array;
  readonly amountMinor: Float64Array;
  /** 0 or 1. */
  readonly fraud: Uint8Array;
  /** 0 to 3; never an input of a model. */
  readonly scenario: Uint8Array;
  /** When it becomes known whether it was fraud, in ms since the epoch. */
  readonly knownAtMs: Float64Array;
}

/** Data that cannot be used for what was asked; the message says why and what would do. */
export class DataUnfit extends Error {
  override readonly name = 'DataUnfit';
}

const FIRST_CAPACITY = 1 << 20;
const ROWS_MAX = 50_000_000;
const REPORT_EVERY = 50_000;
const DIGEST_ROWS = 4_096;
const DIGEST_COLUMNS = 5;

/** Columns that grow by doubling. */
class GrowingColumns {
  #capacity = FIRST_CAPACITY;
  #columns = newColumns(FIRST_CAPACITY);
  count = 0;

  add(row: TransactionRow): void {
    if (this.count === this.#capacity) this.#grow();
    const columns = this.#columns;
    const at = this.count++;
    columns.id[at] = row.transactionId;
    columns.timeMs[at] = row.occurredAtMs;
    columns.customer[at] = row.customerId;
    columns.terminal[at] = row.terminalId;
    columns.amountMinor[at] = row.amountMinor;
    columns.fraud[at] = row.fraud ? 1 : 0;
    columns.scenario[at] = row.scenario;
    columns.knownAtMs[at] = row.labelKnownAtMs ?? row.occurredAtMs + LABEL_DELAY_DAYS * DAY_MS;
  }

  finish(): Transactions {
    return { count: this.count, ...this.#columns };
  }

  #grow(): void {
    this.#capacity = Math.min(ROWS_MAX, this.#capacity * 2);
    if (this.count >= this.#capacity) throw new DataUnfit(`more than ${ROWS_MAX} transactions: cut the file into parts`);
    const wider = newColumns(this.#capacity);
    for (const key of Object.keys(wider) as (keyof typeof wider)[]) wider[key].set(this.#columns[key]);
    this.#columns = wider;
  }
}

function newColumns(capacity: number) {
  return {
    id: new Float64Array(capacity),
    timeMs: new Float64Array(capacity),
    customer: new Uint32Array(capacity),
    terminal: new Uint32Array(capacity),
    amountMinor: new Float64Array(capacity),
    fraud: new Uint8Array(capacity),
    scenario: new Uint8Array(capacity),
    knownAtMs: new Float64Array(capacity),
  };
}

/** Reads all rows into memory, about 40 bytes each. Throws `DataUnfit` where there are none or too many, and what the rows throw. */
export async function loadTransactions(
  rows: AsyncIterable<TransactionRow> | Iterable<TransactionRow>,
  onProgress?: (rows: number) => void,
): Promise<Transactions> {
  const columns = new GrowingColumns();
  for await (const row of rows) {
    columns.add(row);
    if (columns.count % REPORT_EVERY === 0) onProgress?.(columns.count);
  }
  if (columns.count === 0) throw new DataUnfit('the file has no transactions');
  return columns.finish();
}

/** A simulated world as transactions. */
export function transactionsOf({ options, count, timeS, customer, terminal, amountMinor, scenario }: World): Transactions {
  const timeMs = Float64Array.from(timeS, (second) => options.startMs + second * 1000);
  const delayMs = options.labelDelayDays * DAY_MS;
  return {
    count,
    id: Float64Array.from(timeMs.keys()),
    timeMs,
    customer,
    terminal,
    amountMinor,
    fraud: scenario.map((cause) => (cause === 0 ? 0 : 1)),
    scenario,
    knownAtMs: timeMs.map((ms) => ms + delayMs),
  };
}

/** Number of transactions before `timeMs`. */
export function rowsBefore({ count, timeMs }: Transactions, untilMs: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timeMs[middle] ?? 0) < untilMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first `rows` transactions as payments whose labels are known. */
export function labelledPayments(transactions: Transactions, rows: number): LabelledPayments {
  const firstDay = Math.floor((transactions.timeMs[0] ?? 0) / DAY_MS);
  return {
    count: rows,
    customer: transactions.customer.subarray(0, rows),
    terminal: transactions.terminal.subarray(0, rows),
    amount: Float64Array.from(transactions.amountMinor.subarray(0, rows), (minor) => minor / 100),
    day: Uint32Array.from(transactions.timeMs.subarray(0, rows), (ms) => Math.floor(ms / DAY_MS) - firstDay),
    fraud: transactions.fraud.subarray(0, rows),
  };
}

/** SHA-256 over time, customer, terminal, amount and label of the first `rows` transactions. */
export function digestTransactions({ timeMs, customer, terminal, amountMinor, fraud }: Transactions, rows: number): string {
  const hash = createHash('sha256');
  const buffer = new Float64Array(DIGEST_ROWS * DIGEST_COLUMNS);
  let used = 0;
  for (let row = 0; row < rows; row++) {
    buffer[used++] = timeMs[row] as number;
    buffer[used++] = customer[row] as number;
    buffer[used++] = terminal[row] as number;
    buffer[used++] = amountMinor[row] as number;
    buffer[used++] = fraud[row] as number;
    if (used < buffer.length && row < rows - 1) continue;
    hash.update(new Uint8Array(buffer.buffer, 0, used * 8));
    used = 0;
  }
  return hash.digest('hex');
}
