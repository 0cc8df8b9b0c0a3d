import { Mt19937 } from './draw-mt19937.ts';
import { drawPoisson } from './draw-poisson.ts';

const { clz32, log, sqrt } = Math;

/**
 * The streams of NumPy's `RandomState` (its legacy generator, frozen by NEP 19), seeded with an integer 0 .. 2^32 - 1.
 * One instance is one stream: the draws depend on the order in which they are asked for.
 */
export class NumpyRandom {
  readonly #generator: Mt19937;
  /** The polar method makes two deviates at a time; the second waits here. */
  #spareDeviate: number | undefined;

  constructor(seed: number) {
    this.#generator = Mt19937.fromWord(seed);
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.#generator.nextDouble();
  }

  /** Gaussian with the given mean and standard deviation. */
  normal(mean: number, deviation: number): number {
    return mean + deviation * this.#standardNormal();
  }

  /** Poisson with the given mean, 0 or more. */
  poisson(mean: number): number {
    return drawPoisson(this.#generator, mean);
  }

  /** The integers 0 .. length - 1 in random order. */
  permutation(length: number): Uint32Array {
    const items = Uint32Array.from({ length }, (_, index) => index);
    for (let last = length - 1; last > 0; last -= 1) {
      const other = this.#upTo(last);
      const item = items[last] ?? 0;
      items[last] = items[other] ?? 0;
      items[other] = item;
    }
    return items;
  }

  /**
   * `count` different integers of 0 .. length - 1, as pandas' `sample(n, random_state=seed)` takes rows from a table:
   * the head of a permutation.
   */
  sampleRows(length: number, count: number): Uint32Array {
    return this.permutation(length).subarray(0, count);
  }

  /** Marsaglia's polar method. */
  #standardNormal(): number {
    if (this.#spareDeviate !== undefined) {
      const spare = this.#spareDeviate;
      this.#spareDeviate = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.#generator.nextDouble() - 1;
      const y = 2 * this.#generator.nextDouble() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = sqrt((-2 * log(square)) / square);
      this.#spareDeviate = factor * x;
      return factor * y;
    }
  }

  /** Uniform integer 0 .. maximum by rejection under the smallest mask of ones that covers the maximum. */
  #upTo(maximum: number): number {
    const mask = 0xffffffff >>> clz32(maximum);
    for (;;) {
      const value = (this.#generator.nextWord() & mask) >>> 0;
      if (value <= maximum) return value;
    }
  }
}
