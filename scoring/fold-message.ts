import type { FoldOutcome } from '@trancendos/models/features/labelled-events';
import { DAY_MS } from '@trancendos/models/features/feature-windows';
import type { FeatureEvent, FeatureKernel } from '@trancendos/models/features/feature-kernel';
import type { LabelOutcome } from '@trancendos/models/features/park-labels';
import type { Received } from '@trancendos/platform/consume';
import { toFeatureEvent, toImportedLabel, toPaymentLabel } from './to-feature-event.ts';

/** What folding a transaction did. `refused`: folding it would damage the state, and no retry can mend it. */
export type FoldedTransaction =
  | { readonly kind: 'transaction'; readonly event: FeatureEvent; readonly outcome: FoldOutcome }
  | { readonly kind: 'refused'; readonly detail: string };

/** How far a terminal's clock may be ahead. An event from further ahead would push everybody's history out of the windows. */
const AHEAD_MOST_MS = DAY_MS;

/** Takes a transaction into the feature state: the same in replay and live. */
export function foldTransaction(kernel: FeatureKernel, { value: transaction }: Received<'transactions'>): FoldedTransaction {
  const event = toFeatureEvent(transaction);
  if (event.timeMs > Date.parse(transaction.received_at) + AHEAD_MOST_MS) {
    return { kind: 'refused', detail: '/occurred_at lies more than a day after /received_at' };
  }
  return { kind: 'transaction', event, outcome: kernel.fold(event, toImportedLabel(transaction)) };
}

/** Takes a label into the feature state. */
export function foldLabel(kernel: FeatureKernel, { value: label }: Received<'labels'>): { readonly outcome: LabelOutcome } {
  return { outcome: kernel.foldLabel(toPaymentLabel(label)) };
}
