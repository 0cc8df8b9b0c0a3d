import type { Label } from '@trancendos/contracts/label';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import type { FoldOutcome } from '@trancendos/models/features/labelled-events';
import type { Received } from '@trancendos/platform/consume';
import { RecentMap } from '@trancendos/platform/keep-recent';
import { metrics } from '@trancendos/platform/metrics';
import type { FeatureState, FoldedTopic } from './feature-state.ts';
import { foldLabel, foldTransaction } from './fold-message.ts';
import { SettlingLabels } from './settle-labels.ts';
import { toFeatureEvent } from './to-feature-event.ts';

/** Most payments that are folded and not known to be decided. Beyond that the oldest vectors are forgotten. */
const VECTORS_MAX = 20_000;

/** A payment with its features as they were when its turn in the log came. */
export interface FoldedPayment {
  readonly transaction: PaymentTransaction;
  readonly features: Float64Array;
  readonly outcome: FoldOutcome;
}

/** What became of a message in the log. `folded`: nothing is to be decided on. */
export type Taken =
  | { readonly kind: 'payment'; readonly payment: FoldedPayment }
  | { readonly kind: 'folded' }
  | { readonly kind: 'duplicate'; readonly reason: string }
  | { readonly kind: 'refused'; readonly detail: string };

const FOLDED: Taken = { kind: 'folded' };

/**
 * The feature state with its place in the log. Every message is folded once, when its turn in its partition comes, whoever brings it: the
 * consumer that decides, the one that follows other workers' partitions, or the replay after a restart. The features of a payment are read at
 * that moment and kept until it is decided, so that they are the same however much later, and by which worker, that happens.
 *
 * A label's turn comes with the first transaction that was sent `LABEL_SETTLE_MS` after it: the broker does not order topics among each
 * other, and a fold that depended on which of two consumers was faster could not be repeated.
 */
export class FoldedLog {
  readonly state: FeatureState;
  readonly #vectors = new RecentMap<FoldedPayment, number>(VECTORS_MAX);
  readonly #settling = new SettlingLabels();
  /** Called with every label that comes in, of whichever partition. */
  onLabel: ((label: Label) => void) | undefined;

  constructor(state: FeatureState) {
    this.state = state;
  }

  /** The next offset of a partition that is to be taken. */
  positionOf(topic: FoldedTopic, partition: number): bigint {
    const folded = this.state.offsets[topic].get(partition) ?? 0n;
    const next = topic === 'labels' ? this.#settling.next(partition) : undefined;
    return next === undefined || next < folded ? folded : next;
  }

  /** Folds a message unless that has been done, and gives back what has to be decided on it. */
  take(received: Received<FoldedTopic>): Taken {
    const { topic, partition, offset } = received;
    if (offset < this.positionOf(topic, partition)) return this.#remember(received);
    if (received.topic === 'labels') {
      this.onLabel?.(received.value);
      const crowdedOut = this.#settling.add(received);
      if (crowdedOut) this.#foldLabel(crowdedOut);
      return FOLDED;
    }
    for (let label; (label = this.#settling.takeUpTo(received.sentAtMs));) this.#foldLabel(label);
    const taken = this.#fold(received);
    this.state.advance(topic, partition, offset + 1n);
    return taken;
  }

  /** Passes over what lies before `next` in a partition and was not taken: it cannot be read. */
  skipTo(topic: FoldedTopic, partition: number, next: bigint): void {
    if (topic === 'labels') this.#settling.skipTo(partition, next);
    else this.state.advance(topic, partition, next);
  }

  /** A payment whose decision the broker has. */
  settle(partition: number, offset: bigint): void {
    this.#vectors.delete(placeOf(partition, offset));
  }

  /** After a replay: what it read has been decided long ago. */
  forgetVectors(): void {
    this.#vectors.clear();
  }

  #foldLabel(received: Received<'labels'>): void {
    const { outcome } = foldLabel(this.state.kernel, received);
    metrics.foldOutcomes.inc({ topic: 'labels', outcome });
    this.state.advance('labels', received.partition, received.offset + 1n);
  }

  #fold(received: Received<'transactions'>): Taken {
    const { kernel } = this.state;
    const folded = foldTransaction(kernel, received);
    if (folded.kind === 'refused') return folded;
    metrics.foldOutcomes.inc({ topic: 'transactions', outcome: folded.outcome });
    const { value: transaction, partition, offset } = received;
    if (transaction.kind === 'history') {
      return folded.outcome === 'added' ? FOLDED : { kind: 'duplicate', reason: folded.outcome };
    }
    const features = new Float64Array(FEATURE_COUNT);
    kernel.read(folded.event, features);
    const payment = { transaction, features, outcome: folded.outcome };
    this.#vectors.set(placeOf(partition, offset), payment);
    return { kind: 'payment', payment };
  }

  /** What was read when it was folded; only where that has been forgotten, what can be read now. */
  #remember(received: Received<FoldedTopic>): Taken {
    if (received.topic === 'labels' || received.value.kind === 'history') return FOLDED;
    const kept = this.#vectors.get(placeOf(received.partition, received.offset));
    if (kept) return { kind: 'payment', payment: kept };
    metrics.vectorsReread.inc();
    const features = new Float64Array(FEATURE_COUNT);
    this.state.kernel.read(toFeatureEvent(received.value), features);
    return { kind: 'payment', payment: { transaction: received.value, features, outcome: 'duplicate' } };
  }
}

/** A place in a topic as a number, which V8 finds sooner than a text: of each of 8,192 partitions 2^40 messages. */
function placeOf(partition: number, offset: bigint): number {
  return partition * 2 ** 40 + Number(offset);
}
