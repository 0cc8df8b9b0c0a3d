import type { Outcome } from '@trancendos/contracts/outcome';
import { newId } from '@trancendos/platform/new-id';

/**
 * An outcome of an invented payment: every twentieth is declined, every tenth else is held. Its id is `<mark>-<n>-t<published at>`, in epoch
 * ms to the base of 36: two numbers of digits alone could be taken for that of a card.
 */
export function makeOutcome(mark: string, n: number, atMs: number): Outcome {
  const at = new Date(atMs).toISOString();
  const action = n % 20 === 0 ? 'decline' : n % 10 === 0 ? 'review' : 'approve';
  const score = action === 'decline' ? 900 : action === 'review' ? 600 : n % 400;
  const state = action === 'approve' ? 'posted' : action === 'review' ? 'pending' : 'none';
  return {
    decision_id: newId('dec'),
    actor: 'luminous',
    action,
    score,
    reasons: [
      { code: 'amount_above_usual', category: 'amount', effect: 'raises', message: `${n % 500}.00, usually 61.20`, weight: 1.4 },
      { code: 'terminal_new', category: 'terminal', effect: 'raises', message: 'first payment there', weight: 0.6 },
    ],
    versions: { model: 'luminous-1', ruleset: 'default-1', features: 'book-1' },
    features: [],
    degraded: false,
    degraded_causes: [],
    decided_at: at,
    timings_ms: { ingest: 2, to_scoring: 1, scoring: 0.5, to_ledger: 1, ledger: 4 },
    transaction: {
      kind: 'payment',
      transaction_id: `${mark}-${n}-t${Math.round(atMs).toString(36)}`,
      occurred_at: at,
      amount_minor: 100 + ((n * 7_919) % 50_000),
      currency: 'EUR',
      payer: { account_id: `ACC-${n % 5_000}`, card_token: `card_${n % 9_000}` },
      terminal_id: `T-${n % 400}`,
      merchant_id: `shop-${n % 120}`,
      request_id: newId('req'),
      received_at: at,
    },
    money: { state, transfer_id: null, expires_at: null },
    ledger_seq: n,
    committed_at: at,
  };
}
