import type { AmountEvidence, AmountModel } from './amount-model.ts';
import { absorb, believeKnown, newBeliefs, noteChange, type EntityBeliefs } from './entity-beliefs.ts';
import type { EventRing } from './event-ring.ts';
import { DAY_MS, EVENTS_LOOKED_AT_MAX, LABEL_DELAY_DAYS } from './feature-windows.ts';
import { expectedDaysLeft, spellProbability, type SpellBelief, type SpellModel } from './spell-filter.ts';
import { logOdds } from './log-odds.ts';

/** What is noted of a payment in its payer's ring when it arrives. */
export const CUSTOMER_NOTE = { likelihood: 0, expected: 1, deviation: 2, terminalCompromise: 3 } as const;
export const CUSTOMER_NOTES = 4;

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

  constructor(amounts: AmountModel, spells: SpellModel) {
    this.#amounts = amounts;
    this.#spells = spells;
    this.#belief = spells.newBelief();
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

  /** Takes in the amount that `weigh` looked at last. */
  learn({ shares }: CustomerBeliefs): void {
    this.#amounts.learn(shares);
  }

  noteChange({ spells }: CustomerBeliefs, timeMs: number): void {
    noteChange(spells, this.#spells, timeMs);
  }

  absorb({ spells }: CustomerBeliefs, ring: EventRing, timeMs: number): void {
    absorb(spells, this.#spells, ring, { timeMs, ratioOf: this.#labelledRatio });
  }

  /** Writes `AMOUNT_BELIEF_FEATURES` and `CUSTOMER_BELIEF_FEATURES`; returns the odds that the payment is by a thief. */
  write(beliefs: CustomerBeliefs, ring: EventRing, payment: BelievedPayment & { evidence: AmountEvidence }, out: Float64Array): number {
    const belief = this.#belief;
    const { timeMs, amount, end, evidence } = payment;
    const knownMs = timeMs - LABEL_DELAY_DAYS * DAY_MS;
    believeKnown(beliefs.spells, this.#spells, ring, { knownMs, ratioOf: this.#labelledRatio, belief });
    const knownProbability = spellProbability(belief);
    const from = Math.max(ring.positionAfter(knownMs), end - EVENTS_LOOKED_AT_MAX);
    this.#spells.observe(belief, ring, [from, end], this.#anyRatio);
    this.#spells.pass(belief, timeMs);
    const spell = spellProbability(belief);
    const theft = spell * this.#spells.fraudShare;
    const odds = (theft * evidence.likelihood) / (1 - theft);
    out[0] = evidence.expected;
    out[1] = evidence.expected > 0 ? amount / evidence.expected : 1;
    out[2] = evidence.expected > 0 ? evidence.deviation / evidence.expected : 0;
    out[3] = Math.log(evidence.likelihood);
    out[4] = logOdds(odds / (1 + odds));
    out[5] = logOdds(spell);
    out[6] = logOdds(knownProbability);
    out[7] = expectedDaysLeft(belief);
    this.#writeUnlabelled(ring, from, end, out);
    return odds;
  }

  #writeUnlabelled(ring: EventRing, from: number, end: number, out: Float64Array): void {
    let evidence = 0;
    let peak = LIKELIHOOD_LOG_LEAST;
    let count = 0;
    for (let position = from; position < end; position++) {
      if (ring.isFraud(position)) continue;
      count++;
      evidence += Math.log(this.#unlabelledRatio(ring, position));
      peak = Math.max(peak, Math.log(ring.noteAt(position, CUSTOMER_NOTE.likelihood)));
    }
    out[8] = evidence;
    out[9] = peak;
    out[10] = count;
  }

  readonly #anyRatio = (ring: EventRing, position: number): number =>
    ring.isFraud(position) ? this.#fraudRatio(ring, position) : this.#unlabelledRatio(ring, position);

  readonly #labelledRatio = (ring: EventRing, position: number): number =>
    ring.isFraud(position) ? this.#fraudRatio(ring, position) : 1 - this.#spells.fraudShare;

  /** A fraud is either by a thief or because of its terminal. */
  #fraudRatio(ring: EventRing, position: number): number {
    const share = this.#spells.fraudShare;
    const likelihood = ring.noteAt(position, CUSTOMER_NOTE.likelihood);
    if (this.#isOverLimit(ring, position)) return 1 - share + share * likelihood;
    const otherwise = ring.noteAt(position, CUSTOMER_NOTE.terminalCompromise) + UNEXPLAINED;
    return (share * likelihood + (1 - share) * otherwise) / otherwise;
  }

  #unlabelledRatio(ring: EventRing, position: number): number {
    const share = this.#spells.fraudShare;
    const ratio = 1 - share + share * ring.noteAt(position, CUSTOMER_NOTE.likelihood);
    return ratio < 1 && this.#isOverLimit(ring, position) ? 1 : ratio;
  }

  #isOverLimit(ring: EventRing, position: number): boolean {
    return ring.valueAt(position) > this.#amounts.limit * 1000;
  }
}
