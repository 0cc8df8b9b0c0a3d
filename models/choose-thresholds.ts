import { scoreOf, SCORE_MAX } from './calibrate-scores.ts';

/** Shares of the traffic that the thresholds are chosen for. */
const DECLINED_SHARE = 0.004;
const HELD_SHARE = 0.006;

/**
 * The scores from which transactions are declined and held, so that about 0.4 % of traffic like `probabilities` are declined and another
 * 0.6 % held: what a small team of analysts can look at.
 */
export function chooseThresholds(probabilities: Float64Array): { review: number; decline: number } {
  const falling = Float64Array.from(probabilities).sort().reverse();
  const scoreAt = (share: number) => scoreOf(falling[Math.floor(share * falling.length)] ?? 1);
  const review = Math.max(1, scoreAt(DECLINED_SHARE + HELD_SHARE));
  return { review, decline: Math.min(SCORE_MAX, Math.max(review + 1, scoreAt(DECLINED_SHARE))) };
}
