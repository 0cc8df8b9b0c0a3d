import { createHash } from 'node:crypto';
import type { HistoryRecord, Payer, TransactionRequest } from '@trancendos/contracts/transaction';

/** One simulated transaction, at the time that the platform is told. */
export interface TrafficRow {
  /** The transaction's id, and the name of its idempotency key. */
  readonly id: string;
  readonly occurredAtMs: number;
  readonly customer: number;
  readonly terminal: number;
  readonly amountMinor: number;
  readonly fraud: boolean;
  readonly labelKnownAtMs: number;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Of so many customers in a hundred the merchant knows a card only, so that their payments go through the clearing account. */
const CARD_ONLY_PERCENT = 15;

/** How far to move times so that `lastMs` does not lie in the future: whole weeks, which keep the weekday and the time of day. */
export function shiftToPast(lastMs: number, nowMs: number): number {
  return Math.floor((nowMs - lastMs) / WEEK_MS) * WEEK_MS;
}

/** The body of `POST /v1/transactions` for a row. */
export function requestOf(row: TrafficRow): TransactionRequest {
  return {
    transaction_id: row.id,
    occurred_at: new Date(row.occurredAtMs).toISOString(),
    amount_minor: row.amountMinor,
    currency: 'EUR',
    payer: payerOf(row.customer),
    terminal_id: terminalOf(row),
  };
}

/** A row of `POST /v1/history`, with its label where that was known by `knownByMs`. */
export function historyRecordOf(row: TrafficRow, knownByMs: number): HistoryRecord {
  if (row.labelKnownAtMs > knownByMs) return requestOf(row);
  return { ...requestOf(row), label: { fraud: row.fraud, known_at: new Date(row.labelKnownAtMs).toISOString() } };
}

export function terminalOf(row: TrafficRow): string {
  return `T-${pad(row.terminal)}`;
}

function payerOf(customer: number): Payer {
  const digest = createHash('sha256').update(`customer ${customer}`).digest();
  if (digest.readUInt16BE(0) % 100 >= CARD_ONLY_PERCENT) return { account_id: `ACC-${pad(customer)}` };
  return { card_token: `card_${lettersOf(digest.subarray(2, 12))}` };
}

/** Letters only: a token never looks like a card number. */
function lettersOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(97 + (byte % 26))).join('');
}

function pad(number: number): string {
  return String(number).padStart(5, '0');
}
