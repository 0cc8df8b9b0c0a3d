import type { SpellBeliefs } from './describe-beliefs.ts';
import type { EventRing } from './event-ring.ts';
import { DAY_MS } from './feature-windows.ts';
import type { ByteReader, ByteWriter } from './state-bytes.ts';

/**
 * The belief about a spell of one entity as a distribution over the days that it still lasts, today included; 0: no spell. It speaks of the
 * day of the last events that are in it, or of the day that was let pass since.
 */
export interface SpellBelief {
  readonly daysLeft: Float64Array;
  /** Days since the epoch; NaN: of no day yet. */
  day: number;
  /** All events at or before this moment are in it, where whoever keeps it says so. */
  upToMs: number;
}

/** Days that are let pass one by one. */
const PASSED_DAYS_MAX = 366;
/** Evidence of a day beyond this, in natural logarithms, counts as this much, so that products stay finite. */
const EVIDENCE_MOST = 500;
/**
 * Evidence is a logarithm of a ratio in whole parts of so many to one, so that sums of it are exact whatever their order: 400,000 events of
 * e^27 stay below 2^53.
 */
const PARTS = 2 ** 24;

/** What the events from position `from` up to, not including, `to`, all of one day, say together, as `toEvidence` has it. */
export type EvidenceOf = (ring: EventRing, from: number, to: number) => number;

/** Evidence of something that is `ratio` times likelier within a spell than outside. */
export function toEvidence(ratio: number): number {
  return Math.round(Math.log(ratio) * PARTS);
}

/** Evidence as a natural logarithm. */
export function toLogarithm(evidence: number): number {
  return evidence / PARTS;
}

/** The day of a moment, as days since the epoch. */
export function dayAt(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

/**
 * A hidden Markov model with explicit durations (Rabiner 1989, section IV.D): on every day a spell begins with probability `hazard`, its length
 * drawn from a distribution; while one lasts, the evidence of each day multiplies its odds. What it costs depends on the days with events and
 * on the longest spell, not on how many events there are.
 */
export class SpellModel {
  readonly fraudShare: number;
  /** Longest spell, in days. */
  readonly longest: number;
  readonly #hazard: number;
  /** At r: the probability that a spell of r days begins on a day. */
  readonly #begins: Float64Array;
  readonly #stationary: Float64Array;

  constructor({ hazard, length_shares, fraud_share }: SpellBeliefs) {
    this.fraudShare = fraud_share;
    this.longest = length_shares.length;
    this.#hazard = hazard;
    this.#begins = Float64Array.from([0, ...length_shares], (share) => hazard * share);
    this.#stationary = new Float64Array(this.longest + 1);
    let outside = 1;
    for (let days = this.longest, atLeast = 0; days > 0; days--) {
      atLeast = atLeast * (1 - hazard) + (this.#begins[days] as number);
      this.#stationary[days] = atLeast;
      outside -= atLeast;
    }
    this.#stationary[0] = Math.max(outside, hazard);
  }

  /** What is believed of an entity of which nothing is known. */
  newBelief(): SpellBelief {
    return { daysLeft: this.#stationary.slice(), day: NaN, upToMs: -Infinity };
  }

  copy(from: SpellBelief, to: SpellBelief): void {
    to.daysLeft.set(from.daysLeft);
    to.day = from.day;
    to.upToMs = from.upToMs;
  }

  /** Lets the days up to `day` pass. */
  pass(belief: SpellBelief, day: number): void {
    // After a year nothing is left of what was known.
    if (day - belief.day > PASSED_DAYS_MAX) belief.daysLeft.set(this.#stationary);
    else for (let passed = belief.day; passed < day; passed++) this.#passDay(belief.daysLeft);
    if (!(belief.day > day)) belief.day = day;
  }

  /** Takes the events from position `from` up to, not including, `to` into the belief, day by day. */
  observe(belief: SpellBelief, ring: EventRing, [from, to]: readonly [number, number], evidenceOf: EvidenceOf): void {
    for (let start = from; start < to;) {
      const day = dayAt(ring.timeAt(start));
      const end = Math.min(to, ring.positionAfter((day + 1) * DAY_MS - 1, start));
      this.pass(belief, day);
      const evidence = evidenceOf(ring, start, end);
      if (evidence !== 0) weigh(belief.daysLeft, evidence);
      start = end;
    }
  }

  #passDay(p: Float64Array): void {
    const begins = this.#begins;
    const stay = 1 - this.#hazard;
    const last = p.length - 1;
    p[0] = stay * ((p[0] as number) + (p[1] as number));
    for (let days = 1; days < last; days++) p[days] = stay * (p[days + 1] as number) + (begins[days] as number);
    p[last] = begins[last] as number;
  }
}

/** The probability that there is a spell. */
export function spellProbability({ daysLeft }: SpellBelief): number {
  let sum = 0;
  for (let days = 1; days < daysLeft.length; days++) sum += daysLeft[days] as number;
  return sum;
}

/** How many days it is expected to last, today included, given that there is one. */
export function expectedDaysLeft({ daysLeft }: SpellBelief): number {
  let sum = 0;
  let weighted = 0;
  for (let days = 1; days < daysLeft.length; days++) {
    sum += daysLeft[days] as number;
    weighted += days * (daysLeft[days] as number);
  }
  return sum > 0 ? weighted / sum : 0;
}

export function writeBelief(writer: ByteWriter, { daysLeft, day, upToMs }: SpellBelief): void {
  writer.f64(day);
  writer.f64(upToMs);
  for (const share of daysLeft) writer.f64(share);
}

export function readBelief(reader: ByteReader, model: SpellModel): SpellBelief {
  const belief = model.newBelief();
  belief.day = reader.f64();
  belief.upToMs = reader.f64();
  for (let days = 0; days < belief.daysLeft.length; days++) belief.daysLeft[days] = reader.f64();
  return belief;
}

/** Bayes' rule: evidence multiplies the odds of a spell. */
function weigh(p: Float64Array, evidence: number): void {
  const ratio = Math.exp(Math.max(-EVIDENCE_MOST, Math.min(EVIDENCE_MOST, toLogarithm(evidence))));
  let inside = 0;
  for (let days = 1; days < p.length; days++) inside += p[days] as number;
  const outside = p[0] as number;
  const scale = 1 / (outside + ratio * inside);
  p[0] = outside * scale;
  const factor = ratio * scale;
  for (let days = 1; days < p.length; days++) p[days] = (p[days] as number) * factor;
}
