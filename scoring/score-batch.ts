import type { Decision } from '@trancendos/contracts/decision';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { nowMs } from '@trancendos/platform/clock';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { metrics } from '@trancendos/platform/metrics';
import type { Publisher } from '@trancendos/platform/publish';
import type { FeatureState, FoldedTopic, Offsets } from './feature-state.ts';
import { foldMessage } from './fold-message.ts';
import type { HeldModel } from './hold-model.ts';
import { makeDecision, type ModelOpinion } from './make-decision.ts';
import type { Ruleset } from './rules/describe-ruleset.ts';

/** Most messages that are handled in one go. */
export const BATCH_MAX = 500;

export interface ScorerOptions {
  readonly state: FeatureState;
  readonly model: HeldModel;
  readonly ruleset: Ruleset;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Called when a batch is folded, published and noted. */
  readonly onBatchDone?: () => void;
}

interface Payment {
  readonly received: Received<'transactions'>;
  readonly transaction: PaymentTransaction;
}

const OK: Verdict = { kind: 'ok' };

/**
 * Folds what arrives and decides on every payment in it.
 *
 * One instance owns every partition of both topics: a terminal's state needs the payments of all customers. Running several takes shared
 * state that each folds from all partitions; the state is kept apart for that, and the second worker is not built.
 */
export class BatchScorer {
  readonly #options: ScorerOptions;
  readonly #features = new Float64Array(BATCH_MAX * FEATURE_COUNT);
  /** Payments before these offsets have been decided, in an earlier life or by an earlier owner. */
  #decidedUpTo: Offsets = new Map();

  constructor(options: ScorerOptions) {
    this.#options = options;
  }

  /** Where to go on reading: from where the state ends. Payments before `committed` are only folded from now on. */
  resume(topic: FoldedTopic, committed: Offsets): ReadonlyMap<number, bigint> {
    if (topic === 'transactions') this.#decidedUpTo = committed;
    return this.#options.state.offsets[topic];
  }

  /**
   * Resolves when the broker has the decisions on all payments of the batch. When publishing fails it rejects, and the batch comes again: what
   * was folded is recognised and not folded twice, and what may have been published is decided once more, which the ledger recognises.
   */
  async handle(batch: readonly Received<FoldedTopic>[]): Promise<Verdict[]> {
    const { state, model } = this.#options;
    const payments: Payment[] = [];
    const verdicts = batch.map((received) => this.#fold(received, payments));
    const opinions = model.opine(this.#features, payments.length);
    await Promise.all(payments.map((payment, row) => this.#decide(payment, row, opinions[row])));
    for (const { topic, partition, offset } of batch) state.advance(topic, partition, offset + 1n);
    metrics.featureEntities.set({ entity: 'customer' }, state.kernel.customers.customers.size);
    metrics.featureEntities.set({ entity: 'terminal' }, state.kernel.terminals.terminals.size);
    this.#options.onBatchDone?.();
    return verdicts;
  }

  /** Folds one message and, where it asks for a decision, computes its features: before later messages change them. */
  #fold(received: Received<FoldedTopic>, payments: Payment[]): Verdict {
    const { kernel } = this.#options.state;
    const folded = foldMessage(kernel, received);
    if (folded.kind === 'refused') return { kind: 'reject', detail: folded.detail };
    if (folded.kind === 'label' || received.topic === 'labels') {
      if (received.topic === 'labels') {
        metrics.labels.inc({ label: received.value.fraud ? 'fraud' : 'genuine', source: received.value.source });
      }
      return OK;
    }
    const { value: transaction, offset, partition } = received;
    if (transaction.kind === 'history') return folded.outcome === 'added' ? OK : { kind: 'drop', reason: folded.outcome };
    if (offset < (this.#decidedUpTo.get(partition) ?? 0n)) return OK;
    kernel.read(folded.event, this.#features, payments.length * FEATURE_COUNT);
    payments.push({ received, transaction });
    return OK;
  }

  #decide({ received, transaction }: Payment, row: number, opinion: ModelOpinion | undefined): Promise<void> {
    if (!opinion) throw new Error(`no opinion on row ${row}`);
    const { ruleset, publisher } = this.#options;
    const { sentAtMs, receivedAtMs, key, correlationId } = received;
    const decision = makeDecision({
      transaction,
      features: Array.from(this.#features.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT)),
      opinion,
      ruleset,
      times: { sentAtMs, receivedAtMs, decidedAtMs: nowMs() },
    });
    observe(decision);
    return publisher.publish('decisions', key, decision, correlationId);
  }
}

function observe({ action, actor, score, reasons, versions, degraded_causes, timings_ms }: Decision): void {
  const model = versions.model ?? 'none';
  metrics.decisions.inc({ action, actor, model });
  metrics.score.observe({ model }, score);
  for (const { code } of reasons) metrics.reasons.inc({ code });
  for (const cause of degraded_causes) metrics.fallbacks.inc({ cause });
  metrics.hopSeconds.observe({ hop: 'to_scoring' }, (timings_ms.to_scoring ?? 0) / 1000);
  metrics.hopSeconds.observe({ hop: 'scoring' }, (timings_ms.scoring ?? 0) / 1000);
}
