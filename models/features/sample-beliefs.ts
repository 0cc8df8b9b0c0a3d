import type { BeliefParameters } from './describe-beliefs.ts';

/** Belief parameters of a usual size and estimated from nothing: for tests, and for measurements where their values do not matter. */
export const SAMPLE_BELIEFS: BeliefParameters = {
  amounts: {
    limit: 220,
    first_mean: 5,
    step: 0.5,
    mean_shares: [0.2, 0.2, 0.2, 0.2, 0.1, 0.1],
    first_log_ratio: -4,
    steps_a_mean: 2,
    density: Array.from({ length: 33 }, (_, index) => 0.01 + Math.exp(-((index * 0.25 - 4) ** 2) / 2)),
    theft_factor: 5,
    theft_share: 0.003,
  },
  terminal_spells: { hazard: 0.0002, length_shares: Array.from({ length: 28 }, () => 1 / 28), fraud_share: 0.9 },
  customer_spells: { hazard: 0.0002, length_shares: Array.from({ length: 14 }, () => 1 / 14), fraud_share: 0.33 },
};
