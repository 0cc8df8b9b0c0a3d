import type { DenseLayer } from './compile-network.ts';
import { columnsOf, type Manifest } from './describe-version.ts';
import { FEATURES, findFeature } from './features/declare-features.ts';
import { FEATURE_GROUPS, type FeatureGroup } from './features/feature-declaration.ts';
import { transformFeatures } from './transform-features.ts';

const GROUPS = FEATURE_GROUPS.length;
const SUBSETS = 1 << GROUPS;
const ALL = SUBSETS - 1;

/** Per number of other groups present: the share of orders in which a group comes right after exactly so many, n!(G-n-1)!/G!. */
const ORDER_SHARES = Array.from({ length: GROUPS }, (_, present) => {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return (factorial(present) * factorial(GROUPS - present - 1)) / factorial(GROUPS);
});

/**
 * Says what each group of features did to a score: exact Shapley values over the groups (Shapley 1953; Lundberg and Lee 2017), where a
 * group that is left out has the values of the version's baseline, a usual genuine transaction. They are in calibrated log-odds and sum up to
 * logit(transaction) - logit(baseline).
 *
 * All subsets share the first layer: each group's part of it is computed once. One instance is for one caller at a time.
 */
export class ScoreExplainer {
  readonly #manifest: Pick<Manifest, 'transform' | 'calibration'>;
  readonly #groups: readonly number[];
  readonly #columns: Uint32Array;
  readonly #values: Float64Array;
  readonly #first: DenseLayer;
  /** The layers behind the first, their kernels input by input: inputs that are zero are skipped whole. */
  readonly #rest: readonly DenseLayer[];
  readonly #inputs: Float32Array;
  readonly #baseline: Float32Array;
  /** Per group and unit of the first layer: what the transaction's values add to it beyond the baseline's. */
  readonly #shifts: Float64Array[];
  readonly #baselineSums: Float64Array;
  readonly #sums: Float64Array;
  readonly #buffers: Float64Array[];
  readonly #logits = new Float64Array(SUBSETS);

  constructor(manifest: Pick<Manifest, 'transform' | 'calibration' | 'baseline' | 'features'>, layers: readonly DenseLayer[]) {
    const [first, ...rest] = layers;
    if (!first) throw new Error('a network without layers');
    this.#manifest = manifest;
    this.#groups = groupsOf(manifest.features);
    this.#columns = columnsOf(manifest.features);
    this.#values = new Float64Array(manifest.features.length);
    this.#first = first;
    this.#rest = rest.map((layer) => ({ ...layer, kernel: byInput(layer) }));
    this.#inputs = new Float32Array(first.inputs);
    this.#baseline = new Float32Array(first.inputs);
    transformFeatures(manifest.transform, Float64Array.from(manifest.baseline), 1, this.#baseline);
    this.#shifts = FEATURE_GROUPS.map(() => new Float64Array(first.units));
    this.#baselineSums = Float64Array.from(first.bias);
    for (let unit = 0; unit < first.units; unit++) {
      for (let i = 0; i < first.inputs; i++) {
        this.#baselineSums[unit] =
          (this.#baselineSums[unit] ?? 0) + (this.#baseline[i] ?? 0) * (first.kernel[unit * first.inputs + i] ?? 0);
      }
    }
    this.#sums = new Float64Array(first.units);
    this.#buffers = rest.map(({ units }) => new Float64Array(units));
  }

  /** What each group added to the calibrated log-odds of a feature vector. */
  explain(features: Float64Array): Record<FeatureGroup, number> {
    for (let i = 0; i < this.#columns.length; i++) this.#values[i] = features[this.#columns[i] as number] as number;
    transformFeatures(this.#manifest.transform, this.#values, 1, this.#inputs);
    this.#measureShifts();
    for (let subset = 0; subset < SUBSETS; subset++) this.#logits[subset] = this.#logitOf(subset);
    const weights = FEATURE_GROUPS.map((_, group) => this.#manifest.calibration.slope * this.#shapleyValue(group));
    return Object.fromEntries(FEATURE_GROUPS.map((name, group) => [name, weights[group]])) as Record<FeatureGroup, number>;
  }

  #measureShifts(): void {
    const { inputs, units, kernel } = this.#first;
    for (const shifts of this.#shifts) shifts.fill(0);
    for (let i = 0; i < inputs; i++) {
      const change = (this.#inputs[i] as number) - (this.#baseline[i] as number);
      const shifts = this.#shifts[this.#groups[i] as number] as Float64Array;
      for (let unit = 0; unit < units; unit++) shifts[unit] = (shifts[unit] as number) + change * (kernel[unit * inputs + i] as number);
    }
  }

  /** The logit where the groups in `subset` have the transaction's values and the others the baseline's. */
  #logitOf(subset: number): number {
    this.#sums.set(this.#baselineSums);
    for (let group = 0; group < GROUPS; group++) {
      if ((subset & (1 << group)) === 0) continue;
      const shifts = this.#shifts[group] as Float64Array;
      for (let unit = 0; unit < this.#sums.length; unit++) this.#sums[unit] = (this.#sums[unit] as number) + (shifts[unit] as number);
    }
    let values = this.#sums;
    let relu = this.#first.relu;
    for (let index = 0; index < this.#rest.length; index++) {
      const layer = this.#rest[index] as DenseLayer;
      const outputs = this.#buffers[index] as Float64Array;
      runLayer(layer, values, relu, outputs);
      values = outputs;
      relu = layer.relu;
    }
    return values[0] as number;
  }

  #shapleyValue(group: number): number {
    const bit = 1 << group;
    let value = 0;
    for (let subset = 0; subset <= ALL; subset++) {
      if ((subset & bit) !== 0) continue;
      const gain = (this.#logits[subset | bit] as number) - (this.#logits[subset] as number);
      value += gain * (ORDER_SHARES[countBits(subset)] as number);
    }
    return value;
  }
}

/** Which group each column of a version belongs to. */
function groupsOf(columns: readonly string[]): number[] {
  return columns.map((name) => FEATURE_GROUPS.indexOf(FEATURES[findFeature(name) ?? -1]?.group ?? 'amount'));
}

/** Reads sums that have not been through their activation yet, and skips what it makes zero. */
function runLayer(layer: DenseLayer, sums: Float64Array, relu: boolean, outputs: Float64Array): void {
  const { inputs, units, kernel, bias } = layer;
  outputs.set(bias);
  for (let i = 0; i < inputs; i++) {
    const value = sums[i] as number;
    if (relu && value <= 0) continue;
    for (let unit = 0, at = i * units; unit < units; unit++, at++)
      outputs[unit] = (outputs[unit] as number) + value * (kernel[at] as number);
  }
}

/** The weight from input i to unit u at `i * units + u`. */
function byInput({ inputs, units, kernel }: DenseLayer): Float32Array {
  return Float32Array.from(kernel, (_, at) => kernel[(at % units) * inputs + Math.floor(at / units)] ?? NaN);
}

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left > 0; left &= left - 1) count++;
  return count;
}
