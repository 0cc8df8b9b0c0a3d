/**
 * Draws ranks with a probability proportional to 1 / (rank + 1)^exponent in constant time, by Walker's alias method as Vose builds it
 * (M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", 1991).
 */
export class ZipfTable {
  readonly size: number;
  readonly #keep: Float64Array;
  readonly #alias: Uint32Array;

  constructor(size: number, exponent: number) {
    this.size = size;
    this.#keep = new Float64Array(size);
    this.#alias = new Uint32Array(size);
    const weights = Float64Array.from({ length: size }, (_, rank) => (rank + 1) ** -exponent);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const small: number[] = [];
    const large: number[] = [];
    const share = weights.map((weight) => (weight * size) / total);
    share.forEach((value, rank) => (value < 1 ? small : large).push(rank));
    for (;;) {
      const under = small.pop();
      const over = large.at(-1);
      if (under === undefined || over === undefined) {
        if (under !== undefined) this.#keep[under] = 1;
        if (small.length === 0) break;
        continue;
      }
      const given = share[under] ?? 0;
      this.#keep[under] = given;
      this.#alias[under] = over;
      const left = (share[over] ?? 0) + given - 1;
      share[over] = left;
      if (left < 1) small.push(large.pop() ?? over);
    }
    for (const rank of large) this.#keep[rank] = 1;
  }

  /** The rank, from 0, that two numbers from 0 to 1 choose. */
  rank(first: number, second: number): number {
    const column = Math.floor(first * this.size);
    return second < (this.#keep[column] ?? 1) ? column : (this.#alias[column] ?? column);
  }
}
