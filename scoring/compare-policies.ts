import type { Costs, ThresholdPolicy } from '@trancendos/contracts/control';
import { bandOf } from './decide.ts';
import { costOf, cutoffsFor } from './weigh-costs.ts';

/** A payment with what the model said of it and what it turned out to be. */
export interface JudgedPayment {
  /** In units of the currency. */
  readonly amount: number;
  readonly probability: number;
  readonly fraud: boolean;
}

/** What a policy would have cost, in units of the currency, with what it would have done. */
export interface PolicyCost {
  readonly cost: number;
  readonly reviews: number;
  readonly declines: number;
  /** Amount of the frauds that were approved. */
  readonly missed: number;
  /** Genuine payments that were declined. */
  readonly insults: number;
}

const ACTION_OF_BAND = { low: 'approve', elevated: 'review', high: 'decline' } as const;

/** What `policy` would have cost on payments whose labels are known, by `costs`. */
export function costOfPolicy(payments: readonly JudgedPayment[], policy: ThresholdPolicy, costs: Costs): PolicyCost {
  const sum = { cost: 0, reviews: 0, declines: 0, missed: 0, insults: 0 };
  for (const payment of payments) {
    const action = ACTION_OF_BAND[bandOf(payment.probability, cutoffsFor(policy, payment.amount, 'EUR'))];
    sum.cost += costOf(action, payment, costs);
    if (action === 'review') sum.reviews++;
    if (action === 'decline') sum.declines++;
    if (action === 'approve' && payment.fraud) sum.missed += payment.amount;
    if (action === 'decline' && !payment.fraud) sum.insults++;
  }
  return sum;
}

/** The fixed scores that would have cost least on `payments`: what a policy by cost has to beat, chosen with hindsight. */
export function bestFixedPolicy(payments: readonly JudgedPayment[], costs: Costs): ThresholdPolicy {
  const steps = [2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 400, 500, 600, 700, 800, 900, 950, 1001];
  let best: { policy: ThresholdPolicy; cost: number } | undefined;
  for (const review of steps) {
    for (const decline of steps.filter((step) => step >= review)) {
      const policy: ThresholdPolicy = { mode: 'fixed', review, decline };
      const { cost } = costOfPolicy(payments, policy, costs);
      if (!best || cost < best.cost) best = { policy, cost };
    }
  }
  if (!best) throw new Error('no policy was tried');
  return best.policy;
}
