import { Mt19937 } from './draw-mt19937.ts';

/**
 * The streams of Python's `random` module (3.2 and later), seeded with an integer 0 .. 2^32 - 1.
 * One instance is one stream: the draws depend on the order in which they are asked for.
 */
export class PythonRandom {
  readonly #generator: Mt19937;

  constructor(seed: number) {
    this.#generator = Mt19937.fromKey([seed]);
  }

  /** Uniform integer 0 .. bound - 1, for a bound of 1 .. 2^31 (`_randbelow`). */
  below(bound: number): number {
    const unusedBits = Math.clz32(bound);
    for (;;) {
      const value = this.#generator.nextWord() >>> unusedBits;
      if (value < bound) return value;
    }
  }

  /** `count` different integers of 0 .. length - 1, in the order in which `random.sample` picks positions. */
  sampleRows(length: number, count: number): number[] {
    if (count < 0 || count > length) throw new RangeError(`cannot take ${count} different rows of ${length}`);
    return length <= poolMaximum(count) ? this.#sampleFromPool(length, count) : this.#sampleByRejection(length, count);
  }

  #sampleFromPool(length: number, count: number): number[] {
    const pool = Array.from({ length }, (_, index) => index);
    return Array.from({ length: count }, (_, taken) => {
      const position = this.below(length - taken);
      const row = pool[position] ?? 0;
      pool[position] = pool[length - taken - 1] ?? 0;
      return row;
    });
  }

  #sampleByRejection(length: number, count: number): number[] {
    const rows = new Set<number>();
    while (rows.size < count) rows.add(this.below(length));
    return [...rows];
  }
}

/** The largest population that Python copies into a list rather than remembering what it has picked: the smaller of the two in memory. */
function poolMaximum(count: number): number {
  const smallSet = 21;
  return count > 5 ? smallSet + 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : smallSet;
}
