import type { Costs, ThresholdPolicy } from '@trancendos/contracts/control';
import type { Currency } from '@trancendos/contracts/money';
import { SCORE_MAX } from '@trancendos/models/calibrate-scores';

/** Probabilities from which a payment is held, and declined. Infinity: never. A payment between the two is held. */
export interface Cutoffs {
  readonly review: number;
  readonly decline: number;
}

/**
 * Estimates that hold until a business states its own, for amounts of tens to hundreds of units: an analyst's look costs 2, an insulted payer
 * 10, and a fraud a quarter more than its amount.
 */
export const DEFAULT_COSTS: Costs = {
  review: 2,
  review_friction: 0.5,
  decline_friction: 10,
  margin: 0.05,
  fraud_extra: 0.25,
  review_finds: 0.95,
};

export const DEFAULT_POLICY: ThresholdPolicy = { mode: 'cost', costs: DEFAULT_COSTS, currencies: {} };

/**
 * The cutoffs of an amount, in units of its currency. By costs they are those of the Bayes minimum risk (Bahnsen et al. 2013, "Cost sensitive
 * credit card fraud detection using Bayes minimum risk"), with review as a third action:
 *
 * - approve costs p x fraud
 * - review costs look + (1 - p) x wait + p x (1 - found) x fraud
 * - decline costs (1 - p) x insult
 *
 * where fraud = amount x (1 + extra) and insult = friction + margin x amount. Each cost is a straight line in p, so each cutoff is where two
 * lines cross, and a higher probability never makes the action milder.
 */
export function cutoffsFor(policy: ThresholdPolicy, amount: number, currency: Currency): Cutoffs {
  if (policy.mode === 'fixed') return { review: probabilityAt(policy.review), decline: probabilityAt(policy.decline) };
  const costs = policy.currencies[currency] ?? policy.costs;
  const fraud = amount * (1 + costs.fraud_extra);
  const insult = costs.decline_friction + costs.margin * amount;
  const wait = costs.review_friction;
  const missed = (1 - costs.review_finds) * fraud;
  const approveToReview = crossing(costs.review + wait, fraud - missed + wait);
  const reviewToDecline = crossing(insult - costs.review - wait, insult - wait + missed);
  const approveToDecline = crossing(insult, insult + fraud);
  if (approveToReview >= reviewToDecline) return { review: approveToDecline, decline: approveToDecline };
  return { review: approveToReview, decline: reviewToDecline };
}

/** The lowest probability whose score is `score`; Infinity for a score that none has. */
function probabilityAt(score: number): number {
  return score > SCORE_MAX ? Infinity : (score - 0.5) / SCORE_MAX;
}

/** Where p x slope reaches `rise`; never where that lies beyond 1. */
function crossing(rise: number, slope: number): number {
  if (rise <= 0) return 0;
  const probability = slope > 0 ? rise / slope : Infinity;
  return probability <= 1 ? probability : Infinity;
}

/** What an action cost on a payment that turned out to be a fraud or genuine, in units of the currency. The same costs as above, realised. */
export function costOf(action: 'approve' | 'review' | 'decline', payment: { amount: number; fraud: boolean }, costs: Costs): number {
  const { amount, fraud } = payment;
  const loss = amount * (1 + costs.fraud_extra);
  switch (action) {
    case 'approve':
      return fraud ? loss : 0;
    case 'review':
      return costs.review + (fraud ? (1 - costs.review_finds) * loss : costs.review_friction);
    case 'decline':
      return fraud ? 0 : costs.decline_friction + costs.margin * amount;
  }
}
