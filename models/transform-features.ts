/**
 * How one value becomes a number to standardise. `log`: sign(x) log(1 + |x|). `raw`: as it is. `odds`: as it is, and standardised by
 * `ODDS_DEVIATION`. `over`: 0 up to a limit and 1 + log(1 + excess) above it, so that the edge stays sharp.
 */
export type ColumnKind = 'log' | 'raw' | 'odds' | 'over';

/** How the features that a version reads become inputs of its network, column by column. */
export interface FeatureTransform {
  readonly kind: readonly ColumnKind[];
  /** Only used by columns of kind `over`. */
  readonly limit: number;
  /** Over the fitting rows. */
  readonly mean: readonly number[];
  /** Standard deviation, 1 where a column never varied; more where what was seen would be clipped. */
  readonly deviation: readonly number[];
  /** Inputs beyond this many deviations count as that many. */
  readonly clip: number;
}

const CLIP = 8;
/**
 * Log-odds lie within 16 of zero, mostly close together and now and then, where it matters, far away: clipping them by how much they vary would
 * make all that is suspicious the same.
 */
const ODDS_DEVIATION = 4;

/** Measures the transform on rows of `kind.length` values each. */
export function fitTransform(values: Float64Array, kind: readonly ColumnKind[], limit: number): FeatureTransform {
  const width = kind.length;
  const rows = values.length / width;
  const mean = new Array<number>(width).fill(0);
  const squares = new Array<number>(width).fill(0);
  const lowest = new Array<number>(width).fill(Infinity);
  const highest = new Array<number>(width).fill(-Infinity);
  // Welford's method: one pass, and no loss of digits where the mean is large.
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      const value = bend(values[row * width + column] ?? 0, kind[column], limit);
      const before = value - (mean[column] ?? 0);
      const moved = (mean[column] ?? 0) + before / (row + 1);
      mean[column] = moved;
      squares[column] = (squares[column] ?? 0) + before * (value - moved);
      lowest[column] = Math.min(lowest[column] ?? Infinity, value);
      highest[column] = Math.max(highest[column] ?? -Infinity, value);
    }
  }
  const deviation = squares.map((sum, column) => {
    if (kind[column] === 'odds') return ODDS_DEVIATION;
    const measured = Math.sqrt(sum / Math.max(rows, 1)) || 1;
    if (kind[column] !== 'log') return measured;
    // What is nearly always the same and tells most where it is not, such as known frauds at a terminal, must not end at the clip.
    const center = mean[column] ?? 0;
    return Math.max(measured, ((highest[column] ?? center) - center) / CLIP, (center - (lowest[column] ?? center)) / CLIP);
  });
  return { kind, limit, mean, deviation, clip: CLIP };
}

/** Writes the inputs of `rows` rows of values, one row behind the other. The values are those of the version's own columns. */
export function transformFeatures(transform: FeatureTransform, values: Float64Array, rows: number, inputs: Float32Array): void {
  const { kind, limit, mean, deviation, clip } = transform;
  const width = kind.length;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < width; column++, at++) {
      const value = bend(values[at] as number, kind[column], limit);
      const standard = (value - (mean[column] as number)) / (deviation[column] as number);
      inputs[at] = standard > clip ? clip : standard < -clip ? -clip : standard;
    }
  }
}

function bend(value: number, kind: ColumnKind | undefined, limit: number): number {
  if (kind === 'raw' || kind === 'odds') return value;
  if (kind === 'over') return value > limit ? 1 + Math.log1p(value - limit) : 0 * value;
  return value < 0 ? -Math.log1p(-value) : Math.log1p(value);
}
