import type { InsightMoney, InsightPoint, InsightTotals } from '@trancendos/contracts/archive';
import type { Action } from '@trancendos/contracts/decision';
import type { Currency } from '@trancendos/contracts/money';

/** A sum over rows of `review.rollup`, as the driver gives it: counts and amounts as digits. */
export interface RollupSum {
  readonly action: Action;
  readonly currency: Currency;
  readonly decisions: string;
  readonly amount_minor: string;
  readonly degraded: string;
  readonly fallbacks: string;
  readonly frauds: string;
  readonly fraud_minor: string;
  readonly genuine: string;
  readonly genuine_minor: string;
}

/** The sums that `RollupSum` is made of, in SQL. */
export const ROLLUP_SUMS = `
  sum(decisions) AS decisions, sum(amount_minor) AS amount_minor, sum(degraded) AS degraded, sum(fallbacks) AS fallbacks,
  sum(frauds) AS frauds, sum(fraud_minor) AS fraud_minor, sum(genuine) AS genuine, sum(genuine_minor) AS genuine_minor`;

/** What the sums count, over all currencies. */
export function countRollups(sums: readonly RollupSum[]): Omit<InsightPoint, 'at'> {
  const counts = {
    decisions: 0,
    ...{ approve: 0, review: 0, decline: 0 },
    ...{ degraded: 0, fallbacks: 0, fraud: 0, genuine: 0, false_positives: 0, frauds_stopped: 0 },
  };
  for (const sum of sums) {
    const stopped = sum.action !== 'approve';
    counts.decisions += Number(sum.decisions);
    counts[sum.action] += Number(sum.decisions);
    counts.degraded += Number(sum.degraded);
    counts.fallbacks += Number(sum.fallbacks);
    counts.fraud += Number(sum.frauds);
    counts.genuine += Number(sum.genuine);
    if (stopped) counts.frauds_stopped += Number(sum.frauds);
    if (stopped) counts.false_positives += Number(sum.genuine);
  }
  return counts;
}

/** Counts, the shares that follow from them, and the money of each currency. */
export function totalRollups(sums: readonly RollupSum[]): InsightTotals {
  const counts = countRollups(sums);
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    ...counts,
    approval_rate: share(counts.approve, counts.decisions),
    review_rate: share(counts.review, counts.decisions),
    decline_rate: share(counts.decline, counts.decisions),
    fraud_rate: share(counts.fraud, counts.decisions),
    false_positive_rate: share(counts.false_positives, counts.false_positives + counts.frauds_stopped),
    money: totalMoney(sums),
  };
}

function totalMoney(sums: readonly RollupSum[]): InsightMoney[] {
  const currencies = [...new Set(sums.map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const total = (pick: (sum: RollupSum) => string | false) =>
      String(sums.reduce((minor, sum) => minor + (sum.currency === currency ? BigInt(pick(sum) || 0) : 0n), 0n));
    return {
      currency,
      decided_minor: total(({ amount_minor }) => amount_minor),
      approved_minor: total(({ action, amount_minor }) => action === 'approve' && amount_minor),
      lost_minor: total(({ action, fraud_minor }) => action === 'approve' && fraud_minor),
      prevented_minor: total(({ action, fraud_minor }) => action !== 'approve' && fraud_minor),
      false_positive_minor: total(({ action, genuine_minor }) => action !== 'approve' && genuine_minor),
    };
  });
}
