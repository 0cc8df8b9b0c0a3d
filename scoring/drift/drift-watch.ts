import { binOf, largestGap, stabilityIndex, type Reference, type WatchedSpread } from '@trancendos/models/describe-reference';
import { FEATURES, findFeature } from '@trancendos/models/features/declare-features';
import { DAY_MS } from '@trancendos/models/features/feature-windows';
import { metrics } from '@trancendos/platform/metrics';

/** How far one feature, or the score, is from what it was in training. */
export interface Drift {
  readonly name: string;
  readonly psi: number;
  readonly ks: number;
  /** False for what moves with the age of the data by itself, such as counts over a lifetime: it raises no alarm. */
  readonly steady: boolean;
}

/** What is known of drift now. */
export interface DriftReport {
  readonly model: string;
  /** Days and payments in the window. */
  readonly days: number;
  readonly payments: number;
  /** False while the window is not a whole week, or too few payments are in it: weekends alone would look like drift. */
  readonly judged: boolean;
  /** Whether anything has moved further than `PSI_ALARM`. */
  readonly alarm: boolean;
  /** The furthest first. */
  readonly movers: readonly Drift[];
}

/** From this on a feature has drifted; `grafana/thresholds.ts` alerts at the same. */
export const PSI_ALARM = 0.25;
export const WINDOW_DAYS = 7;
export const PAYMENTS_LEAST = 1_000;
/** The name under which the score is watched like a feature. */
export const SCORE = 'score';

interface Column {
  readonly name: string;
  /** In the feature vector; -1: the score. */
  readonly index: number;
  readonly spread: WatchedSpread;
  /** Where its bins begin among all bins. */
  readonly offset: number;
}

interface Day {
  readonly day: number;
  payments: number;
  readonly counts: Uint32Array;
}

/**
 * Watches how features and scores are spread over the last seven days of event time, against the reference of the model that scores. It needs
 * no labels, so it says that something is different weeks before anybody can say that it is worse.
 */
export class DriftWatch {
  readonly model: string;
  readonly #columns: readonly Column[];
  readonly #bins: number;
  #days: Day[] = [];
  #firstDay = Infinity;

  constructor(model: string, reference: Reference) {
    this.model = model;
    const spreads = [...Object.entries(reference.features), [SCORE, reference.score] as const];
    let offset = 0;
    this.#columns = spreads.map(([name, spread]) => {
      const column = { name, index: name === SCORE ? -1 : (findFeature(name) ?? FEATURES.length), spread, offset };
      offset += spread.shares.length;
      return column;
    });
    this.#bins = offset;
  }

  /** Counts a payment by the day on which it happened; what is older than the window is left out. */
  note(features: ArrayLike<number>, score: number, timeMs: number): void {
    const day = this.#dayAt(Math.floor(timeMs / DAY_MS));
    if (!day) return;
    day.payments++;
    for (const { index, spread, offset } of this.#columns) {
      const bin = offset + binOf(spread.edges, index < 0 ? score : (features[index] ?? NaN));
      day.counts[bin] = (day.counts[bin] ?? 0) + 1;
    }
  }

  report(): DriftReport {
    const payments = this.#days.reduce((sum, day) => sum + day.payments, 0);
    const newest = Math.max(...this.#days.map(({ day }) => day));
    const days = payments === 0 ? 0 : Math.min(WINDOW_DAYS, newest - this.#firstDay + 1);
    const judged = days === WINDOW_DAYS && payments >= PAYMENTS_LEAST;
    const movers = this.#columns.map((column) => this.#driftOf(column, payments)).sort((a, b) => b.psi - a.psi);
    return {
      model: this.model,
      days,
      payments,
      judged,
      alarm: judged && movers.some(({ psi, steady }) => steady && psi > PSI_ALARM),
      movers,
    };
  }

  /** Puts the present figures into the metrics; those of a window that is not judged are 0. */
  export(): DriftReport {
    const report = this.report();
    metrics.driftJudged.set(report.judged ? 1 : 0);
    for (const { name, psi, ks, steady } of report.movers) {
      metrics.driftPsi.set({ feature: name, steady: String(steady) }, report.judged ? psi : 0);
      metrics.driftKs.set({ feature: name }, report.judged ? ks : 0);
    }
    return report;
  }

  #driftOf({ name, spread, offset }: Column, payments: number): Drift {
    const shares = spread.shares.map((_, bin) => {
      let count = 0;
      for (const { counts } of this.#days) count += counts[offset + bin] ?? 0;
      return payments === 0 ? 0 : count / payments;
    });
    if (payments === 0) return { name, psi: 0, ks: 0, steady: spread.steady };
    return { name, psi: stabilityIndex(spread.shares, shares), ks: largestGap(spread.shares, shares), steady: spread.steady };
  }

  #dayAt(day: number): Day | undefined {
    const known = this.#days.find((each) => each.day === day);
    if (known) return known;
    const newest = Math.max(-Infinity, ...this.#days.map((each) => each.day));
    if (day <= newest - WINDOW_DAYS) return undefined;
    const added: Day = { day, payments: 0, counts: new Uint32Array(this.#bins) };
    // After a gap of a whole window everything begins anew.
    if (day - newest >= WINDOW_DAYS) this.#firstDay = day;
    this.#firstDay = Math.min(this.#firstDay, day);
    this.#days = [...this.#days.filter((each) => each.day > Math.max(day, newest) - WINDOW_DAYS), added];
    return added;
  }
}
