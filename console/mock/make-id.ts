import type { SeededRandom } from './seeded-random.ts';

/** An id as the platform makes them: a prefix and a UUIDv7 of `atMs`. */
export function makeId(prefix: string, atMs: number, random: SeededRandom): string {
  const time = atMs.toString(16).padStart(12, '0');
  const hex = (digits: number) => Array.from({ length: digits }, () => random.whole(0, 15).toString(16)).join('');
  return `${prefix}_${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
}
