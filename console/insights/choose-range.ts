import type { Insights } from '@trancendos/contracts/archive';

const MINUTE_MS = 60_000;

/** How far back the page looks. */
export const RANGES_MS = {
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
  week: 7 * 24 * 60 * MINUTE_MS,
  month: 30 * 24 * 60 * MINUTE_MS,
} as const;
export type RangeName = keyof typeof RANGES_MS;
export const RANGE_NAMES = Object.keys(RANGES_MS) as readonly RangeName[];

export function isRange(name: string | null): name is RangeName {
  return name !== null && Object.hasOwn(RANGES_MS, name);
}

/** The gateway's address for the insights of the time that ends with the minute under way at `nowMs`. `table` asks for one of them as CSV. */
export function insightsPath(range: RangeName, nowMs: number, { merchant, table }: { merchant?: string; table?: string } = {}): string {
  const toMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const query = new URLSearchParams({
    from: new Date(toMs - RANGES_MS[range]).toISOString(),
    to: new Date(toMs).toISOString(),
    ...(merchant !== undefined && { merchant }),
    ...(table !== undefined && { format: 'csv', table }),
  });
  return `/api/review/v1/insights?${query.toString()}`;
}

/** The gateway's address for the time before the one that `insights` is of, in the same steps. */
export function previousPath({ previous: { from, to }, step, merchant_id }: Insights): string {
  const query = new URLSearchParams({ from, to, step, ...(merchant_id !== null && { merchant: merchant_id }) });
  return `/api/review/v1/insights?${query.toString()}`;
}
