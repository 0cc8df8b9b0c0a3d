import type { AmountEvidence, AmountModel } from './amount-model.ts';
import { absorb, believeKnown, newBeliefs, noteChange, type EntityBeliefs } from './entity-beliefs.ts';
import type { EventRing } from './event-ring.ts';
import { DAY_MS, EVENTS_LOOKED_AT_MAX, LABEL_DELAY_DAYS } from './feature-windows.ts';
import { dayAt, expectedDaysLeft, spellProbability, toEvidence, toLogarithm, type SpellBelief, type SpellModel } from './spell-filter.ts';
import { logOdds } from './log-odds.ts';

/** What is noted of a payment in its payer's ring when it arrives, the last again when its label comes. */
export const CUSTOMER_NOTE = { likelihood: 0, expected: 1, deviation: 2, terminalCompromise: 3 } as const;

/** What a payment in a payer's ring is evidence by: as a known fraud, 0 while it is not known as one, or else by its amount. */
const EVIDENCE = { fraud: 0, amount: 1 } as const;
export const CUSTOMER_RING = { notes: 4, evidence: 2 } as const;

/** How often frauds happen that nothing here explains. */
const UNEXPLAINED = 1e-6;
const LIKELIHOOD_LOG_LEAST = -6;

/** The beliefs about one payer. */
export interface CustomerBeliefs {
  /** Shares of the mean amounts that they may have. */
  readonly shares: Float64Array;
  readonly spells: EntityBeliefs;
}

/** A payment as the beliefs see it: the events before `end` came before it. */
export interface BelievedPayment {
  readonly timeMs: number;
  readonly amount: number;
  readonly end: number;
}

/** Believes of payers whether their card is stolen, from labels, and from amounts where there are none yet. */
export class CustomerBeliefModel {
  readonly #amounts: AmountModel;
  readonly #spells: SpellModel;
  readonly #belief: SpellBelief;
  /** How likely the payment that was written last is by a thief, its amount aside. */
  #theft = 0;
  /** Of one genuine payment. */
  readonly #genuineEvidence: number;

  constructor(amounts: AmountModel, spells: SpellModel) {
    this.#amounts = amounts;
    this.#spells = spells;
    this.#belief = spells.newBelief();
    this.#genuineEvidence = toEvidence(1 - spells.fraudShare);
  }

