const LOG_ODDS_MOST = 16;

/** Logarithm of the odds of a probability, within -16 and 16; rounding may have brought it a little beyond 0 or 1. */
export function logOdds(probability: number): number {
  if (probability <= 0) return -LOG_ODDS_MOST;
  if (probability >= 1) return LOG_ODDS_MOST;
  return Math.max(-LOG_ODDS_MOST, Math.min(LOG_ODDS_MOST, Math.log(probability / (1 - probability))));
}
