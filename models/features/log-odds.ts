const LOG_ODDS_MOST = 12;

/** Logarithm of the odds of a probability, within -12 and 12. */
export function logOdds(probability: number): number {
  return Math.max(-LOG_ODDS_MOST, Math.min(LOG_ODDS_MOST, Math.log(probability / (1 - probability))));
}
