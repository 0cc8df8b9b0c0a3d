import { BATCH_ROWS_MAX, type CompiledNetwork } from './compile-network.ts';
import { columnsOf, type Manifest } from './describe-version.ts';
import { FEATURE_COUNT, featureIndex, FEATURES, findFeature, type FeatureName } from './features/declare-features.ts';
import { FEATURE_GROUPS, type FeatureGroup } from './features/feature-declaration.ts';
import { transformFeatures } from './transform-features.ts';

const GROUPS = FEATURE_GROUPS.length;
const ALL = (1 << GROUPS) - 1;

/**
 * What compares this payment's amount with the payer's. Above the limit, which no genuine payment has been seen to exceed, the amount speaks
 * for itself, whoever pays: these then count as the amount, and only the payer's history counts as a change of the payer.
 */
const OF_THE_AMOUNT = new Set<string>([
  'customer_amount_to_usual',
  'customer_amount_to_median',
  'customer_amount_to_p95',
  'customer_amount_rank',
  'customer_amount_to_expected',
  'customer_theft_likelihood',
  'customer_theft_log_odds',
] satisfies FeatureName[]);
const AMOUNT_GROUP = FEATURE_GROUPS.indexOf('amount');
const AMOUNT_COLUMN = featureIndex('tx_amount');

/** A share of v(with) - v(without) that counts for a group; v(S) is the logit where the groups in S have the transaction's values. */
interface Gain {
  readonly with: number;
  readonly without: number;
  readonly share: number;
}

/** `exact`: Shapley values over all 2^G subsets. `pairs`: over one order of the groups and its reverse, 2G subsets. */
export type ExplainMethod = 'exact' | 'pairs';

/**
 * Says what each group of features did to a score, by leaving groups out: a group that is left out has the values of the version's baseline, a
 * usual genuine transaction. Contributions are in calibrated log-odds and always sum up to logit(transaction) - logit(baseline).
 *
 * `exact` are Shapley values (Shapley 1953; Lundberg and Lee 2017). `pairs` averages an order with its reverse, which is the same wherever no
 * more than two groups act together (Mitchell et al. 2022, "Sampling permutations for Shapley value estimation", antithetic sampling), at a
 * third of the cost; how far they differ is measured by `npm run bench:score`. All subsets of all rows are scored as one batch.
 *
 * One instance is for one caller at a time.
 */
export class ScoreExplainer {
  readonly #manifest: Pick<Manifest, 'transform' | 'calibration'>;
  readonly #network: CompiledNetwork;
  readonly #columns: Uint32Array;
  /** Per column the bit of its group, for ordinary amounts and for those over the limit. */
  readonly #bits: Uint32Array;
  readonly #bitsOverLimit: Uint32Array;
  readonly #gains: readonly (readonly Gain[])[];
  /** Those that have to be scored, and where the logit of each is. */
  readonly #subsets: readonly number[];
  readonly #places: ReadonlyMap<number, number>;
  readonly #rowsMax: number;
  readonly #baseline: Float32Array;
  readonly #baselineLogit: number;
  readonly #values: Float64Array;
  readonly #inputs: Float32Array;
  readonly #mixed: Float32Array;
  readonly #logits = new Float32Array(BATCH_ROWS_MAX);

