import type { EntityType } from '@trancendos/contracts/archive';

const HOUR_MS = 3_600_000;

/** How far back is looked; everything that is kept where none is chosen. */
export const TIMES_MS = { hour: HOUR_MS, today: 24 * HOUR_MS, week: 168 * HOUR_MS, month: 720 * HOUR_MS } as const;
export const FILTER_CHOICES = {
  action: ['approve', 'review', 'decline'],
  label: ['fraud', 'genuine', 'none'],
  score: ['100', '300', '500', '700'],
  time: ['hour', 'today', 'week', 'month'],
} as const;
export type FilterField = keyof typeof FILTER_CHOICES;

/** What a list of decisions is narrowed to, as the address holds it: `?action=decline&score=300&time=week`. */
export type DecisionFilter = { readonly [F in FilterField]?: (typeof FILTER_CHOICES)[F][number] };

/** The filter of an address. What is no choice filters nothing. */
export function readFilter(search: URLSearchParams): DecisionFilter {
  const given = Object.entries(FILTER_CHOICES).flatMap(([field, choices]) => {
    const chosen = choices.find((choice) => choice === search.get(field));
    return chosen === undefined ? [] : [[field, chosen]];
  });
  return Object.fromEntries(given) as DecisionFilter;
}

/** The archive's query for an entity's decisions that fit. `nowMs`: from where it is looked back. */
export function filterQuery(type: EntityType, id: string, { action, label, score, time }: DecisionFilter, nowMs: number) {
  return {
    [type]: id,
    action,
    label,
    score_min: score,
    from: time && new Date(nowMs - TIMES_MS[time]).toISOString(),
  };
}
