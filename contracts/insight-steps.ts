/** Lengths of what a series of insights is drawn in, in milliseconds. Apart from the validators, which a page need not load. */
export const INSIGHT_STEPS_MS = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '1d': 86_400_000,
} as const;
