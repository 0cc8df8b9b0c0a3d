import type { WorldOptions } from './world.ts';

/** 2^32 divided by the golden ratio: its multiples modulo 2^32 lie far apart (Knuth, The Art of Computer Programming 3, 6.4). */
const GOLDEN_STEP = 0x9e3779b1;

/**
 * The seed of the stream that the handbook seeds with `bookSeed`: that very number in world 0, and one far from it in every other,
 * so that no two worlds share a stream although each uses a run of small seeds.
 */
export function streamSeed(options: WorldOptions, bookSeed: number): number {
  return (Math.imul(options.seed, GOLDEN_STEP) + bookSeed) >>> 0;
}
