const { imul } = Math;

const WORDS = 624;
const MIDDLE = 397;
const UPPER_BIT = 0x80000000;
const LOWER_BITS = 0x7fffffff;
const TWIST = 0x9908b0df;

/**
 * Mersenne Twister MT19937 with the two seedings of its reference implementation mt19937ar:
 * Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number generator", 1998.
 */
export class Mt19937 {
  readonly #words: Uint32Array;
  #next = WORDS;

  private constructor(words: Uint32Array) {
    this.#words = words;
  }

  /** Seeded with one word of 32 bits (`init_genrand`). */
  static fromWord(seed: number): Mt19937 {
    const words = new Uint32Array(WORDS);
    let word = seed >>> 0;
    words[0] = word;
    for (let i = 1; i < WORDS; i += 1) {
      word = (imul(1812433253, word ^ (word >>> 30)) + i) >>> 0;
      words[i] = word;
    }
    return new Mt19937(words);
  }

  /** Seeded with a key of one or more words of 32 bits (`init_by_array`). */
  static fromKey(key: readonly number[]): Mt19937 {
    const generator = Mt19937.fromWord(19650218);
    const words = generator.#words;
    let i = 1;
    let k = 0;
    for (let step = 0; step < Math.max(WORDS, key.length); step += 1) {
      words[i] = (at(words, i) ^ imul(scrambled(at(words, i - 1)), 1664525)) + (key[k] ?? 0) + k;
      i = nextIndex(words, i);
      k = (k + 1) % key.length;
    }
    for (let step = 1; step < WORDS; step += 1) {
      words[i] = (at(words, i) ^ imul(scrambled(at(words, i - 1)), 1566083941)) - i;
      i = nextIndex(words, i);
    }
    words[0] = UPPER_BIT;
    return generator;
  }

  /** The next 32 bits, as an integer 0 .. 2^32 - 1. */
  nextWord(): number {
    if (this.#next === WORDS) this.#generate();
    let word = at(this.#words, this.#next);
    this.#next += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  /** The next multiple of 2^-53 in [0, 1), made of two words (`genrand_res53`). */
  nextDouble(): number {
    const high = this.nextWord() >>> 5;
    const low = this.nextWord() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  #generate(): void {
    const words = this.#words;
    for (let i = 0; i < WORDS; i += 1) {
      const joined = (at(words, i) & UPPER_BIT) | (at(words, (i + 1) % WORDS) & LOWER_BITS);
      words[i] = at(words, (i + MIDDLE) % WORDS) ^ (joined >>> 1) ^ (joined & 1 ? TWIST : 0);
    }
    this.#next = 0;
  }
}

/** Every index here is within the state, which the compiler cannot see. */
function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function scrambled(word: number): number {
  return word ^ (word >>> 30);
}

/** One on, and from the last word back to the second, the last word having been copied to the first. */
function nextIndex(words: Uint32Array, index: number): number {
  if (index + 1 < WORDS) return index + 1;
  words[0] = at(words, WORDS - 1);
  return 1;
}
