/** Platt scaling: the probability of fraud is the logistic function of slope x logit + intercept. */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

/** The highest score. A score is the calibrated probability times this, rounded. */
export const SCORE_MAX = 1000;

const NEWTON_STEPS_MAX = 100;
const CONVERGED = 1e-12;

/**
 * Fits slope and intercept by maximum likelihood with Newton's method, on targets softened as Platt proposes ("Probabilistic outputs for
 * support vector machines", 1999), so that separable data give finite values. `fraud` holds 0 or 1 for every logit.
 * Throws when one of the two classes is missing.
 */
export function fitCalibration(logits: ArrayLike<number>, fraud: ArrayLike<number>): Calibration {
  let frauds = 0;
  for (let row = 0; row < logits.length; row++) frauds += fraud[row] ?? 0;
  const genuine = logits.length - frauds;
  if (frauds === 0 || genuine === 0) throw new Error('calibration needs frauds and genuine transactions');
  const fraudTarget = (frauds + 1) / (frauds + 2);
  const genuineTarget = 1 / (genuine + 2);
  let calibration: Calibration = { slope: 1, intercept: 0 };
  for (let step = 0; step < NEWTON_STEPS_MAX; step++) {
    const sums = { slope: 0, intercept: 0, slopeSlope: 0, slopeIntercept: 0, interceptIntercept: 0 };
    for (let row = 0; row < logits.length; row++) {
      const logit = logits[row] ?? 0;
      const probability = probabilityOf(calibration, logit);
      const miss = probability - (fraud[row] === 1 ? fraudTarget : genuineTarget);
      const weight = probability * (1 - probability);
      sums.slope += miss * logit;
      sums.intercept += miss;
      sums.slopeSlope += weight * logit * logit;
      sums.slopeIntercept += weight * logit;
      sums.interceptIntercept += weight;
    }
    const determinant = sums.slopeSlope * sums.interceptIntercept - sums.slopeIntercept ** 2;
    const slopeStep = (sums.interceptIntercept * sums.slope - sums.slopeIntercept * sums.intercept) / determinant;
    const interceptStep = (sums.slopeSlope * sums.intercept - sums.slopeIntercept * sums.slope) / determinant;
    calibration = { slope: calibration.slope - slopeStep, intercept: calibration.intercept - interceptStep };
    if (Math.abs(slopeStep) + Math.abs(interceptStep) < CONVERGED) break;
  }
  return calibration;
}

/** The calibrated probability of fraud, 0 to 1; NaN for NaN. */
export function probabilityOf(calibration: Calibration, logit: number): number {
  return 1 / (1 + Math.exp(-(calibration.slope * logit + calibration.intercept)));
}

/** The score of a probability: 0 (safe) to 1000. */
export function scoreOf(probability: number): number {
  return Math.round(SCORE_MAX * probability);
}
