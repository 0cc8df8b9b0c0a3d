import type { Label } from '@trancendos/contracts/label';
import { subjectOf, type HistoryTransaction, type PaymentTransaction, type Transaction } from '@trancendos/contracts/transaction';
import type { Received } from '@trancendos/platform/consume';

/** Messages for tests. */
const SAMPLE_REQUEST = 'req_018f2c5e-0000-7000-8000-000000000001';

/** A payment of 12.49 EUR at noon of 2026-03-02, a Monday. */
export function samplePayment(transactionId: string, changes: Partial<PaymentTransaction> = {}): PaymentTransaction {
  return {
    kind: 'payment',
    transaction_id: transactionId,
    occurred_at: '2026-03-02T12:00:00.000Z',
    amount_minor: 1249,
    currency: 'EUR',
    payer: { account_id: 'ACC-1' },
    terminal_id: 'T-1',
    merchant_id: 'books-03',
    request_id: SAMPLE_REQUEST,
    received_at: '2026-03-02T12:00:01.000Z',
    ...changes,
  };
}

/** The same as an import. */
export function sampleHistory(transactionId: string, changes: Partial<HistoryTransaction> = {}): HistoryTransaction {
  return { ...samplePayment(transactionId), kind: 'history', ...changes };
}

/** A label on one of them. */
export function sampleLabel(transaction: Transaction, fraud: boolean): Label {
  const { transaction_id, merchant_id, occurred_at, terminal_id, payer } = transaction;
  return {
    transaction_id,
    fraud,
    source: 'bank',
    known_at: '2026-03-20T00:00:00.000Z',
    label_id: 'lab_018f2c5e-0000-7000-8000-000000000002',
    merchant_id,
    request_id: SAMPLE_REQUEST,
    subject: subjectOf(payer),
    terminal_id: terminal_id ?? null,
    occurred_at,
    received_at: '2026-03-20T00:00:00.000Z',
  };
}

/** A transaction as the consume loop hands it over, partition 0. */
export function receivedTransaction(value: Transaction, offset: number): Received<'transactions'> {
  const sentAtMs = Date.parse(value.received_at) + 2;
  const message = { partition: 0, offset: BigInt(offset), key: subjectOf(value.payer), correlationId: value.request_id };
  return { topic: 'transactions', ...message, value, sentAtMs, receivedAtMs: sentAtMs + 3 };
}

/** A label as the consume loop hands it over, partition 0. */
export function receivedLabel(value: Label, offset: number): Received<'labels'> {
  const sentAtMs = Date.parse(value.received_at) + 2;
  const message = { partition: 0, offset: BigInt(offset), key: value.subject, correlationId: value.request_id };
  return { topic: 'labels', ...message, value, sentAtMs, receivedAtMs: sentAtMs + 3 };
}
