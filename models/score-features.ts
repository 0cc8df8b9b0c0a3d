import { probabilityOf } from './calibrate-scores.ts';
import { BATCH_ROWS_MAX, type CompiledNetwork } from './compile-network.ts';
import { columnsOf, type Manifest } from './describe-version.ts';
import { FEATURE_COUNT } from './features/declare-features.ts';
import { transformFeatures } from './transform-features.ts';

/** Scores feature vectors with one model version: transform, network, calibration. */
export class FeatureScorer {
  readonly #manifest: Pick<Manifest, 'transform' | 'calibration'>;
  readonly #columns: Uint32Array;
  readonly #values: Float64Array;
  readonly #network: CompiledNetwork;
  readonly #inputs: Float32Array;
  readonly #logits = new Float32Array(BATCH_ROWS_MAX);

  constructor(manifest: Pick<Manifest, 'transform' | 'calibration' | 'features'>, network: CompiledNetwork) {
    this.#manifest = manifest;
    this.#columns = columnsOf(manifest.features);
    this.#values = new Float64Array(BATCH_ROWS_MAX * this.#columns.length);
    this.#network = network;
    this.#inputs = new Float32Array(BATCH_ROWS_MAX * network.width);
  }

  /**
   * Writes the calibrated probabilities of fraud of `rows` whole feature vectors that lie one behind the other in `features`, at most
   * `BATCH_ROWS_MAX`. A vector that holds NaN gets NaN.
   */
  score(features: Float64Array, rows: number, probabilities: Float64Array): void {
    if (rows > BATCH_ROWS_MAX) throw new RangeError(`${rows} rows, at most ${BATCH_ROWS_MAX}`);
    const width = this.#columns.length;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < width; i++)
        this.#values[row * width + i] = features[row * FEATURE_COUNT + (this.#columns[i] as number)] as number;
    }
    transformFeatures(this.#manifest.transform, this.#values, rows, this.#inputs);
    this.#network.run(this.#inputs, rows, this.#logits);
    for (let row = 0; row < rows; row++) {
      const logit = this.#holdsNaN(row) ? NaN : (this.#logits[row] as number);
      probabilities[row] = probabilityOf(this.#manifest.calibration, logit);
    }
  }

  /** Clipping at zero may swallow a NaN on its way through the network. */
  #holdsNaN(row: number): boolean {
    const width = this.#columns.length;
    for (let i = row * width; i < (row + 1) * width; i++) if (Number.isNaN(this.#inputs[i])) return true;
    return false;
  }
}
