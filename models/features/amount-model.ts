import type { BeliefParameters } from './describe-beliefs.ts';

/** What the amounts of a payer say of one more amount. */
export interface AmountEvidence {
  /** Posterior mean and standard deviation of the payer's mean amount. */
  expected: number;
  deviation: number;
  /** Density of the amount for a thief by that for the payer, within e^-6 and e^14. */
  likelihood: number;
}

/** A payer's mean amount is never ruled out altogether: they may change. */
const SHARE_LEAST = 1e-9;
const LIKELIHOOD_LEAST = Math.exp(-6);
const LIKELIHOOD_MOST = Math.exp(14);
/** Smaller amounts count as this one. */
const AMOUNT_LEAST = 0.01;

/**
 * A mixture over the mean amount of a payer: amounts spread around it as those of all payers spread around theirs, a thief's around a multiple
 * of it. Means lie on a grid of equal ratios, so that the densities of one amount for all means are every so-many-th entry of one table.
 */
export class AmountModel {
  readonly limit: number;
  readonly theftShare: number;
  readonly #parameters: BeliefParameters['amounts'];
  readonly #means: Float64Array;
  readonly #prior: Float64Array;
  readonly #density: Float64Array;
  readonly #densities: Float64Array;
  readonly #theftDensities: Float64Array;

  constructor(parameters: BeliefParameters['amounts']) {
    const { first_mean, step, mean_shares, density } = parameters;
    this.limit = parameters.limit;
    this.theftShare = parameters.theft_share;
    this.#parameters = parameters;
    this.#means = Float64Array.from(mean_shares, (_, index) => first_mean * Math.exp(step * index));
    this.#prior = Float64Array.from(mean_shares);
    this.#density = Float64Array.from(density);
    this.#densities = new Float64Array(mean_shares.length);
    this.#theftDensities = new Float64Array(mean_shares.length);
  }

  /** The shares of means for a payer of whom nothing is known. */
  newShares(): Float64Array {
    return this.#prior.slice();
  }

  /** What is expected after the payments in `shares`, and how likely `amount` is for a thief. */
  weigh(shares: Float64Array, amount: number, evidence: AmountEvidence): void {
    const { theft_factor } = this.#parameters;
    const logAmount = Math.log(Math.max(amount, AMOUNT_LEAST));
    this.#look(logAmount, this.#densities);
    this.#look(logAmount - Math.log(theft_factor), this.#theftDensities);
    let own = 0;
    let theft = 0;
    let mean = 0;
    let square = 0;
    for (let index = 0; index < shares.length; index++) {
      const share = shares[index] as number;
      const u = this.#means[index] as number;
      own += share * (this.#densities[index] as number);
      theft += share * (this.#theftDensities[index] as number);
      mean += share * u;
      square += share * u * u;
    }
    evidence.expected = mean;
    evidence.deviation = Math.sqrt(Math.max(0, square - mean * mean));
    evidence.likelihood = Math.min(LIKELIHOOD_MOST, Math.max(LIKELIHOOD_LEAST, theft / own));
  }

  /** Takes the amount that `weigh` looked at last into `shares`. `theft`: how likely the payment was by a thief before its amount was looked at. */
  learn(shares: Float64Array, theft = this.theftShare): void {
    let sum = 0;
    for (let index = 0; index < shares.length; index++) {
      const density = (1 - theft) * (this.#densities[index] as number) + theft * (this.#theftDensities[index] as number);
      const share = (shares[index] as number) * density;
      shares[index] = share;
      sum += share;
    }
    const scale = 1 / sum;
    for (let index = 0; index < shares.length; index++) shares[index] = Math.max(SHARE_LEAST, (shares[index] as number) * scale);
  }

  /** Writes the density of an amount, given by its logarithm, for every mean. Linear between the entries of the table, and flat beyond them. */
  #look(logAmount: number, out: Float64Array): void {
    const { first_mean, first_log_ratio, step, steps_a_mean } = this.#parameters;
    const table = this.#density;
    const last = table.length - 1;
    const place = ((logAmount - Math.log(first_mean) - first_log_ratio) * steps_a_mean) / step;
    const whole = Math.floor(place);
    const part = place - whole;
    for (let index = 0, at = whole; index < out.length; index++, at -= steps_a_mean) {
      const low = at < 0 ? 0 : at > last ? last : at;
      const high = at < -1 ? 0 : at >= last ? last : at + 1;
      out[index] = (1 - part) * (table[low] as number) + part * (table[high] as number);
    }
  }
}
