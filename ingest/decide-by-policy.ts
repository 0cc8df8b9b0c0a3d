import type { Action, Decision, Reason } from '@trancendos/contracts/decision';
import type { TimeoutBand } from '@trancendos/contracts/settings';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { toInstant } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';

/** Whoever has settled nothing gets the careful way: the money is held until somebody looks. */
const BY_DEFAULT: Action = 'review';
const EFFECT: Record<Action, Reason['effect']> = { approve: 'lowers', review: 'holds', decline: 'blocks' };

/** The decision on a payment that nobody has decided in time, by the merchant's own bands of amounts. */
export function decideByPolicy(transaction: PaymentTransaction, bands: readonly TimeoutBand[], nowMs: number): Decision {
  const band = bands.find(
    ({ currency, up_to_minor }) =>
      (currency === undefined || currency === transaction.currency) &&
      (up_to_minor === undefined || transaction.amount_minor <= up_to_minor),
  );
  const action = band?.action ?? BY_DEFAULT;
  return {
    decision_id: newId('dec'),
    actor: 'policy',
    action,
    score: 0,
    reasons: [
      {
        code: 'decided_by_policy',
        category: 'platform',
        effect: EFFECT[action],
        message: "no decision within the deadline, so the merchant's policy decides",
        weight: null,
      },
    ],
    versions: { model: null, ruleset: 'policy', features: 'none' },
    features: [],
    degraded: true,
    degraded_causes: ['deadline'],
    decided_at: toInstant(nowMs),
    timings_ms: {},
    transaction,
  };
}
