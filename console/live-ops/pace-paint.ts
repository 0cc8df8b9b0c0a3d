/** Lines that a usual screen shows. */
const LINES_IN_SIGHT = 24;
/** News are painted at once from `earliestMs` after the last painting on, and what came before at `latestMs` after it. */
interface Pace {
  readonly earliestMs: number;
  readonly latestMs: number;
}
/** A little under the 100 ms from frame to frame, which come not quite evenly. */
const AS_THEY_COME: Pace = { earliestMs: 90, latestMs: 100 };
/** Every other frame: at once when it arrives, so what is shown is as new as with every frame. */
const EVERY_OTHER: Pace = { earliestMs: 120, latestMs: 250 };

/**
 * In how many ms a list is to be painted that has just got news, `sincePaintMs` after it was painted last; 0 for at once. Frames are painted
 * as they come while a reader can follow; where they would replace all lines in sight ten times a second, every other one is. No row is lost
 * by that: the list has them all, and the figures count them.
 */
export function pacePaint(unpaintedRows: number, sincePaintMs: number): number {
  const { earliestMs, latestMs } = unpaintedRows > LINES_IN_SIGHT ? EVERY_OTHER : AS_THEY_COME;
  return sincePaintMs >= earliestMs ? 0 : latestMs - sincePaintMs;
}
