import { SPANS } from './sum-outcomes.ts';

/** A run of whole spans: from the beginning of the first to the end of the last, in milliseconds since the epoch. */
export interface Piece {
  /** Minutes. */
  readonly span: number;
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;
const COARSEST_FIRST = SPANS.toReversed();

/**
 * The fewest spans that make up a time that begins and ends at whole minutes: days in its middle, hours and minutes at its ends. None is
 * longer than `longestSpan` minutes.
 */
export function coverRange(fromMs: number, toMs: number, longestSpan: number = COARSEST_FIRST[0] ?? 1): Piece[] {
  return cover(
    fromMs,
    toMs,
    COARSEST_FIRST.filter((span) => span <= longestSpan),
  );
}

function cover(fromMs: number, toMs: number, [span, ...finer]: readonly number[]): Piece[] {
  if (span === undefined || fromMs >= toMs) return [];
  const lengthMs = span * MINUTE_MS;
  const firstMs = Math.ceil(fromMs / lengthMs) * lengthMs;
  const lastMs = Math.floor(toMs / lengthMs) * lengthMs;
  if (firstMs >= lastMs) return cover(fromMs, toMs, finer);
  return [...cover(fromMs, firstMs, finer), { span, fromMs: firstMs, toMs: lastMs }, ...cover(lastMs, toMs, finer)];
}
