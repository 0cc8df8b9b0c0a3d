import type { SpellBeliefs } from './describe-beliefs.ts';
import type { EventRing } from './event-ring.ts';
import { DAY_MS } from './feature-windows.ts';
import type { ByteReader, ByteWriter } from './state-bytes.ts';

/**
 * The belief about a spell of one entity as a distribution over the days that it still lasts, today included; 0: no spell. It speaks of a day,
 * and of the events up to a moment.
 */
export interface SpellBelief {
  readonly daysLeft: Float64Array;
  /** Days since the epoch; NaN: of no day yet. */
  day: number;
  /** All events at or before this moment are in it. */
  upToMs: number;
}

/** Days that are let pass one by one. */
const PASSED_DAYS_MAX = 366;

/** How many times likelier an event is within a spell than outside. `position` is one of the ring. */
export type LikelihoodRatio = (ring: EventRing, position: number) => number;

/**
 * A hidden Markov model with explicit durations (Rabiner 1989, section IV.D): on every day a spell begins with probability `hazard`, its length
 * drawn from a distribution; while one lasts, evidence of each event multiplies its odds.
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

  /** Lets the days up to that of `timeMs` pass. */
  pass(belief: SpellBelief, timeMs: number): void {
    const day = Math.floor(timeMs / DAY_MS);
    // After a year nothing is left of what was known.
    if (day - belief.day > PASSED_DAYS_MAX) belief.daysLeft.set(this.#stationary);
    else for (let passed = belief.day; passed < day; passed++) this.#passDay(belief.daysLeft);
    if (!(belief.day > day)) belief.day = day;
  }

  /** Takes the events from position `from` up to, not including, `to` into the belief. */
  observe(belief: SpellBelief, ring: EventRing, [from, to]: readonly [number, number], ratioOf: LikelihoodRatio): void {
    for (let position = from; position < to; position++) {
      const timeMs = ring.timeAt(position);
      this.pass(belief, timeMs);
      const ratio = ratioOf(ring, position);
      if (ratio !== 1) weigh(belief.daysLeft, ratio);
      belief.upToMs = timeMs;
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

/** Bayes' rule: the odds of a spell become `ratio` times what they were. */
function weigh(p: Float64Array, ratio: number): void {
  let inside = 0;
  for (let days = 1; days < p.length; days++) inside += p[days] as number;
  const outside = p[0] as number;
  const scale = 1 / (outside + ratio * inside);
  p[0] = outside * scale;
  for (let days = 1; days < p.length; days++) p[days] = (p[days] as number) * ratio * scale;
}
