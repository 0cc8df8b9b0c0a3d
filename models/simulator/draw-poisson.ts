import type { Mt19937 } from './draw-mt19937.ts';

/** From this mean on, NumPy draws by transformed rejection; below it by multiplication. */
const REJECTION_FROM_MEAN = 10;

/** A Poisson number with the given mean (0 or more), drawn as NumPy's `RandomState.poisson` draws it. */
export function drawPoisson(generator: Mt19937, mean: number): number {
  if (mean === 0) return 0;
  return mean < REJECTION_FROM_MEAN ? byMultiplication(generator, mean) : byTransformedRejection(generator, mean);
}

/** Knuth, The Art of Computer Programming 2, 3.4.1: counts uniform factors until their product falls to e^-mean. */
function byMultiplication(generator: Mt19937, mean: number): number {
  const threshold = Math.exp(-mean);
  let count = 0;
  for (let product = generator.nextDouble(); product > threshold; product *= generator.nextDouble()) count += 1;
  return count;
}

/** Algorithm PTRS of Hörmann, "The transformed rejection method for generating Poisson random variables", 1993. */
function byTransformedRejection(generator: Mt19937, mean: number): number {
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const quickAccept = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = generator.nextDouble() - 0.5;
    const v = generator.nextDouble();
    const edge = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
    if (edge >= 0.07 && v <= quickAccept) return count;
    if (count < 0 || (edge < 0.013 && v > edge)) continue;
    const accepted = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (edge * edge) + b);
    if (accepted <= count * logMean - mean - logFactorial(count)) return count;
  }
}

const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** ln(n!): the sum of logarithms for small n, else Stirling's series, which is then exact to about 1e-13. */
function logFactorial(n: number): number {
  if (n < 16) {
    let sum = 0;
    for (let factor = 2; factor <= n; factor += 1) sum += Math.log(factor);
    return sum;
  }
  const inverse = 1 / n;
  const square = inverse * inverse;
  const tail = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (n + 0.5) * Math.log(n) - n + LOG_SQRT_TWO_PI + tail;
}
