import { setImmediate as nextTurn } from 'node:timers/promises';
import { BATCH_ROWS_MAX } from '@trancendos/models/compile-network';
import { scoreOf } from '@trancendos/models/calibrate-scores';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { metrics } from '@trancendos/platform/metrics';
import type { Resource } from '@trancendos/platform/run';
import { bandOf, type Band } from './decide.ts';
import type { LoadedModel } from './load-model.ts';
import { amountOf } from './make-decision.ts';
import type { Decided } from './score-batch.ts';
import type { StandingOrders } from './standing-orders.ts';
import { cutoffsFor } from './weigh-costs.ts';

/** How a challenger compares with the model in charge, since it was put beside it. */
export interface Comparison {
  readonly challenger: string;
  readonly scored: number;
  /** Share of payments that both put into the same band. */
  readonly agreement: number;
  /** Mean distance of the scores, 0 to 1000. */
  readonly meanGap: number;
  /** Payments by the band of the model in charge, then by the challenger's. */
  readonly bands: Readonly<Record<Band, Readonly<Record<Band, number>>>>;
}

/** Most payments that wait to be scored by challengers; more are dropped and counted. */
const QUEUE_MAX = 2_000;
/** Scored in one go: about a millisecond. */
const SLICE_ROWS = 64;

interface Tally {
  scored: number;
  gap: number;
  readonly bands: Record<Band, Record<Band, number>>;
}

/**
 * Lets challengers score what has been decided, on the very same feature vectors, when the path is idle. They decide nothing, and whatever
 * becomes of them, no answer waits for it.
 */
export class ChallengerShadow implements Resource {
  readonly #orders: () => StandingOrders;
  readonly #queue: Decided[] = [];
  readonly #tallies = new Map<string, Tally>();
  readonly #features = new Float64Array(BATCH_ROWS_MAX * FEATURE_COUNT);
  readonly #probabilities = new Float64Array(BATCH_ROWS_MAX);
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(orders: () => StandingOrders) {
    this.#orders = orders;
  }

  /** Takes in what was decided; what does not fit into the queue is dropped. */
  offer(decided: readonly Decided[]): void {
    if (this.#orders().challengers.length === 0 || this.#stopped) return;
    const room = Math.max(0, QUEUE_MAX - this.#queue.length);
    this.#queue.push(...decided.slice(0, room));
    if (decided.length > room) metrics.challengerDropped.inc(decided.length - room);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** What stands beside the model in charge now. */
  comparisons(): Comparison[] {
    return this.#orders().challengers.flatMap(({ label }) => {
      const tally = this.#tallies.get(label);
      if (!tally) return [{ challenger: label, scored: 0, agreement: NaN, meanGap: NaN, bands: emptyBands() }];
      const { scored, gap, bands } = tally;
      const agreed = bands.low.low + bands.elevated.elevated + bands.high.high;
      return [{ challenger: label, scored, agreement: agreed / scored, meanGap: gap / scored, bands }];
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#queue.length = 0;
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      await nextTurn();
      const slice = this.#queue.splice(0, SLICE_ROWS);
      slice.forEach(({ features }, row) => this.#features.set(features, row * FEATURE_COUNT));
      for (const challenger of this.#orders().challengers) this.#compare(challenger, slice);
    }
  }

  #compare({ label, version }: LoadedModel, slice: readonly Decided[]): void {
    version.scorer.score(this.#features, slice.length, this.#probabilities);
    const tally = this.#tallies.get(label) ?? { scored: 0, gap: 0, bands: emptyBands() };
    this.#tallies.set(label, tally);
    slice.forEach(({ decision, orders }, row) => {
      const probability = this.#probabilities[row] as number;
      if (decision.band === undefined || Number.isNaN(probability)) return;
      const { transaction } = decision;
      const band = bandOf(probability, cutoffsFor(orders.policy, amountOf(transaction), transaction.currency));
      const gap = Math.abs(scoreOf(probability) - decision.score);
      tally.scored++;
      tally.gap += gap;
      tally.bands[decision.band][band]++;
      metrics.challengerScored.inc({ challenger: label, band: decision.band, challenger_band: band });
      metrics.challengerGap.observe({ challenger: label }, gap);
    });
  }
}

function emptyBands(): Record<Band, Record<Band, number>> {
  const none = () => ({ low: 0, elevated: 0, high: 0 });
  return { low: none(), elevated: none(), high: none() };
}
