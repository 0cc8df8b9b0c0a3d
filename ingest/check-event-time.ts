import type { Refusal } from './refusal.ts';

/** How far a sender's clock may be ahead of ours. */
const AHEAD_MAX_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** Tells whether a moment of the past that somebody reports is one: not ahead of `nowMs`, and not more than `maxAgeDays` before it. */
export function checkEventTime(instant: string, nowMs: number, maxAgeDays: number): Refusal | undefined {
  const eventMs = Date.parse(instant);
  if (eventMs > nowMs + AHEAD_MAX_MS) return { refused: 'event_time_in_future' };
  if (eventMs < nowMs - maxAgeDays * DAY_MS) return { refused: 'event_time_too_old' };
  return undefined;
}
