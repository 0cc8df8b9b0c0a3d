import { probabilityOf } from './calibrate-scores.ts';
import type { CompiledNetwork } from './compile-network.ts';
import type { Manifest } from './describe-version.ts';
import { transformFeatures } from './transform-features.ts';

/** Most rows that are scored in one go; memory is reserved for as many. */
export const BATCH_ROWS_MAX = 256;

/** Scores feature vectors with one model version: transform, network, calibration. */
export class FeatureScorer {
  readonly #manifest: Pick<Manifest, 'transform' | 'calibration'>;
  readonly #network: CompiledNetwork;
  readonly #inputs: Float32Array;
  readonly #logits = new Float32Array(BATCH_ROWS_MAX);

  constructor(manifest: Pick<Manifest, 'transform' | 'calibration'>, network: CompiledNetwork) {
    this.#manifest = manifest;
    this.#network = network;
    this.#inputs = new Float32Array(BATCH_ROWS_MAX * network.width);
  }

  /**
   * Writes the calibrated probabilities of fraud of `rows` vectors that lie one behind the other in `features`, at most `BATCH_ROWS_MAX`.
   * A vector that holds NaN gets NaN.
   */
  score(features: Float64Array, rows: number, probabilities: Float64Array): void {
    if (rows > BATCH_ROWS_MAX) throw new RangeError(`${rows} rows, at most ${BATCH_ROWS_MAX}`);
    transformFeatures(this.#manifest.transform, features, rows, this.#inputs);
    this.#network.run(this.#inputs, rows, this.#logits);
    for (let row = 0; row < rows; row++) probabilities[row] = probabilityOf(this.#manifest.calibration, this.#logits[row] as number);
  }
}