  constructor(
    manifest: Pick<Manifest, 'transform' | 'calibration' | 'baseline' | 'features'>,
    network: CompiledNetwork,
    method: ExplainMethod = 'pairs',
  ) {
    const width = manifest.features.length;
    this.#manifest = manifest;
    this.#network = network;
    this.#columns = columnsOf(manifest.features);
    this.#bits = Uint32Array.from(manifest.features, (name) => 1 << groupOf(name));
    this.#bitsOverLimit = Uint32Array.from(manifest.features, (name) => 1 << (OF_THE_AMOUNT.has(name) ? AMOUNT_GROUP : groupOf(name)));
    this.#gains = method === 'exact' ? exactGains() : pairGains();
    this.#subsets = [...new Set(this.#gains.flat().flatMap((gain) => [gain.with, gain.without]))].filter((subset) => subset !== 0);
    this.#places = new Map(this.#subsets.map((subset, index) => [subset, index]));
    this.#rowsMax = Math.floor(BATCH_ROWS_MAX / this.#subsets.length);
    this.#values = new Float64Array(this.#rowsMax * width);
    this.#inputs = new Float32Array(this.#rowsMax * width);
    this.#mixed = new Float32Array(BATCH_ROWS_MAX * width);
    this.#baseline = new Float32Array(width);
    transformFeatures(manifest.transform, Float64Array.from(manifest.baseline), 1, this.#baseline);
    network.run(this.#baseline, 1, this.#logits);
    this.#baselineLogit = this.#logits[0] as number;
  }

  /** What each group added to the calibrated log-odds of `rows` whole feature vectors that lie one behind the other in `features`. */
  explain(features: Float64Array, rows: number): Record<FeatureGroup, number>[] {
    const explained: Record<FeatureGroup, number>[] = [];
    for (let start = 0; start < rows; start += this.#rowsMax) {
      const count = Math.min(this.#rowsMax, rows - start);
      this.#scoreSubsets(features.subarray(start * FEATURE_COUNT), count);
      for (let row = 0; row < count; row++) explained.push(this.#contributionsOf(row));
    }
    return explained;
  }

  #scoreSubsets(features: Float64Array, rows: number): void {
    const width = this.#columns.length;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < width; i++)
        this.#values[row * width + i] = features[row * FEATURE_COUNT + (this.#columns[i] as number)] as number;
    }
    transformFeatures(this.#manifest.transform, this.#values, rows, this.#inputs);
    let at = 0;
    for (let row = 0; row < rows; row++) {
      const isOver = (features[row * FEATURE_COUNT + AMOUNT_COLUMN] as number) > this.#manifest.transform.limit;
      const bits = isOver ? this.#bitsOverLimit : this.#bits;
      for (const subset of this.#subsets) {
        for (let i = 0; i < width; i++, at++) {
          const present = (subset & (bits[i] as number)) !== 0;
          this.#mixed[at] = (present ? this.#inputs[row * width + i] : this.#baseline[i]) as number;
        }
      }
    }
    this.#network.run(this.#mixed, rows * this.#subsets.length, this.#logits);
  }

  #contributionsOf(row: number): Record<FeatureGroup, number> {
    const first = row * this.#subsets.length;
    const logitOf = (subset: number) => {
      const place = this.#places.get(subset);
      return place === undefined ? this.#baselineLogit : (this.#logits[first + place] as number);
    };
    const { slope } = this.#manifest.calibration;
    const weights = this.#gains.map((gains) => {
      let weight = 0;
      for (const gain of gains) weight += gain.share * (logitOf(gain.with) - logitOf(gain.without));
      return slope * weight;
    });
    return Object.fromEntries(FEATURE_GROUPS.map((name, group) => [name, weights[group] as number])) as Record<FeatureGroup, number>;
  }
}

function groupOf(feature: string): number {
  const column = findFeature(feature);
  const declared = column === undefined ? undefined : FEATURES[column];
  if (!declared) throw new Error(`${feature} is no feature`);
  return FEATURE_GROUPS.indexOf(declared.group);
}

/** Per group every subset of the others, by the share of orders in which the group comes right after exactly those: n! (G - n - 1)! / G!. */
function exactGains(): Gain[][] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const shares = Array.from({ length: GROUPS }, (_, n) => (factorial(n) * factorial(GROUPS - n - 1)) / factorial(GROUPS));
  return FEATURE_GROUPS.map((_, group) => {
    const subsets = Array.from({ length: ALL + 1 }, (_, subset) => subset).filter((subset) => (subset & (1 << group)) === 0);
    return subsets.map((without) => ({ with: without | (1 << group), without, share: shares[countBits(without)] ?? 0 }));
  });
}

/** Per group what it adds to the groups before it, and to those behind it. */
function pairGains(): Gain[][] {
  return FEATURE_GROUPS.map((_, group) => {
    const bit = 1 << group;
    const before = bit - 1;
    const behind = ALL & ~(before | bit);
    return [before, behind].map((without) => ({ with: without | bit, without, share: 0.5 }));
  });
}

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left > 0; left &= left - 1) count++;
  return count;
}
