/** A column that holds the log-odds of one cause of fraud, and how it is standardised. */
export interface OddsColumn {
  readonly column: number;
  readonly mean: number;
  readonly deviation: number;
}

/** What an untrained network says: the log-odds that either of two causes holds, and more where a third column speaks for itself. */
export interface OddsStart {
  readonly either: readonly [OddsColumn, OddsColumn];
  readonly certain: { readonly column: number; readonly weight: number } | null;
}

/** Weights of one member before training: kernels row by row [inputs, units]. */
export interface DrawnWeights {
  readonly kernels: readonly Float32Array[];
  readonly biases: readonly Float32Array[];
  readonly skip: Float32Array;
}

/** Where the line that stands for log(1 + e^x) bends. */
const KNOTS = [-4, -2.5, -1.25, 0, 1.25, 2.5, 4];

/**
 * Puts into a network of rectified units what two independent causes of fraud say together, so that training only has to correct it. For rare
 * causes of log-odds a and b the odds that either holds are e^a + e^b: their logarithm is b + log(1 + e^(a - b)). The shortcut gives b; the
 * rest is a line that bends at `KNOTS`, one unit of the first hidden layer each, which the first unit of every later layer adds up and hands on.
 * `sizes`: inputs and units of every layer. Throws a `RangeError` where the network is too small for it.
 */
export function beginFromOdds({ kernels, biases, skip }: DrawnWeights, sizes: readonly number[], start: OddsStart): void {
  const [inputs = 0, units = 0] = sizes;
  const [first, ...later] = kernels;
  if (!first || later.length === 0 || units < KNOTS.length) throw new RangeError(`a network of ${sizes.join('-')} units is too small`);
  const [a, b] = start.either;
  KNOTS.forEach((knot, unit) => {
    for (let input = 0; input < inputs; input++) first[input * units + unit] = 0;
    first[a.column * units + unit] = a.deviation;
    first[b.column * units + unit] = -b.deviation;
    (biases[0] as Float32Array)[unit] = a.mean - b.mean - knot;
  });
  later.forEach((kernel, index) => {
    const from = sizes[index + 1] ?? 0;
    const to = sizes[index + 2] ?? 0;
    for (let unit = 0; unit < from; unit++) kernel[unit * to] = 0;
    if (index > 0) kernel[0] = 1;
    else bends().forEach((bend, unit) => (kernel[unit * to] = bend));
  });
  (biases.at(-1) as Float32Array)[0] = b.mean;
  skip[b.column] = b.deviation;
  if (start.certain) skip[start.certain.column] = start.certain.weight;
}

/** By how much the line grows steeper at each knot: it meets log(1 + e^x) in the middle of every piece, and ends at slope 1. */
function bends(): number[] {
  const slopes = KNOTS.map((knot, index) => {
    const next = KNOTS[index + 1];
    return next === undefined ? 1 : (softplus(next) - softplus(knot)) / (next - knot);
  });
  return slopes.map((slope, index) => slope - (slopes[index - 1] ?? 0));
}

function softplus(x: number): number {
  return Math.log1p(Math.exp(x));
}