  newBeliefs(): CustomerBeliefs {
    return { shares: this.#amounts.newShares(), spells: newBeliefs(this.#spells) };
  }

  get spells(): SpellModel {
    return this.#spells;
  }

  weigh({ shares }: CustomerBeliefs, amount: number, evidence: AmountEvidence): void {
    this.#amounts.weigh(shares, amount, evidence);
  }

  /** Takes in the amount that `weigh` looked at last, as far as `write` has just found it to be the payer's. */
  learn({ shares }: CustomerBeliefs): void {
    this.#amounts.learn(shares, this.#theft);
  }

  /** Of a payment that has just come, what it is evidence by. `thousandths`: its amount. */
  newEvidence(likelihood: number, thousandths: number): readonly number[] {
    return [0, this.#amountEvidence(likelihood, thousandths)];
  }

  /** A payment is new in the ring. */
  noteEvent({ spells }: CustomerBeliefs, timeMs: number): void {
    noteChange(spells, this.#spells, timeMs);
  }

  /**
   * The label of a payment in the ring has changed. `compromise`: of its terminal at its time, by what is known now; undefined: as when it
   * came.
   */
  noteLabel({ spells }: CustomerBeliefs, ring: EventRing, position: number, compromise: number | undefined): void {
    if (compromise !== undefined) ring.setNote(position, CUSTOMER_NOTE.terminalCompromise, compromise);
    const fraud = ring.isFraud(position);
    const likelihood = ring.noteAt(position, CUSTOMER_NOTE.likelihood);
    ring.setEvidence(EVIDENCE.fraud, position, fraud ? this.#fraudEvidence(ring, position) : 0);
    ring.setEvidence(EVIDENCE.amount, position, fraud ? 0 : this.#amountEvidence(likelihood, ring.valueAt(position)));
    noteChange(spells, this.#spells, ring.timeAt(position));
  }

  absorb({ spells }: CustomerBeliefs, ring: EventRing, timeMs: number): void {
    absorb(spells, this.#spells, ring, { timeMs, evidenceOf: this.#labelledEvidence });
  }

  /** Writes `AMOUNT_BELIEF_FEATURES` and `CUSTOMER_BELIEF_FEATURES`; returns the odds that the payment is by a thief. */
  write(beliefs: CustomerBeliefs, ring: EventRing, payment: BelievedPayment & { evidence: AmountEvidence }, out: Float64Array): number {
    const belief = this.#belief;
    const { timeMs, amount, end, evidence } = payment;
    const { from, known } = this.#believe(beliefs, ring, { timeMs, end, knownMs: timeMs - LABEL_DELAY_DAYS * DAY_MS });
    const spell = spellProbability(belief);
    const odds = this.#theftOdds(spell, evidence.likelihood);
    this.#theft = spell * this.#spells.fraudShare;
    out[0] = evidence.expected;
    out[1] = evidence.expected > 0 ? amount / evidence.expected : 1;
    out[2] = evidence.expected > 0 ? evidence.deviation / evidence.expected : 0;
    out[3] = Math.log(evidence.likelihood);
    out[4] = logOdds(odds / (1 + odds));
    out[5] = logOdds(spell);
    out[6] = logOdds(known);
    out[7] = expectedDaysLeft(belief);
    out[8] = toLogarithm(ring.evidenceBetween(EVIDENCE.amount, from, end));
    out[9] = peakBetween(ring, Math.max(from, end - EVENTS_LOOKED_AT_MAX), end);
    out[10] = end - from - ring.fraudsBetween(from, end);
    return odds;
  }

  /** The odds that the payment at `position` was by a thief, by the labels known at `nowMs`. */
  theftOddsAt(beliefs: CustomerBeliefs, ring: EventRing, position: number, nowMs: number): number {
    const timeMs = ring.timeAt(position);
    this.#believe(beliefs, ring, { timeMs, end: position, knownMs: Math.min(timeMs, nowMs - LABEL_DELAY_DAYS * DAY_MS) });
    return this.#theftOdds(spellProbability(this.#belief), ring.noteAt(position, CUSTOMER_NOTE.likelihood));
  }

  /**
   * Leaves the belief at the time of a payment, behind the events before `end`. Returns the probability at the last event with a known label,
   * and where the others begin.
   */
  #believe(
    { spells }: CustomerBeliefs,
    ring: EventRing,
    { timeMs, end, knownMs }: { readonly timeMs: number; readonly end: number; readonly knownMs: number },
  ): { from: number; known: number } {
    const belief = this.#belief;
    const from = believeKnown(spells, this.#spells, ring, { knownMs, end, evidenceOf: this.#labelledEvidence, belief });
    const known = spellProbability(belief);
    this.#spells.observe(belief, ring, [from, end], recentEvidence);
    this.#spells.pass(belief, dayAt(timeMs));
    return { from, known };
  }

  #theftOdds(spell: number, likelihood: number): number {
    const theft = spell * this.#spells.fraudShare;
    return (theft * likelihood) / (1 - theft);
  }

  readonly #labelledEvidence = (ring: EventRing, from: number, to: number): number => {
    const genuine = to - from - ring.fraudsBetween(from, to);
    return ring.evidenceBetween(EVIDENCE.fraud, from, to) + genuine * this.#genuineEvidence;
  };

  /** A fraud is either by a thief or because of its terminal. */
  #fraudEvidence(ring: EventRing, position: number): number {
    const share = this.#spells.fraudShare;
    const likelihood = ring.noteAt(position, CUSTOMER_NOTE.likelihood);
    if (this.#isOverLimit(ring.valueAt(position))) return toEvidence(1 - share + share * likelihood);
    const otherwise = ring.noteAt(position, CUSTOMER_NOTE.terminalCompromise) + UNEXPLAINED;
    return toEvidence((share * likelihood + (1 - share) * otherwise) / otherwise);
  }

  #amountEvidence(likelihood: number, thousandths: number): number {
    const share = this.#spells.fraudShare;
    const ratio = 1 - share + share * likelihood;
    return ratio < 1 && this.#isOverLimit(thousandths) ? 0 : toEvidence(ratio);
  }

  #isOverLimit(thousandths: number): boolean {
    return thousandths > this.#amounts.limit * 1000;
  }
}

/** Payments without a label speak by their amounts. */
function recentEvidence(ring: EventRing, from: number, to: number): number {
  return ring.evidenceBetween(EVIDENCE.fraud, from, to) + ring.evidenceBetween(EVIDENCE.amount, from, to);
}

/** Logarithm of the largest likelihood of theft of the payments that are not known as fraud. */
function peakBetween(ring: EventRing, from: number, to: number): number {
  let peak = 0;
  for (let position = from; position < to; position++) {
    const likelihood = ring.noteAt(position, CUSTOMER_NOTE.likelihood);
    if (likelihood > peak && !ring.isFraud(position)) peak = likelihood;
  }
  return Math.max(LIKELIHOOD_LOG_LEAST, Math.log(peak));
}
