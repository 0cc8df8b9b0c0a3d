import type { BeliefParameters } from './features/describe-beliefs.ts';
import type { LabelledPayments } from './labelled-payments.ts';

type AmountParameters = BeliefParameters['amounts'];

/** Ratio between neighbouring means of the grid, as a logarithm, and how finely densities are tabled within it. */
const STEP = 0.06;
const STEPS_A_MEAN = 3;
const TABLE_STEP = STEP / STEPS_A_MEAN;
const FIRST_LOG_RATIO = -5;
const TABLE_SIZE = 400;
/** Payers with fewer genuine payments do not show what their mean is. */
const PAYMENTS_LEAST = 20;
const AMOUNT_LEAST = 0.01;
/** Share of payments that may lie anywhere in the table. */
const ANYWHERE = 1e-4;
const FACTORS = Array.from({ length: 150 }, (_, index) => 1.2 * 1.02 ** index);
const MIXING_ROUNDS = 30;

/** Estimates how amounts spread and what thieves do to them. Throws a `RangeError` where too little is labelled. */
export function estimateAmounts(payments: LabelledPayments): AmountParameters {
  const means = meansOf(payments);
  const usable = [...means.keys()].filter((customer) => (means[customer] ?? 0) > 0);
  if (usable.length === 0) throw new RangeError(`no payer has ${PAYMENTS_LEAST} genuine payments to learn amounts from`);
  const density = tableDensity(payments, means);
  const { first_mean, mean_shares } = spreadMeans(usable.map((customer) => means[customer] ?? 0));
  const limit = largestGenuine(payments);
  const { factor, share } = estimateFactor(payments, means, { density, limit });
  return {
    limit,
    first_mean,
    step: STEP,
    mean_shares,
    first_log_ratio: FIRST_LOG_RATIO,
    steps_a_mean: STEPS_A_MEAN,
    density,
    theft_factor: factor,
    theft_share: share,
  };
}

/** Mean genuine amount per customer; 0 where there are too few. */
function meansOf({ count, customer, amount, fraud }: LabelledPayments): Float64Array {
  const customers = customer.reduce((most, one) => Math.max(most, one), 0) + 1;
  const sums = new Float64Array(customers);
  const counts = new Uint32Array(customers);
  for (let row = 0; row < count; row++) {
    if (fraud[row] === 1) continue;
    const one = customer[row] ?? 0;
    sums[one] = (sums[one] ?? 0) + (amount[row] ?? 0);
    counts[one] = (counts[one] ?? 0) + 1;
  }
  return sums.map((sum, one) => ((counts[one] ?? 0) < PAYMENTS_LEAST ? 0 : sum / (counts[one] ?? 1)));
}

function largestGenuine({ count, amount, fraud }: LabelledPayments): number {
  let largest = AMOUNT_LEAST;
  for (let row = 0; row < count; row++) if (fraud[row] === 0) largest = Math.max(largest, amount[row] ?? 0);
  return largest;
}

/** Density of ln(amount / mean of its payer) over the genuine payments. */
function tableDensity({ count, customer, amount, fraud }: LabelledPayments, means: Float64Array): number[] {
  const counts = new Float64Array(TABLE_SIZE);
  let all = 0;
  for (let row = 0; row < count; row++) {
    const mean = means[customer[row] ?? 0] ?? 0;
    if (mean === 0 || fraud[row] === 1) continue;
    const place = Math.round(placeOf(Math.log(Math.max(AMOUNT_LEAST, amount[row] ?? 0) / mean)));
    const bin = Math.min(TABLE_SIZE - 1, Math.max(0, place));
    counts[bin] = (counts[bin] ?? 0) + 1;
    all++;
  }
  const anywhere = ANYWHERE / (TABLE_SIZE * TABLE_STEP);
  return Array.from(counts, (here, bin) => {
    const smooth = ((counts[bin - 1] ?? here) + 2 * here + (counts[bin + 1] ?? here)) / 4;
    return ((1 - ANYWHERE) * smooth) / all / TABLE_STEP + anywhere;
  });
}

/** The grid of means with the share of payers at each, a little of it spread to the neighbours. */
function spreadMeans(means: readonly number[]): { first_mean: number; mean_shares: number[] } {
  const sorted = [...means].sort((a, b) => a - b);
  const first = (sorted[0] ?? 1) * Math.exp(-2 * STEP);
  const size = Math.min(256, Math.ceil(Math.log((sorted.at(-1) ?? 1) / first) / STEP) + 3);
  const counts = new Float64Array(size);
  for (const mean of sorted) {
    const place = Math.min(size - 1, Math.max(0, Math.round(Math.log(mean / first) / STEP)));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const smooth = Array.from(counts, (here, bin) => ((counts[bin - 1] ?? 0) + 2 * here + (counts[bin + 1] ?? 0)) / 4 + 0.5);
  const sum = smooth.reduce((total, share) => total + share, 0);
  return { first_mean: first, mean_shares: smooth.map((share) => share / sum) };
}

/**
 * Maximum likelihood of the factor by which thieves multiply amounts: frauds of at most the limit are a mixture of usual amounts and multiplied
 * ones, each cut off at the limit.
 */
function estimateFactor(
  payments: LabelledPayments,
  means: Float64Array,
  { density, limit }: { density: readonly number[]; limit: number },
): { factor: number; share: number } {
  const logs: number[] = [];
  const limits: number[] = [];
  for (let row = 0; row < payments.count; row++) {
    const mean = means[payments.customer[row] ?? 0] ?? 0;
    const amount = payments.amount[row] ?? 0;
    if (payments.fraud[row] === 0 || mean === 0 || amount > limit) continue;
    logs.push(Math.log(Math.max(AMOUNT_LEAST, amount) / mean));
    limits.push(Math.log(limit / mean));
  }
  const cumulative = density.reduce<number[]>((sums, value) => [...sums, (sums.at(-1) ?? 0) + value * TABLE_STEP], []);
  const fit = (shift: number) => logs.map((log, index) => lookUp(density, log - shift) / lookUp(cumulative, (limits[index] ?? 0) - shift));
  const usual = fit(0);
  let best = { factor: FACTORS[0] ?? 2, weight: 0, likelihood: -Infinity };
  for (const factor of FACTORS) {
    const { weight, likelihood } = mix(usual, fit(Math.log(factor)));
    if (likelihood > best.likelihood) best = { factor, weight, likelihood };
  }
  return { factor: best.factor, share: Math.min(0.5, Math.max(1e-6, (best.weight * logs.length) / payments.count)) };
}

/** Weight of the second component of a mixture of two, by expectation maximisation. */
function mix(first: readonly number[], second: readonly number[]): { weight: number; likelihood: number } {
  let weight = 0.5;
  let likelihood = 0;
  for (let round = 0; round < MIXING_ROUNDS; round++) {
    let sum = 0;
    likelihood = 0;
    for (let index = 0; index < first.length; index++) {
      const theft = weight * (second[index] ?? 0);
      const all = theft + (1 - weight) * (first[index] ?? 0);
      sum += theft / all;
      likelihood += Math.log(all);
    }
    weight = Math.min(1 - 1e-6, Math.max(1e-6, sum / Math.max(1, first.length)));
  }
  return { weight, likelihood };
}

function placeOf(logRatio: number): number {
  return (logRatio - FIRST_LOG_RATIO) / TABLE_STEP;
}

function lookUp(table: readonly number[], logRatio: number): number {
  return Math.max(1e-9, table[Math.min(table.length - 1, Math.max(0, Math.round(placeOf(logRatio))))] ?? 0);
}
