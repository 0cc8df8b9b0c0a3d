import type { Decision } from '@trancendos/contracts/decision';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { RETENTION_MS } from '@trancendos/models/features/feature-windows';
import { nowMs } from '@trancendos/platform/clock';
import type { FeatureState } from './feature-state.ts';
import { makeDecision } from './make-decision.ts';
import { opineRows } from './opine-rows.ts';
import type { StandingOrders } from './standing-orders.ts';
import { toFeatureEvent } from './to-feature-event.ts';

export interface PreviewParts {
  readonly state: FeatureState;
  readonly orders: () => StandingOrders;
}

/**
 * The decision that a payment would get if it came now. Its features are read and it is not folded, so nobody's features, velocity or labels
 * change; it is not published, so no money moves and no watcher counts it.
 */
export function previewDecision({ state, orders: standing }: PreviewParts, transaction: PaymentTransaction): Decision {
  const receivedAtMs = nowMs();
  const orders = standing();
  const event = toFeatureEvent(transaction);
  const features = new Float64Array(FEATURE_COUNT);
  state.kernel.read(event, features);
  const newestMs = state.kernel.customers.customers.get(event.subject)?.ring.newestMs ?? -Infinity;
  const [opinion] = opineRows(orders, features, 1);
  if (!opinion) throw new Error('a payment without an opinion');
  return makeDecision({
    transaction,
    features,
    featuresVersion: state.featuresVersion,
    outcome: event.timeMs <= newestMs - RETENTION_MS ? 'too_old' : 'added',
    opinion,
    orders,
    times: { sentAtMs: receivedAtMs, receivedAtMs, decidedAtMs: nowMs() },
  });
}
