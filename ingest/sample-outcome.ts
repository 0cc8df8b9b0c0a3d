import type { Outcome } from '@trancendos/contracts/outcome';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';

/** An accepted payment, for tests. */
export function samplePayment(): PaymentTransaction {
  const now = toInstant(nowMs());
  return {
    kind: 'payment',
    transaction_id: newId('tx'),
    occurred_at: now,
    amount_minor: 1249,
    currency: 'EUR',
    payer: { account_id: 'ACC-00017' },
    merchant_id: 'books-03',
    request_id: newId('req'),
    received_at: now,
  };
}

/** An approval whose decision id is a new one every time, so that two decisions of one transaction can be told apart. */
export function sampleOutcome(transaction: PaymentTransaction, ledgerSeq: number): Outcome {
  const now = toInstant(nowMs());
  return {
    transaction,
    decision_id: newId('dec'),
    actor: 'luminous',
    action: 'approve',
    score: 12,
    reasons: [{ code: 'amount_as_usual', category: 'amount', effect: 'lowers', message: '12.49, usually 11.20', weight: -0.4 }],
    versions: { model: 'luminous-1', ruleset: 'rules-1', features: 'book-15' },
    features: [12.49],
    degraded: false,
    degraded_causes: [],
    decided_at: now,
    timings_ms: { ingest: 2.5 },
    money: { state: 'posted', transfer_id: newId('tr'), expires_at: null },
    ledger_seq: ledgerSeq,
    committed_at: now,
  };
}
