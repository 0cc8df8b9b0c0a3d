/** The rows that are sent, in their order, and how the ordinary ones among them were thinned out: one in `sampled`. */
export interface SampledRows<T> {
  readonly rows: readonly T[];
  readonly sampled: number;
}

/**
 * At most `max` of `rows`: every one that has to be seen, and the ordinary ones picked evenly to fill up. Where those that have to be seen
 * are more than `max`, all of them stay: what a person has to see is never left out.
 */
export function sampleRows<T>(rows: readonly T[], max: number, mustBeSeen: (row: T) => boolean): SampledRows<T> {
  if (rows.length <= max) return { rows, sampled: 1 };
  const isOrdinary = rows.map((row) => !mustBeSeen(row));
  const ordinary = isOrdinary.reduce((count, is) => count + Number(is), 0);
  if (ordinary === 0) return { rows, sampled: 1 };
  const places = Math.max(0, max - (rows.length - ordinary));
  let seen = 0;
  const picked = rows.filter((_, index) => {
    if (!isOrdinary[index]) return true;
    // Bresenham's rule: of `ordinary` rows exactly `places` cross a whole number, evenly spread.
    const isPicked = Math.floor(((seen + 1) * places) / ordinary) > Math.floor((seen * places) / ordinary);
    seen++;
    return isPicked;
  });
  return { rows: picked, sampled: Math.max(2, Math.round(ordinary / Math.max(1, places))) };
}
