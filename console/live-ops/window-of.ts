/** Rows of a list from `first` on, `end` not among them. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

export interface RowSight {
  readonly firstInSight: number;
  readonly rowsInSight: number;
}

/** Rows beyond either edge, so that scrolling by a notch shows no blank line. */
const BEYOND = 4;

/**
 * The rows in sight, and in a list that is scrolled a few beyond, of `count`. A list that has become shorter shows its end. At its top it is
 * live, and every row in the document is written anew ten times a second.
 */
export function windowOf({ firstInSight, rowsInSight }: RowSight, count: number): RowWindow {
  if (firstInSight <= 0) return { first: 0, end: Math.min(count, rowsInSight + 1) };
  const first = Math.max(0, Math.min(firstInSight, count - rowsInSight) - BEYOND);
  return { first, end: Math.min(count, firstInSight + rowsInSight + BEYOND) };
}
