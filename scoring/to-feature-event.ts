import type { Label } from '@trancendos/contracts/label';
import { CURRENCY_EXPONENT } from '@trancendos/contracts/currency-exponent';
import { subjectOf, type Transaction } from '@trancendos/contracts/transaction';
import type { EventLabel, FeatureEvent } from '@trancendos/models/features/feature-kernel';
import type { PaymentLabel } from '@trancendos/models/features/park-labels';

/**
 * A transaction as the features see it. Amounts become thousandths of their currency's unit; no currency is converted into another, so
 * 5,000 JPY counts like 5,000 EUR. Terminals are named within their merchant, so that no merchant speaks of another's.
 */
export function toFeatureEvent(transaction: Transaction): FeatureEvent {
  const { merchant_id, terminal_id, transaction_id, currency } = transaction;
  return {
    subject: subjectOf(transaction.payer),
    terminal: terminal_id === undefined ? null : `${merchant_id}/${terminal_id}`,
    id: `${merchant_id}/${transaction_id}`,
    timeMs: Date.parse(transaction.occurred_at),
    amountThousandths: transaction.amount_minor * 10 ** (3 - CURRENCY_EXPONENT[currency]),
  };
}

/** A label that has arrived: it counts from now on. */
export function toPaymentLabel(label: Label): PaymentLabel {
  return {
    subject: label.subject,
    terminal: label.terminal_id === null ? null : `${label.merchant_id}/${label.terminal_id}`,
    id: `${label.merchant_id}/${label.transaction_id}`,
    timeMs: Date.parse(label.occurred_at),
    fraud: label.fraud,
    countsFromMs: -Infinity,
  };
}

/** The label that an imported transaction brings along: it counts from the event time at which it became known. */
export function toImportedLabel(transaction: Transaction): EventLabel | undefined {
  if (transaction.kind !== 'history' || transaction.label === undefined) return undefined;
  return { fraud: transaction.label.fraud, countsFromMs: Date.parse(transaction.label.known_at) };
}
