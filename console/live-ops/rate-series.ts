import type { FeedTotals, RoomCounts } from '@trancendos/contracts/socket';

/** Points of a line: two minutes, one a second. */
export const RATE_POINTS = 120;
const POINT_MS = 1_000;
/** A point is the mean over so many seconds before it. */
const SMOOTHED_OVER = 10;
const ACTIONS = ['approve', 'review', 'decline'] as const;

/** What was decided in each of the last two minutes' seconds, oldest first, whatever the filter. */
export class RateSeries {
  /** Another list with every point. */
  seconds: readonly RoomCounts[] = [];
  #atMs = Number.NEGATIVE_INFINITY;

  /** Takes totals in; those of a snapshot bring the two minutes before it. */
  receive(totals: FeedTotals, nowMs: number): void {
    if (totals.last_2_min) this.seconds = unfold(totals.last_2_min);
    else if (nowMs - this.#atMs < POINT_MS) return;
    else this.seconds = [...this.seconds, totals.last_second ?? estimate(totals)].slice(-RATE_POINTS);
    this.#atMs = nowMs;
  }
}

/** Outcomes in each second. */
export function throughputOf(seconds: readonly RoomCounts[]): number[] {
  return smooth(seconds, ({ approve, review, decline }) => approve + review + decline);
}

/** The part of what was decided that was held, or declined, from 0 to 1. */
export function shareOf(action: 'review' | 'decline', seconds: readonly RoomCounts[]): number[] {
  const all = throughputOf(seconds);
  return smooth(seconds, (counts) => counts[action]).map((value, at) => (all[at] ? value / all[at] : 0));
}

function smooth(seconds: readonly RoomCounts[], valueOf: (counts: RoomCounts) => number): number[] {
  return seconds.map((_, at) => {
    const window = seconds.slice(Math.max(0, at + 1 - SMOOTHED_OVER), at + 1);
    return window.reduce((sum, counts) => sum + valueOf(counts), 0) / window.length;
  });
}

function unfold(series: NonNullable<FeedTotals['last_2_min']>): RoomCounts[] {
  return series.approve.map((approve, at) => ({ approve, review: series.review[at] ?? 0, decline: series.decline[at] ?? 0 }));
}

/** A gateway of the version before tells its mean rate, and the mix of five minutes. */
function estimate({ per_second, last_5_min }: FeedTotals): RoomCounts {
  const all = ACTIONS.reduce((sum, action) => sum + last_5_min[action], 0) || 1;
  const part = (action: (typeof ACTIONS)[number]) => (per_second * last_5_min[action]) / all;
  return { approve: part('approve'), review: part('review'), decline: part('decline') };
}
