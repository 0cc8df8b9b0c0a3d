const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** 1970-01-01 was a Thursday; with Monday as 0, that is 3. */
const EPOCH_WEEKDAY = 3;
const SATURDAY = 5;
const LAST_NIGHT_HOUR = 6;

/** Writes the weekend and night flags of a moment (UTC) to `out` from `offset` on. */
export function writeCalendarFeatures(timeMs: number, out: Float64Array, offset: number): void {
  const hours = Math.floor(timeMs / HOUR_MS);
  const days = Math.floor(hours / DAY_HOURS);
  const weekday = (((days + EPOCH_WEEKDAY) % 7) + 7) % 7;
  out[offset] = weekday >= SATURDAY ? 1 : 0;
  out[offset + 1] = hours - days * DAY_HOURS <= LAST_NIGHT_HOUR ? 1 : 0;
}
