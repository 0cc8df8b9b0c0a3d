/** How feature values become inputs of the network. Part of a model version. */
export interface FeatureTransform {
  /** Mean of sign(x) log(1 + |x|) over the fitting rows, per feature. */
  readonly mean: readonly number[];
  /** Standard deviation of the same; 1 where a feature never varied. */
  readonly deviation: readonly number[];
  /** Inputs beyond this many deviations count as that many. */
  readonly clip: number;
}

const CLIP = 8;

/** Measures the transform on `rows` rows of `width` features each. */
export function fitTransform(features: Float64Array, width: number): FeatureTransform {
  const rows = features.length / width;
  const mean = new Array<number>(width).fill(0);
  const squares = new Array<number>(width).fill(0);
  // Welford's method: one pass, and no loss of digits where the mean is large.
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      const value = compress(features[row * width + column] ?? 0);
      const before = value - (mean[column] ?? 0);
      const moved = (mean[column] ?? 0) + before / (row + 1);
      mean[column] = moved;
      squares[column] = (squares[column] ?? 0) + before * (value - moved);
    }
  }
  return { mean, deviation: squares.map((sum) => Math.sqrt(sum / Math.max(rows, 1)) || 1), clip: CLIP };
}

/** Writes the inputs of `rows` feature vectors to `inputs`, one row behind the other. */
export function transformFeatures(transform: FeatureTransform, features: Float64Array, rows: number, inputs: Float32Array): void {
  const { mean, deviation, clip } = transform;
  const width = mean.length;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < width; column++, at++) {
      const standard = (compress(features[at] as number) - (mean[column] as number)) / (deviation[column] as number);
      inputs[at] = standard > clip ? clip : standard < -clip ? -clip : standard;
    }
  }
}

function compress(value: number): number {
  return value < 0 ? -Math.log1p(-value) : Math.log1p(value);
}
