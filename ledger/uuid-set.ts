import { randomInt } from 'node:crypto';

/** A UUID is four words of 32 bits. None is 0 as a whole, because its version is not. */
const WORDS = 4;
const SMALLEST = 1 << 10;
/** Characters of a UUID. */
const LENGTH = 36;
/** Odd, and different in every process, so that nobody can choose ids that fall on the same place. */
const MIX = [randomOdd(), randomOdd(), randomOdd(), randomOdd()] as const;

/**
 * A set of UUIDs, each given as the last 36 characters of an id, in lower case. Open addressing over plain words: sixteen bytes an id where a
 * Set of strings keeps every string alive and hashes it anew, which is a good part of the time that a transfer takes.
 */
export class UuidSet {
  size = 0;
  #words = new Int32Array(SMALLEST * WORDS);

  has(id: string): boolean {
    return this.#words[this.#find(wordsOf(id)) * WORDS + 1] !== 0;
  }

  add(id: string): void {
    if (2 * this.size >= this.#words.length / WORDS) this.#grow();
    this.#put(wordsOf(id));
  }

  #put(asked: Words): void {
    const place = this.#find(asked) * WORDS;
    if (this.#words[place + 1] !== 0) return;
    for (let word = 0; word < WORDS; word++) this.#words[place + word] = asked[word] as number;
    this.size++;
  }

  /** Where the asked id is, or the free place where it belongs. The second word holds the version: 0 where nothing is. */
  #find([a, b, c, d]: Words): number {
    const words = this.#words;
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
      if (before[at + 1] !== 0) this.#put([before[at], before[at + 1], before[at + 2], before[at + 3]] as unknown as Words);
    }
  }
}

type Words = readonly [number, number, number, number];

/** The id that was read last, because one is mostly looked for several times on end: in two generations, and then added. */
let lastId = '';
let lastWords: Words = [0, 0, 0, 0];

function wordsOf(id: string): Words {
  if (id === lastId) return lastWords;
  const at = id.length - LENGTH;
  lastId = id;
  lastWords = [
    (sixteenBits(id, at) << 16) | sixteenBits(id, at + 4),
    (sixteenBits(id, at + 9) << 16) | sixteenBits(id, at + 14),
    (sixteenBits(id, at + 19) << 16) | sixteenBits(id, at + 24),
    (sixteenBits(id, at + 28) << 16) | sixteenBits(id, at + 32),
  ];
  return lastWords;
}

function sixteenBits(id: string, at: number): number {
  return (nibble(id, at) << 12) | (nibble(id, at + 1) << 8) | (nibble(id, at + 2) << 4) | nibble(id, at + 3);
}

/** The value of a hexadecimal digit in lower case. */
function nibble(id: string, at: number): number {
  const code = id.charCodeAt(at);
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

function randomOdd(): number {
  return randomInt(2 ** 31) * 2 + 1;
}
