/**
 * Random numbers by position instead of in sequence: the draw `lane` of position `index` is always the same for a seed. So a workload can be
 * begun anywhere, every engine is given the same stream, and a writer that was killed goes on where its cursor says.
 */
export class Draws {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = mix(seed >>> 0);
  }

  /** 32 random bits. */
  bits(index: number, lane: number): number {
    const low = mix((index >>> 0) ^ this.#seed);
    const high = Math.floor(index / 2 ** 32);
    return mix(low + Math.imul(lane + 1, 0x9e3779b9) + Math.imul(high, 0x85ebca6b));
  }

  /** At least 0 and less than 1. */
  unit(index: number, lane: number): number {
    return this.bits(index, lane) / 2 ** 32;
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number, index: number, lane: number): number {
    return Math.floor(this.unit(index, lane) * bound);
  }
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output's. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
