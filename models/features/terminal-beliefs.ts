import { absorb, believeKnown, newBeliefs, noteChange, type EntityBeliefs } from './entity-beliefs.ts';
import type { EventRing } from './event-ring.ts';
import { DAY_MS, LABEL_DELAY_DAYS } from './feature-windows.ts';
import { logOdds } from './log-odds.ts';
import { dayAt, expectedDaysLeft, spellProbability, toEvidence, type SpellBelief, type SpellModel } from './spell-filter.ts';

/**
 * What is noted of a payment in its terminal's ring when it arrives, the first again when its label comes: odds that it is by a thief, and
 * its amount by its payer's usual one.
 */
export const TERMINAL_NOTE = { theftOdds: 0, toUsual: 1 } as const;

/** What a payment in a terminal's ring is evidence by: as a known fraud; 0 while it is not known as one. */
const FRAUD_EVIDENCE = 0;
export const TERMINAL_RING = { notes: 2, evidence: 1 } as const;
/** Of a payment that has just come. */
export const NO_FRAUD_YET: readonly number[] = [0];

/** How often frauds happen that nothing here explains. */
const UNEXPLAINED = 1e-6;

/** Believes of terminals whether they are compromised, from the labels of their payments. */
export class TerminalBeliefModel {
  readonly spells: SpellModel;
  readonly #limitThousandths: number;
  readonly #belief: SpellBelief;
  /** Of one genuine payment. */
  readonly #genuineEvidence: number;

  /** `limit`: the amount, in units of money, above which a fraud says nothing about its terminal. */
  constructor(spells: SpellModel, limit: number) {
    this.spells = spells;
    this.#limitThousandths = limit * 1000;
    this.#belief = spells.newBelief();
    this.#genuineEvidence = toEvidence(1 - spells.fraudShare);
  }

  newBeliefs(): EntityBeliefs {
    return newBeliefs(this.spells);
  }

  /** A payment is new in the ring. */
  noteEvent(beliefs: EntityBeliefs, timeMs: number): void {
    noteChange(beliefs, this.spells, timeMs);
  }

  /** The label of a payment in the ring has changed. `theftOdds`: that it was by a thief, by what is known now; undefined: as when it came. */
  noteLabel(beliefs: EntityBeliefs, ring: EventRing, position: number, theftOdds: number | undefined): void {
    if (theftOdds !== undefined) ring.setNote(position, TERMINAL_NOTE.theftOdds, theftOdds);
    ring.setEvidence(FRAUD_EVIDENCE, position, ring.isFraud(position) ? this.#fraudEvidence(ring, position) : 0);
    noteChange(beliefs, this.spells, ring.timeAt(position));
  }

  absorb(beliefs: EntityBeliefs, ring: EventRing, timeMs: number): void {
    absorb(beliefs, this.spells, ring, { timeMs, evidenceOf: this.#labelledEvidence });
  }

  /** Writes `TERMINAL_BELIEF_FEATURES` for a payment at `timeMs`, behind the events before `end`; returns the probability of a compromise. */
  write(beliefs: EntityBeliefs, ring: EventRing, payment: { readonly timeMs: number; readonly end: number }, out: Float64Array): number {
    const known = this.#believe(beliefs, ring, { ...payment, knownMs: payment.timeMs - LABEL_DELAY_DAYS * DAY_MS });
    const probability = spellProbability(this.#belief);
    out[0] = logOdds(probability);
    out[1] = logOdds(known);
    out[2] = expectedDaysLeft(this.#belief);
    return probability;
  }

  /** The probability that it was compromised when the payment at `end` came, by the labels known at `nowMs`. */
  compromiseAt(beliefs: EntityBeliefs, ring: EventRing, payment: { readonly timeMs: number; readonly end: number }, nowMs: number): number {
    this.#believe(beliefs, ring, { ...payment, knownMs: Math.min(payment.timeMs, nowMs - LABEL_DELAY_DAYS * DAY_MS) });
    return spellProbability(this.#belief);
  }

  /** Leaves the belief at the time of a payment, behind the events before `end`; returns the probability at the last event with a known label. */
  #believe(
    beliefs: EntityBeliefs,
    ring: EventRing,
    { timeMs, end, knownMs }: { readonly timeMs: number; readonly end: number; readonly knownMs: number },
  ): number {
    const belief = this.#belief;
    const from = believeKnown(beliefs, this.spells, ring, { knownMs, end, evidenceOf: this.#labelledEvidence, belief });
    const known = spellProbability(belief);
    if (ring.fraudsBetween(from, end) > 0) this.spells.observe(belief, ring, [from, end], knownFraudEvidence);
    this.spells.pass(belief, dayAt(timeMs));
    return known;
  }

  readonly #labelledEvidence = (ring: EventRing, from: number, to: number): number => {
    const genuine = to - from - ring.fraudsBetween(from, to);
    return ring.evidenceBetween(FRAUD_EVIDENCE, from, to) + genuine * this.#genuineEvidence;
  };

  /** A fraud is either by a thief or because of the terminal. */
  #fraudEvidence(ring: EventRing, position: number): number {
    if (ring.valueAt(position) > this.#limitThousandths) return 0;
    const share = this.spells.fraudShare;
    const theft = ring.noteAt(position, TERMINAL_NOTE.theftOdds) + UNEXPLAINED;
    return toEvidence((share + (1 - share) * theft) / theft);
  }
}

/** Payments without a label say nothing of their terminal. */
function knownFraudEvidence(ring: EventRing, from: number, to: number): number {
  return ring.evidenceBetween(FRAUD_EVIDENCE, from, to);
}
