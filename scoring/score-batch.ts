import type { Decision } from '@trancendos/contracts/decision';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { nowMs } from '@trancendos/platform/clock';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { metrics } from '@trancendos/platform/metrics';
import type { Publisher } from '@trancendos/platform/publish';
import { recordSpan } from '@trancendos/platform/trace';
import type { FoldedTopic, Offsets } from './feature-state.ts';
import type { FoldedLog, FoldedPayment } from './folded-log.ts';
import { makeDecision } from './make-decision.ts';
import { opineRows, type ModelOpinion } from './opine-rows.ts';
import type { StandingOrders } from './standing-orders.ts';

/** Most messages that are handled in one go: what the ledger gets at once, before decisions that somebody waits for. */
export const BATCH_MAX = 128;

/** A decision that the broker has, with what it was made from. */
export interface Decided {
  readonly decision: Decision;
  readonly features: Float64Array;
  readonly orders: StandingOrders;
  readonly partition: number;
  readonly offset: bigint;
}

export interface ScorerOptions {
  readonly folded: FoldedLog;
  /** What stands at the beginning of a batch holds for the whole of it. */
  readonly orders: () => StandingOrders;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Called with what a batch decided, after it is published: for watchers off the path. */
  readonly onDecided?: (decided: readonly Decided[]) => void;
  /** Called when a batch is folded, published and noted. */
  readonly onBatchDone?: () => void;
}

interface Payment {
  readonly received: Received<'transactions'>;
  readonly folded: FoldedPayment;
}

const OK: Verdict = { kind: 'ok' };

/** Folds what arrives on its own partitions, and decides on every payment in it. */
export class BatchScorer {
  readonly #options: ScorerOptions;
  readonly #features = new Float64Array(BATCH_MAX * FEATURE_COUNT);
  /** Payments before these offsets have been decided, here or by an earlier owner. */
  readonly #decidedUpTo: Offsets = new Map();

  constructor(options: ScorerOptions) {
    this.#options = options;
  }

  /**
   * Where to go on reading `partitions`, whose `committed` offsets have been decided: from there, or from where the state ends when that lies
   * before it. What lies between the two is either only folded or only decided.
   */
  resume(topic: FoldedTopic, partitions: readonly number[], committed: Offsets): ReadonlyMap<number, bigint> {
    const { folded } = this.#options;
    const starts = new Map<number, bigint>();
    for (const partition of partitions) {
      const position = folded.positionOf(topic, partition);
      if (topic === 'labels') {
        starts.set(partition, position);
        continue;
      }
      const decided = largest(committed.get(partition) ?? 0n, this.#decidedUpTo.get(partition) ?? 0n);
      this.#decidedUpTo.set(partition, decided);
      starts.set(partition, decided < position ? decided : position);
    }
    return starts;
  }

  /**
   * Resolves when the broker has the decisions on all payments of the batch. When publishing fails it rejects, and the batch comes again: what
   * was folded is not folded twice, and what may have been published is decided once more on the same features, which the ledger recognises.
   */
  async handle(batch: readonly Received<FoldedTopic>[]): Promise<Verdict[]> {
    const { folded } = this.#options;
    const orders = this.#options.orders();
    const payments: Payment[] = [];
    const verdicts = new Array<Verdict>(batch.length).fill(OK);
    for (const index of orderOfSending(batch)) verdicts[index] = this.#take(batch[index] as Received<FoldedTopic>, payments);
    payments.forEach(({ folded: { features } }, row) => this.#features.set(features, row * FEATURE_COUNT));
    const scoringSinceMs = nowMs();
    const opinions = opineRows(orders, this.#features, payments.length);
    const decided = payments.map((payment, row) => this.#decide(payment, opinions[row], orders));
    const scored = { name: 'score', kind: 'internal', startMs: scoringSinceMs } as const;
    for (const { received } of payments) recordSpan(received.correlationId, scored);
    const { publisher } = this.#options;
    await Promise.all(
      decided.map(({ decision }, row) => {
        const { key, correlationId } = (payments[row] as Payment).received;
        return publisher.publish('decisions', key, decision, correlationId);
      }),
    );
    for (const { partition, offset } of decided) {
      folded.settle(partition, offset);
      this.#decidedUpTo.set(partition, offset + 1n);
    }
    observeState(folded);
    this.#options.onDecided?.(decided);
    this.#options.onBatchDone?.();
    return verdicts;
  }

  #take(received: Received<FoldedTopic>, payments: Payment[]): Verdict {
    const taken = this.#options.folded.take(received);
    if (taken.kind === 'refused') return { kind: 'reject', detail: taken.detail };
    if (taken.kind === 'duplicate') return { kind: 'drop', reason: taken.reason };
    if (received.topic === 'labels') {
      metrics.labels.inc({ label: received.value.fraud ? 'fraud' : 'genuine', source: received.value.source });
      return OK;
    }
    if (taken.kind === 'folded' || received.offset < (this.#decidedUpTo.get(received.partition) ?? 0n)) return OK;
    payments.push({ received, folded: taken.payment });
    return OK;
  }

  #decide({ received, folded }: Payment, opinion: ModelOpinion | undefined, orders: StandingOrders): Decided {
    if (!opinion) throw new Error('a payment without an opinion');
    const { sentAtMs, receivedAtMs, partition, offset } = received;
    const times = { sentAtMs, receivedAtMs, decidedAtMs: nowMs() };
    const decision = makeDecision({ ...folded, featuresVersion: this.#options.folded.state.featuresVersion, opinion, orders, times });
    observe(decision);
    return { decision, features: folded.features, orders, partition, offset };
  }
}

/**
 * The places of a batch's messages in the order in which they were sent, as far as the order of each partition allows: after a pause the
 * broker hands out one partition after the other, and what terminals know must not depend on that.
 */
function orderOfSending(batch: readonly Received<FoldedTopic>[]): number[] {
  const latest = new Map<string, number>();
  const sentAt = batch.map(({ topic, partition, sentAtMs }) => {
    const lane = `${topic}/${partition}`;
    const notBefore = Math.max(sentAtMs, latest.get(lane) ?? -Infinity);
    latest.set(lane, notBefore);
    return notBefore;
  });
  return Array.from(batch.keys()).sort((a, b) => (sentAt[a] as number) - (sentAt[b] as number) || a - b);
}

function largest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function observeState({ state }: FoldedLog): void {
  metrics.featureEntities.set({ entity: 'customer' }, state.kernel.customers.customers.size);
  metrics.featureEntities.set({ entity: 'terminal' }, state.kernel.terminals.terminals.size);
}

function observe(decision: Decision): void {
  const { action, actor, score, reasons, versions, degraded_causes, timings_ms, indeterminate_rules, transaction } = decision;
  const model = versions.model ?? 'none';
  metrics.decisions.inc({ action, actor, model });
  metrics.score.observe({ model }, score);
  for (const { code, rule } of reasons) {
    metrics.reasons.inc({ code });
    if (rule !== undefined) metrics.rules.inc({ rule, result: 'holds' });
  }
  for (const rule of indeterminate_rules ?? []) metrics.rules.inc({ rule, result: 'indeterminate' });
  if (transaction.terminal_id === undefined) metrics.featureMissing.inc({ field: 'terminal_id' });
  for (const cause of degraded_causes) metrics.fallbacks.inc({ cause });
  metrics.hopSeconds.observe({ hop: 'to_scoring' }, (timings_ms.to_scoring ?? 0) / 1000);
  metrics.hopSeconds.observe({ hop: 'scoring' }, (timings_ms.scoring ?? 0) / 1000);
}
