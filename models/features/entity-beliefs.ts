import type { EventRing } from './event-ring.ts';
import type { LikelihoodRatio, SpellBelief, SpellModel } from './spell-filter.ts';

/**
 * The belief about one entity, kept so that it is always what filtering its events in the order of their times gives, however they arrived:
 * `base` holds the events that are forgotten, `front` those whose labels are known as well. `front` is only a short cut; whenever something
 * changes behind it, it is made again from `base` by the same arithmetic, to the same bits.
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

/** Takes the events at or before `timeMs` into the base, before they are forgotten. */
export function absorb(
  beliefs: EntityBeliefs,
  model: SpellModel,
  ring: EventRing,
  cut: { timeMs: number; ratioOf: LikelihoodRatio },
): void {
  if (ring.oldestMs > cut.timeMs) return;
  model.observe(beliefs.base, ring, [ring.start, ring.positionAfter(cut.timeMs)], cut.ratioOf);
  if (beliefs.front.upToMs < beliefs.base.upToMs) model.copy(beliefs.base, beliefs.front);
}

/** Writes what the events at or before `knownMs`, all of them labelled, say to `belief`. */
export function believeKnown(
  beliefs: EntityBeliefs,
  model: SpellModel,
  ring: EventRing,
  ask: { readonly knownMs: number; readonly ratioOf: LikelihoodRatio; readonly belief: SpellBelief },
): void {
  const { base, front } = beliefs;
  const { knownMs, ratioOf, belief } = ask;
  const to = ring.positionAfter(knownMs);
  if (knownMs < front.upToMs) {
    // A late event asks for what was known earlier.
    model.copy(base, belief);
    model.observe(belief, ring, [ring.start, to], ratioOf);
    return;
  }
  model.observe(front, ring, [Math.max(ring.start, ring.positionAfter(front.upToMs)), to], ratioOf);
  model.copy(front, belief);
}
