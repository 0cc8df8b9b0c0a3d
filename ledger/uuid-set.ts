import { randomInt } from 'node:crypto';

/** A UUID is four words of 32 bits. None is 0 as a whole, because its version is not. */
const WORDS = 4;
const SMALLEST = 1 << 10;
const DASH = 0x2d;
/** Odd, and different in every process, so that nobody can choose ids that fall on the same place. */
const MIX = [randomOdd(), randomOdd(), randomOdd(), randomOdd()] as const;

/**
 * A set of UUIDs, each given as the last 36 characters of an id, in lower case. Open addressing over plain words: sixteen bytes an id where a
 * Set of strings keeps every string alive and hashes it anew, which is a good part of the time that a transfer takes.
 */
export class UuidSet {
  size = 0;
  #words = new Int32Array(SMALLEST * WORDS);
  readonly #asked = new Int32Array(WORDS);

  has(id: string): boolean {
    this.#read(id);
    return this.#words[this.#find() * WORDS + 1] !== 0;
  }

  add(id: string): void {
    if (2 * this.size >= this.#words.length / WORDS) this.#grow();
    this.#read(id);
    this.#put();
  }

  #put(): void {
    const place = this.#find() * WORDS;
    if (this.#words[place + 1] !== 0) return;
    this.#words.set(this.#asked, place);
    this.size++;
  }

  /** Where the asked id is, or the free place where it belongs. The second word holds the version: 0 where nothing is. */
  #find(): number {
    const words = this.#words;
    const [a, b, c, d] = this.#asked as unknown as readonly [number, number, number, number];
    const mask = words.length / WORDS - 1;
    const mixed = Math.imul(a, MIX[0]) ^ Math.imul(b, MIX[1]) ^ Math.imul(c, MIX[2]) ^ Math.imul(d, MIX[3]);
    for (let place = (mixed ^ (mixed >>> 15)) & mask; ; place = (place + 1) & mask) {
      const at = place * WORDS;
      if (words[at + 1] === 0) return place;
      if (words[at + 3] === d && words[at + 2] === c && words[at + 1] === b && words[at] === a) return place;
    }
  }

  #grow(): void {
    const before = this.#words;
    this.#words = new Int32Array(before.length * 2);
    this.size = 0;
    for (let at = 0; at < before.length; at += WORDS) {
      if (before[at + 1] === 0) continue;
      this.#asked.set(before.subarray(at, at + WORDS));
      this.#put();
    }
  }

  #read(id: string): void {
    let index = id.length - 36;
    for (let word = 0; word < WORDS; word++) {
      let bits = 0;
      for (let digits = 0; digits < 8; index++) {
        const code = id.charCodeAt(index);
        if (code === DASH) continue;
        bits = (bits << 4) | (code < 0x3a ? code - 0x30 : code - 0x57);
        digits++;
      }
      this.#asked[word] = bits;
    }
  }
}

function randomOdd(): number {
  return randomInt(2 ** 31) * 2 + 1;
}
