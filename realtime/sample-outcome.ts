import type { Outcome } from '@trancendos/contracts/outcome';
import type { RingEntry } from './feed-ring.ts';
import { makeFeedRow } from './make-feed-row.ts';

const uuid = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** An outcome for tests: the `ledgerSeq`-th of a ledger that commits one a second since `COMMITTED_FROM_MS`; `changes` make it another. */
export function sampleOutcome(ledgerSeq: number, changes: Partial<Outcome> = {}): Outcome {
  const committedAt = new Date(COMMITTED_FROM_MS + ledgerSeq * 1_000).toISOString();
  return {
    decision_id: `dec_${uuid(ledgerSeq)}`,
    actor: 'luminous',
    action: 'approve',
    score: 12,
    reasons: [],
    versions: { model: 'luminous-1', ruleset: 'default-1', features: 'book-1' },
    features: [],
    degraded: false,
    degraded_causes: [],
    decided_at: committedAt,
    timings_ms: { ingest: 2, to_scoring: 1, scoring: 0.5, to_ledger: 1, ledger: 4 },
    transaction: {
      kind: 'payment',
      transaction_id: `tx-${ledgerSeq}`,
      occurred_at: committedAt,
      amount_minor: 1_249,
      currency: 'EUR',
      payer: { account_id: `ACC-${ledgerSeq % 10}` },
      terminal_id: 'T-1',
      merchant_id: 'grocery-07',
      request_id: `req_${uuid(ledgerSeq)}`,
      received_at: committedAt,
    },
    money: { state: 'posted', transfer_id: `tr_${uuid(ledgerSeq)}`, expires_at: null },
    ledger_seq: ledgerSeq,
    committed_at: committedAt,
    ...changes,
  };
}

/** The entry of an outcome in the ring: its offset in the only partition is one less than its place. */
export function sampleEntry(ledgerSeq: number, changes: Partial<Outcome> = {}): RingEntry {
  const outcome = sampleOutcome(ledgerSeq, changes);
  return { row: makeFeedRow(outcome), committedAtMs: Date.parse(outcome.committed_at), partition: 0, offset: BigInt(ledgerSeq - 1) };
}

export const COMMITTED_FROM_MS = Date.UTC(2026, 0, 1);
