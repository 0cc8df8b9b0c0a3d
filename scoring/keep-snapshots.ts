import { FeatureSnapshot } from '@trancendos/models/features/snapshot-features';
import { nowMs, pause, toInstant } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { Resource } from '@trancendos/platform/run';
import type { FeatureState } from './feature-state.ts';
import type { TakenSnapshot } from './snapshot-store.ts';

export interface SnapshotOptions {
  readonly state: FeatureState;
  readonly store: (snapshot: TakenSnapshot) => Promise<void>;
  readonly log: Logger;
  /** Default 5 minutes. */
  readonly everyMs?: number;
}

const EVERY_MS = 300_000;
/** Entities written in one go: about a millisecond. */
const SLICE_ENTITIES = 50;
const BETWEEN_SLICES_MS = 2;

/**
 * Keeps snapshots of the feature state: every some minutes, a slice at a time between the batches, and once more when the service stops.
 * A snapshot that cannot be stored is given up: the log has everything, a restart then only takes longer.
 */
export class SnapshotKeeper implements Resource {
  readonly #options: SnapshotOptions;
  readonly #everyMs: number;
  #lastMs = nowMs();
  #changed = false;
  #underWay: Promise<void> | undefined;
  #hurry = false;

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? EVERY_MS;
  }

  /** Called between batches, when everything that has been folded has also been published. The only moments at which one may begin. */
  betweenBatches(): void {
    this.#changed = true;
    if (this.#underWay || nowMs() - this.#lastMs < this.#everyMs) return;
    this.#begin();
  }

  /** Finishes the one under way, and takes a last one of what has changed since. */
  async stop(): Promise<void> {
    this.#hurry = true;
    await this.#underWay;
    if (!this.#changed) return;
    this.#begin();
    await this.#underWay;
  }

  #begin(): void {
    this.#lastMs = nowMs();
    this.#changed = false;
    this.#underWay = this.#take()
      .catch((error: unknown) => {
        this.#changed = true;
        this.#options.log.warn({ err: error }, 'no snapshot of the feature state could be kept');
      })
      .finally(() => (this.#underWay = undefined));
  }

  async #take(): Promise<void> {
    const { state, store, log } = this.#options;
    const startedMs = nowMs();
    const snapshot = new FeatureSnapshot(state.kernel);
    const offsets = { transactions: new Map(state.offsets.transactions), labels: new Map(state.offsets.labels) };
    let chunks: Buffer[] | undefined;
    while (!chunks) {
      chunks = snapshot.writeSome(this.#hurry ? Infinity : SLICE_ENTITIES);
      if (!chunks && !this.#hurry) await pause(BETWEEN_SLICES_MS);
    }
    await store({ chunks, offsets, takenAt: toInstant(startedMs), beliefsHash: state.kernel.beliefsHash });
    const tookMs = nowMs() - startedMs;
    metrics.snapshotSeconds.observe({}, tookMs / 1000);
    log.info({ tookMs: Math.round(tookMs) }, 'snapshot of the feature state kept');
  }
}
