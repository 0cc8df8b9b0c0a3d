import { absorb, believeKnown, newBeliefs, noteChange, type EntityBeliefs } from './entity-beliefs.ts';
import type { EventRing } from './event-ring.ts';
import { DAY_MS, EVENTS_LOOKED_AT_MAX, LABEL_DELAY_DAYS } from './feature-windows.ts';
import { logOdds } from './log-odds.ts';
import { expectedDaysLeft, spellProbability, type SpellBelief, type SpellModel } from './spell-filter.ts';

/** What is noted of a payment in its terminal's ring when it arrives: odds that it is by a thief, and its amount by its payer's usual one. */
export const TERMINAL_NOTE = { theftOdds: 0, toUsual: 1 } as const;
export const TERMINAL_NOTES = 2;

/** How often frauds happen that nothing here explains. */
const UNEXPLAINED = 1e-6;

/** Believes of terminals whether they are compromised, from the labels of their payments. */
export class TerminalBeliefModel {
  readonly spells: SpellModel;
  readonly #limitThousandths: number;
  readonly #belief: SpellBelief;

  /** `limit`: the amount, in units of money, above which a fraud says nothing about its terminal. */
  constructor(spells: SpellModel, limit: number) {
    this.spells = spells;
    this.#limitThousandths = limit * 1000;
    this.#belief = spells.newBelief();
  }

  newBeliefs(): EntityBeliefs {
    return newBeliefs(this.spells);
  }

  noteChange(beliefs: EntityBeliefs, timeMs: number): void {
    noteChange(beliefs, this.spells, timeMs);
  }

  absorb(beliefs: EntityBeliefs, ring: EventRing, timeMs: number): void {
    absorb(beliefs, this.spells, ring, { timeMs, ratioOf: this.#labelledRatio });
  }

  /** Writes `TERMINAL_BELIEF_FEATURES` for a payment at `timeMs`, behind the events before `end`; returns the probability of a compromise. */
  write(beliefs: EntityBeliefs, ring: EventRing, payment: { readonly timeMs: number; readonly end: number }, out: Float64Array): number {
    const belief = this.#belief;
    const { timeMs, end } = payment;
    const knownMs = timeMs - LABEL_DELAY_DAYS * DAY_MS;
    believeKnown(beliefs, this.spells, ring, { knownMs, ratioOf: this.#labelledRatio, belief });
    out[1] = logOdds(spellProbability(belief));
    const from = Math.max(ring.positionAfter(knownMs), end - EVENTS_LOOKED_AT_MAX);
    if (ring.fraudsBetween(from, end) > 0) this.spells.observe(belief, ring, [from, end], this.#knownFraudRatio);
    this.spells.pass(belief, timeMs);
    const probability = spellProbability(belief);
    out[0] = logOdds(probability);
    out[2] = expectedDaysLeft(belief);
    return probability;
  }

  /** Payments without a label say nothing of their terminal. */
  readonly #knownFraudRatio = (ring: EventRing, position: number): number =>
    ring.isFraud(position) ? this.#labelledRatio(ring, position) : 1;

  /** A fraud is either by a thief or because of the terminal. */
  readonly #labelledRatio = (ring: EventRing, position: number): number => {
    const share = this.spells.fraudShare;
    if (!ring.isFraud(position)) return 1 - share;
    if (ring.valueAt(position) > this.#limitThousandths) return 1;
    const theft = ring.noteAt(position, TERMINAL_NOTE.theftOdds) + UNEXPLAINED;
    return (share + (1 - share) * theft) / theft;
  };
}
