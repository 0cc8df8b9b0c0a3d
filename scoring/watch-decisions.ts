import type { Decision } from '@trancendos/contracts/decision';
import type { Label } from '@trancendos/contracts/label';
import { FEATURE_SET } from '@trancendos/models/features/declare-features';
import type { EventLog } from '@trancendos/platform/event-log';
import type { Logger } from '@trancendos/platform/log';
import type { Resource } from '@trancendos/platform/run';
import { DriftWatch, type DriftReport } from './drift/drift-watch.ts';
import { LabelWatch, type LabelReport } from './labels/label-watch.ts';
import { replayLog } from './replay-log.ts';
import type { StandingOrders } from './standing-orders.ts';

const EXPORT_EVERY_MS = 10_000;
/** Of each topic, read again at the start, so that a restart does not begin a week of silence. */
const REFILL_MESSAGES_MAX = 200_000n;

/** Watches what is decided, off the path: drift without labels, and how well it was decided once labels have matured. */
export class DecisionWatch implements Resource {
  readonly #orders: () => StandingOrders;
  readonly #labels = new LabelWatch();
  readonly #timer: NodeJS.Timeout;
  #drift: DriftWatch | undefined;

  constructor(orders: () => StandingOrders) {
    this.#orders = orders;
    this.#timer = setInterval(() => this.export(), EXPORT_EVERY_MS).unref();
  }

  noteDecision(decision: Decision): void {
    if (decision.actor !== 'luminous') return;
    this.#labels.noteDecision(decision);
    const { versions, features, score, transaction } = decision;
    const drift = this.#driftOf(versions.model);
    if (drift && versions.features.startsWith(FEATURE_SET)) drift.note(features, score, Date.parse(transaction.occurred_at));
  }

  noteLabel(label: Label): void {
    this.#labels.noteLabel(label);
  }

  /** Takes in what was decided and labelled before this worker began, as far as the log still has it. */
  async refill(eventLog: Pick<EventLog, 'openConsumer' | 'bounds' | 'service'>, log: Logger): Promise<void> {
    let decisions = 0;
    const lastOf = async <K extends 'decisions' | 'labels'>(topic: K) =>
      [...(await eventLog.bounds(topic))].map(([partition, { low, high }]) => {
        const from = high - REFILL_MESSAGES_MAX;
        return { topic, partition, from: from > low ? from : low, to: high };
      });
    await replayLog<'decisions'>({
      eventLog,
      ranges: await lastOf('decisions'),
      handle: ({ value }) => {
        decisions++;
        this.noteDecision(value);
      },
    });
    await replayLog<'labels'>({ eventLog, ranges: await lastOf('labels'), handle: ({ value }) => this.noteLabel(value) });
    log.info({ decisions }, 'watching drift and labels from what the log still has');
  }

  /** Drift of the model that scores; null where its version has no reference. */
  drift(): DriftReport | null {
    const { champion, fallback } = this.#orders();
    return this.#driftOf((champion ?? fallback)?.label ?? null)?.report() ?? null;
  }

  labels(): LabelReport {
    return this.#labels.report();
  }

  export(): void {
    this.#drift?.export();
    this.#labels.export();
  }

  stop(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
  }

  /** Another model has another reference, so its watch begins anew. */
  #driftOf(label: string | null): DriftWatch | undefined {
    const { champion, fallback } = this.#orders();
    const scoring = champion ?? fallback;
    if (!scoring || label !== scoring.label) return undefined;
    if (this.#drift?.model === label) return this.#drift;
    const { reference } = scoring.version;
    this.#drift = reference ? new DriftWatch(label, reference) : undefined;
    return this.#drift;
  }
}
