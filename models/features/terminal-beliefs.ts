import { absorb, believeKnown, newBeliefs, noteChange, type EntityBeliefs } from './entity-beliefs.ts';
import type { EventRing } from './event-ring.ts';
import { DAY_MS, LABEL_DELAY_DAYS } from './feature-windows.ts';
import { logOdds } from './log-odds.ts';
import { dayAt, expectedDaysLeft, spellProbability, toEvidence, type SpellBelief, type SpellModel } from './spell-filter.ts';

/** What is noted of a payment in its terminal's ring when it arrives: odds that it is by a thief, and its amount by its payer's usual one. */
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

  /** The label of a payment in the ring has changed. */
  noteLabel(beliefs: EntityBeliefs, ring: EventRing, position: number): void {
    ring.setEvidence(FRAUD_EVIDENCE, position, ring.isFraud(position) ? this.#fraudEvidence(ring, position) : 0);
    noteChange(beliefs, this.spells, ring.timeAt(position));
  }

  absorb(beliefs: EntityBeliefs, ring: EventRing, timeMs: number): void {
    absorb(beliefs, this.spells, ring, { timeMs, evidenceOf: this.#labelledEvidence });
  }

  /** Writes `TERMINAL_BELIEF_FEATURES` for a payment at `timeMs`, behind the events before `end`; returns the probability of a compromise. */
  write(beliefs: EntityBeliefs, ring: EventRing, payment: { readonly timeMs: number; readonly end: number }, out: Float64Array): number {
    const belief = this.#belief;
    const { timeMs, end } = payment;
    const knownMs = timeMs - LABEL_DELAY_DAYS * DAY_MS;
    believeKnown(beliefs, this.spells, ring, { knownMs, evidenceOf: this.#labelledEvidence, belief });
    out[1] = logOdds(spellProbability(belief));
    const from = ring.positionAfter(knownMs);
    if (ring.fraudsBetween(from, end) > 0) this.spells.observe(belief, ring, [from, end], knownFraudEvidence);
    this.spells.pass(belief, dayAt(timeMs));
    const probability = spellProbability(belief);
    out[0] = logOdds(probability);
    out[2] = expectedDaysLeft(belief);
    return probability;
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
