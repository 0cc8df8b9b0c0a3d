import type { EventRing } from './event-ring.ts';
import { DAY_MS, RETENTION_MS } from './feature-windows.ts';
import { dayAt, type EvidenceOf, type SpellBelief, type SpellModel } from './spell-filter.ts';

/**
 * The belief about one entity, kept so that it is always what filtering its events in the order of their times gives, however they arrived:
 * `base` holds the events that are forgotten, `front` those of whole days whose labels are known as well. `front` is only a short cut;
 * whenever something changes behind it, it is made again from `base` by the same arithmetic, to the same bits.
 */
export interface EntityBeliefs {
  readonly base: SpellBelief;
  readonly front: SpellBelief;
}

export function newBeliefs(model: SpellModel): EntityBeliefs {
  return { base: model.newBelief(), front: model.newBelief() };
}

/** The front has to be made again where an event at `timeMs` is new or its label changed. */
export function noteChange({ base, front }: EntityBeliefs, model: SpellModel, timeMs: number): void {
  if (timeMs <= front.upToMs) model.copy(base, front);
}

/**
 * Time up to which an entity's events are to be forgotten: whole days, so that the belief about what is forgotten does not depend on when that
 * happens; only where there are too many events a day is parted.
 */
export function forgottenUpTo(ring: EventRing): number {
  return Math.max(dayAt(ring.newestMs - RETENTION_MS) * DAY_MS - 1, ring.excessMs);
}

/** Takes the events at or before `timeMs` into the base, before they are forgotten. */
export function absorb(
  { base, front }: EntityBeliefs,
  model: SpellModel,
  ring: EventRing,
  cut: { timeMs: number; evidenceOf: EvidenceOf },
): void {
  model.observe(base, ring, [ring.start, ring.positionAfter(cut.timeMs)], cut.evidenceOf);
  base.upToMs = cut.timeMs;
  const wholeDays = (cut.timeMs + 1) % DAY_MS === 0;
  if (!wholeDays || front.upToMs < base.upToMs) model.copy(base, front);
}

/** Writes what the events before position `end` and at or before `knownMs`, all of them labelled, say to `belief`; returns where they end. */
export function believeKnown(
  { base, front }: EntityBeliefs,
  model: SpellModel,
  ring: EventRing,
  ask: { readonly knownMs: number; readonly end: number; readonly evidenceOf: EvidenceOf; readonly belief: SpellBelief },
): number {
  const { knownMs, end, evidenceOf, belief } = ask;
  const wholeDaysMs = dayAt(knownMs) * DAY_MS - 1;
  let from = ring.start;
  if (wholeDaysMs < front.upToMs) {
    // A late event asks for what was known earlier.
    model.copy(base, belief);
  } else {
    const done = ring.positionAfter(front.upToMs);
    from = ring.positionAfter(wholeDaysMs, done);
    model.observe(front, ring, [done, from], evidenceOf);
    front.upToMs = wholeDaysMs;
    model.copy(front, belief);
  }
  const to = Math.min(end, ring.positionAfter(knownMs, from));
  model.observe(belief, ring, [from, to], evidenceOf);
  return to;
}
