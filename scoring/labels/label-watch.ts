import type { Decision } from '@trancendos/contracts/decision';
import type { Label } from '@trancendos/contracts/label';
import { SCORE_MAX } from '@trancendos/models/calibrate-scores';
import { DAY_MS, LABEL_DELAY_DAYS } from '@trancendos/models/features/feature-windows';
import { RecentMap } from '@trancendos/platform/keep-recent';
import { metrics } from '@trancendos/platform/metrics';
import { amountOf } from '../make-decision.ts';
import { rankScores } from './rank-scores.ts';

/** How payments whose labels have matured were decided. Shares are NaN where there is nothing to divide by. */
export interface LabelReport {
  /** Payments and frauds that happened between a week and five weeks before the newest one. */
  readonly payments: number;
  readonly frauds: number;
  readonly auc: number;
  readonly averagePrecision: number;
  /** Share of frauds among what was held or declined. */
  readonly alertPrecision: number;
  /** Share of the frauds that was held or declined. */
  readonly alertRecall: number;
  /** Share of the amount of frauds that was held or declined, in units of any currency. */
  readonly moneyStopped: number;
}

/** A payment without a label by then counts as genuine. */
const MATURE_DAYS = LABEL_DELAY_DAYS;
const WINDOW_DAYS = 28;
/** Decisions that are remembered for their labels; beyond that the oldest are forgotten and stay what they are known as. */
const DECISIONS_MAX = 500_000;

interface Remembered {
  readonly day: number;
  readonly score: number;
  readonly stopped: boolean;
  readonly amount: number;
  fraud: boolean;
}

interface DayTally {
  /** Payments per score, genuine and fraud. */
  readonly genuine: Uint32Array;
  readonly fraud: Uint32Array;
  /** Held or declined. */
  stoppedGenuine: number;
  stoppedFraud: number;
  fraudAmount: number;
  stoppedFraudAmount: number;
}

/**
 * Compares decisions with their labels once those have matured. Labels come late and only for some, so nothing younger than a week is judged:
 * recall would read too low, and then rise by itself.
 */
export class LabelWatch {
  readonly #decisions = new RecentMap<Remembered>(DECISIONS_MAX);
  readonly #days = new Map<number, DayTally>();
  #newestDay = -Infinity;

  /** Remembers a decision; one that is there already stays as it is. */
  noteDecision(decision: Pick<Decision, 'transaction' | 'score' | 'action'>): void {
    const { transaction, score, action } = decision;
    const key = keyOf(transaction);
    if (this.#decisions.has(key)) return;
    const day = Math.floor(Date.parse(transaction.occurred_at) / DAY_MS);
    if (day <= this.#newestDay - MATURE_DAYS - WINDOW_DAYS) return;
    const remembered = { day, score, stopped: action !== 'approve', amount: amountOf(transaction), fraud: false };
    this.#decisions.set(key, remembered);
    count(this.#tallyOf(day), remembered, 1);
    this.#newestDay = Math.max(this.#newestDay, day);
    this.#forget();
  }

  /** The last label of a payment holds. */
  noteLabel(label: Pick<Label, 'merchant_id' | 'transaction_id' | 'fraud'>): void {
    const remembered = this.#decisions.get(keyOf(label));
    if (!remembered || remembered.fraud === label.fraud) return;
    const tally = this.#tallyOf(remembered.day);
    count(tally, remembered, -1);
    remembered.fraud = label.fraud;
    count(tally, remembered, 1);
  }

  report(): LabelReport {
    const sum = emptyTally();
    for (const [day, tally] of this.#days) {
      if (day > this.#newestDay - MATURE_DAYS || day <= this.#newestDay - MATURE_DAYS - WINDOW_DAYS) continue;
      for (let score = 0; score <= SCORE_MAX; score++) {
        sum.genuine[score] = (sum.genuine[score] ?? 0) + (tally.genuine[score] ?? 0);
        sum.fraud[score] = (sum.fraud[score] ?? 0) + (tally.fraud[score] ?? 0);
      }
      sum.stoppedGenuine += tally.stoppedGenuine;
      sum.stoppedFraud += tally.stoppedFraud;
      sum.fraudAmount += tally.fraudAmount;
      sum.stoppedFraudAmount += tally.stoppedFraudAmount;
    }
    const { auc, averagePrecision, frauds, payments } = rankScores(sum.genuine, sum.fraud);
    return {
      payments,
      frauds,
      auc,
      averagePrecision,
      alertPrecision: sum.stoppedFraud / (sum.stoppedFraud + sum.stoppedGenuine),
      alertRecall: sum.stoppedFraud / frauds,
      moneyStopped: sum.stoppedFraudAmount / sum.fraudAmount,
    };
  }

  /** Puts the present figures into the metrics. */
  export(): LabelReport {
    const report = this.report();
    metrics.maturePayments.set(report.payments);
    const figures = {
      auc: report.auc,
      average_precision: report.averagePrecision,
      alert_precision: report.alertPrecision,
      alert_recall: report.alertRecall,
      money_stopped: report.moneyStopped,
    };
    for (const [metric, value] of Object.entries(figures)) if (!Number.isNaN(value)) metrics.matureMetric.set({ metric }, value);
    return report;
  }

  #tallyOf(day: number): DayTally {
    let tally = this.#days.get(day);
    if (!tally) this.#days.set(day, (tally = emptyTally()));
    return tally;
  }

  #forget(): void {
    for (const day of this.#days.keys()) if (day <= this.#newestDay - MATURE_DAYS - WINDOW_DAYS) this.#days.delete(day);
    const lastDay = this.#newestDay - MATURE_DAYS - WINDOW_DAYS;
    for (let oldest; (oldest = this.#decisions.oldest()) && oldest.day <= lastDay;) this.#decisions.deleteOldest();
  }
}

function keyOf({ merchant_id, transaction_id }: { readonly merchant_id: string; readonly transaction_id: string }): string {
  return `${merchant_id}/${transaction_id}`;
}

function emptyTally(): DayTally {
  const perScore = () => new Uint32Array(SCORE_MAX + 1);
  return { genuine: perScore(), fraud: perScore(), stoppedGenuine: 0, stoppedFraud: 0, fraudAmount: 0, stoppedFraudAmount: 0 };
}

function count(tally: DayTally, { score, stopped, amount, fraud }: Remembered, by: 1 | -1): void {
  const perScore = fraud ? tally.fraud : tally.genuine;
  perScore[score] = (perScore[score] ?? 0) + by;
  if (fraud) tally.fraudAmount += by * amount;
  if (!stopped) return;
  if (fraud) tally.stoppedFraud += by;
  else tally.stoppedGenuine += by;
  if (fraud) tally.stoppedFraudAmount += by * amount;
}
