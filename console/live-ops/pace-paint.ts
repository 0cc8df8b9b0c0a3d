/** When a list with rows that are not painted yet is painted again, in ms after it was last: at news from `earliestMs` on, else at `latestMs`. */
export interface PaintPace {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Lines that a usual screen shows. */
const LINES_IN_SIGHT = 24;
/** A little under the 100 ms from frame to frame, which come not quite evenly. */
const AS_THEY_COME: PaintPace = { earliestMs: 90, latestMs: 100 };
/** Every other frame: at once when it arrives, so what is shown is as new as with every frame. */
const EVERY_OTHER: PaintPace = { earliestMs: 120, latestMs: 250 };

/**
 * Frames are painted as they come while a reader can follow; where they would replace all lines in sight ten times a second, every other
 * one is. No row is lost by that: the list has them all, and the figures count them.
 */
export function pacePaint(unpaintedRows: number): PaintPace {
  return unpaintedRows > LINES_IN_SIGHT ? EVERY_OTHER : AS_THEY_COME;
}
