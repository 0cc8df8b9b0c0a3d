import type { Decision } from '@trancendos/contracts/decision';
import type { DecisionEntry } from './entry.ts';

/** What a test says about a decision; the rest is filled in. */
export interface Sample {
  readonly transactionId: string;
  readonly merchantId?: string;
  readonly action?: Decision['action'];
  readonly amountMinor?: number;
  readonly currency?: Decision['transaction']['currency'];
  readonly payer?: Decision['transaction']['payer'];
  readonly reasons?: Decision['reasons'];
  readonly capture?: 'manual';
}

/** When everything in a sample happens, in milliseconds since the epoch. */
export const SAMPLE_AT_MS = Date.parse('2026-05-01T12:00:00.000Z');

/** A decision for tests: an approval of 10.00 EUR from ACC-1 at books-01 unless the sample says otherwise. */
export function sampleDecision(sample: Sample): Decision {
  const at = new Date(SAMPLE_AT_MS).toISOString();
  const transaction = {
    kind: 'payment' as const,
    transaction_id: sample.transactionId,
    merchant_id: sample.merchantId ?? 'books-01',
    amount_minor: sample.amountMinor ?? 1_000,
    currency: sample.currency ?? ('EUR' as const),
    payer: sample.payer ?? { account_id: 'ACC-1' },
    request_id: 'req_0198a000-0000-7000-8000-000000000000',
    occurred_at: at,
    received_at: at,
    ...(sample.capture && { capture: sample.capture }),
  };
  return {
    decision_id: 'dec_0198a000-0000-7000-8000-000000000000',
    actor: 'luminous',
    action: sample.action ?? 'approve',
    score: 12,
    reasons: sample.reasons ?? [],
    versions: { model: 'luminous-1', ruleset: 'rules-1', features: 'handbook-1' },
    features: [1, 0.5],
    degraded: false,
    degraded_causes: [],
    decided_at: at,
    timings_ms: { ingest: 1, to_scoring: 2, scoring: 3 },
    transaction,
  };
}

/** The same as it reaches the writer, at that offset: 2 ms on its way. */
export function sampleEntry(sample: Sample, offset = 0): DecisionEntry {
  const origin = { topic: 'decisions.v1', partition: 0, offset: BigInt(offset) };
  return { kind: 'decision', origin, decision: sampleDecision(sample), sentAtMs: SAMPLE_AT_MS + 5, receivedAtMs: SAMPLE_AT_MS + 7 };
}
