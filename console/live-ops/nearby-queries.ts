import type { DecisionPage, DecisionLine, EntityType } from '@trancendos/contracts/archive';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** How far it is looked ahead. Pages begin with the newest, and the nearest is wanted: so much must fit one page of the busiest. */
const AHEAD_MS: Readonly<Record<EntityType, number>> = {
  account: DAY_MS,
  card: DAY_MS,
  terminal: 60 * MINUTE_MS,
  merchant: MINUTE_MS,
};
const EARLIER = 8;
const LATER = 5;
const LATER_READ = 200;

/** What to ask the archive for to find payments around a moment: those up to it, itself included, and those after it. */
export function nearbyQueries(
  type: EntityType,
  committedAt: string,
): { readonly before: Readonly<Record<string, string>>; readonly after: Readonly<Record<string, string>> } {
  const atMs = Date.parse(committedAt);
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    before: { from: at(atMs - DAY_MS), to: at(atMs + 1), limit: String(EARLIER + 1) },
    after: { from: at(atMs + 1), to: at(atMs + AHEAD_MS[type]), limit: String(LATER_READ) },
  };
}

/** The nearest of both, newest first. None of those that came later where there were so many that the nearest are not on the page. */
export function takeNearby(earlier: readonly DecisionLine[], later: DecisionPage | undefined): DecisionLine[] {
  const nearest = later?.next_cursor === null ? later.decisions.slice(-LATER) : [];
  return [...nearest, ...earlier];
}
