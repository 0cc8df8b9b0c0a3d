import type { Refusal } from './refusal.ts';

/** How far a sender's clock may be ahead of ours. */
const AHEAD_MAX_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** Which times are taken: not ahead of `nowMs`, and not more than `maxAgeDays` before it. */
export interface EventTimeLimits {
  readonly nowMs: number;
  readonly maxAgeDays: number;
}

/** Tells whether a moment of the past that somebody reports in the field at `pointer` is one. */
export function checkEventTime(instant: string, pointer: string, { nowMs, maxAgeDays }: EventTimeLimits): Refusal | undefined {
  const eventMs = Date.parse(instant);
  if (eventMs > nowMs + AHEAD_MAX_MS) return { refused: 'event_time_in_future', misfits: [{ pointer, detail: 'lies in the future' }] };
  if (eventMs < nowMs - maxAgeDays * DAY_MS) return { refused: 'event_time_too_old', misfits: [{ pointer, detail: 'lies too far back' }] };
  return undefined;
}
