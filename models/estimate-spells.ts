import { SPELL_DAYS_MAX, type SpellBeliefs } from './features/describe-beliefs.ts';

/** A labelled payment of an entity, as evidence of a spell. */
export interface SpellEvidence {
  /** Days since the first day of the data. */
  readonly day: number;
  /** 0 for a genuine payment; for a fraud, how many times likelier it is because of a spell than for any other reason. */
  readonly weight: number;
}

/** What was estimated, and for every entity the probability of a spell by day, all labels considered. */
export interface EstimatedSpells {
  readonly spells: SpellBeliefs;
  readonly probability: readonly Float64Array[];
}

const ROUNDS = 40;
const FIRST_HAZARD = 1e-4;
const FIRST_FRAUD_SHARE = 0.5;
const FRAUD_SHARE_LEAST = 0.02;
const FRAUD_SHARE_MOST = 0.99;
/** Evidence of one day is kept within these odds, so that products stay finite. */
const RATIO_MOST = 1e12;
/** Weight of the wide prior over lengths, in spells, and of what every length lends its neighbours. */
const PRIOR_SPELLS = 0.5;
const LENT_SHARE = 0.03;
/** Lengths that together have a smaller share than this are cut off at the long end. */
const TAIL_SHARE = 0.002;

/** Sums of one round over all entities. */
interface Expected {
  readonly begins: Float64Array;
  spellPayments: number;
  spellFrauds: number;
}

/**
 * Estimates how often spells begin, how their lengths are spread and what share of the payments in them is fraud, by expectation maximisation
 * in a hidden Markov model with explicit durations (Rabiner 1989, section IV.D) over `days` days. `entities` are those with a suspicious
 * fraud; `entityCount` is how many there are with those that have none, of which no spell is assumed.
 */
export function estimateSpells(entities: readonly (readonly SpellEvidence[])[], entityCount: number, days: number): EstimatedSpells {
  const longest = Math.min(SPELL_DAYS_MAX, days);
  let spells: SpellBeliefs = {
    hazard: FIRST_HAZARD,
    length_shares: new Array<number>(longest).fill(1 / longest),
    fraud_share: FIRST_FRAUD_SHARE,
  };
  const probability = entities.map(() => new Float64Array(days));
  const pass = new SpellPass(longest, days);
  for (let round = 0; round < ROUNDS; round++) {
    const expected: Expected = { begins: new Float64Array(longest + 1), spellPayments: 0, spellFrauds: 0 };
    entities.forEach((events, index) => pass.run(spells, events, expected, probability[index] ?? new Float64Array(days)));
    spells = maximise(expected, entityCount * days);
  }
  return { spells: { ...spells, length_shares: spreadLengths(spells.length_shares) }, probability };
}

function maximise(expected: Expected, entityDays: number): SpellBeliefs {
  const begins = expected.begins.subarray(1);
  const sum = begins.reduce((total, count) => total + count, 0);
  const prior = PRIOR_SPELLS / begins.length;
  return {
    hazard: Math.max(1e-9, Math.min(0.5, (sum + 1e-6) / entityDays)),
    length_shares: Array.from(begins, (count) => (count + prior) / (sum + PRIOR_SPELLS)),
    fraud_share: Math.min(FRAUD_SHARE_MOST, Math.max(FRAUD_SHARE_LEAST, expected.spellFrauds / Math.max(expected.spellPayments, 1e-9))),
  };
}

/** Lengths differ a little from what was seen: each lends some of its share to its neighbours. The long end without weight is cut off. */
function spreadLengths(shares: readonly number[]): number[] {
  const at = (index: number) => shares[Math.min(shares.length - 1, Math.max(0, index))] ?? 0;
  const lent = shares.map(
    (share, index) => (1 - LENT_SHARE) * share + (LENT_SHARE / 4) * (at(index - 2) + at(index - 1) + at(index + 1) + at(index + 2)),
  );
  let kept = lent.length;
  for (let tail = 0; kept > 1 && (tail += lent[kept - 1] ?? 0) < TAIL_SHARE;) kept--;
  const sum = lent.slice(0, kept).reduce((total, share) => total + share, 0);
  return lent.slice(0, kept).map((share) => share / sum);
}

/** The forward and backward passes over one entity at a time, in memory that is reserved once. */
class SpellPass {
  readonly #longest: number;
  readonly #days: number;
  readonly #forward: Float64Array[];
  readonly #ratios: Float64Array;

  constructor(longest: number, days: number) {
    this.#longest = longest;
    this.#days = days;
    this.#forward = Array.from({ length: days + 1 }, () => new Float64Array(longest + 1));
    this.#ratios = new Float64Array(days);
  }

  run(spells: SpellBeliefs, events: readonly SpellEvidence[], expected: Expected, probability: Float64Array): void {
    const share = spells.fraud_share;
    this.#ratios.fill(1);
    for (const { day, weight } of events) {
      const ratio = (this.#ratios[day] ?? 1) * (1 - share + share * weight);
      this.#ratios[day] = Math.min(RATIO_MOST, Math.max(1 / RATIO_MOST, ratio));
    }
    this.#goForward(spells);
    this.#goBackward(spells, expected.begins, probability);
    for (const { day, weight } of events) {
      const inside = probability[day] ?? 0;
      expected.spellPayments += inside;
      if (weight > 0) expected.spellFrauds += (inside * share * weight) / (1 - share + share * weight);
    }
  }

  /** Row d + 1 holds the distribution over the days left after the evidence of day d; row 0 that before the first day. */
  #goForward({ hazard, length_shares: lengths }: SpellBeliefs): void {
    const first = this.#forward[0] as Float64Array;
    first.fill(0);
    for (let left = this.#longest, atLeast = 0; left > 0; left--) {
      atLeast = atLeast * (1 - hazard) + hazard * (lengths[left - 1] ?? 0);
      first[left] = atLeast;
    }
    first[0] = Math.max(hazard, 1 - first.reduce((sum, share) => sum + share, 0));
    for (let day = 0; day < this.#days; day++) {
      const before = this.#forward[day] as Float64Array;
      const after = this.#forward[day + 1] as Float64Array;
      const ratio = this.#ratios[day] as number;
      after[0] = (1 - hazard) * ((before[0] as number) + (before[1] as number));
      let sum = after[0];
      for (let left = 1; left <= this.#longest; left++) {
        const shifted = left < this.#longest ? (before[left + 1] as number) : 0;
        const value = ratio * ((1 - hazard) * shifted + hazard * (lengths[left - 1] as number));
        after[left] = value;
        sum += value;
      }
      for (let left = 0; left <= this.#longest; left++) after[left] = (after[left] as number) / sum;
    }
  }

  /** `ahead[left]`: how likely the evidence after a day is, given the days left on it, but for a factor that is the same for all. */
  #goBackward({ hazard, length_shares: lengths }: SpellBeliefs, begins: Float64Array, probability: Float64Array): void {
    let ahead = new Float64Array(this.#longest + 1).fill(1);
    let next = new Float64Array(this.#longest + 1);
    for (let day = this.#days - 1; day >= 0; day--) {
      const after = this.#forward[day + 1] as Float64Array;
      const before = this.#forward[day] as Float64Array;
      const ratio = this.#ratios[day] as number;
      let total = 0;
      for (let left = 0; left <= this.#longest; left++) total += (after[left] as number) * (ahead[left] as number);
      probability[day] = 1 - ((after[0] as number) * (ahead[0] as number)) / total;
      let beginning = 0;
      for (let left = 1; left <= this.#longest; left++) beginning += ratio * (lengths[left - 1] as number) * (ahead[left] as number);
      let all = 0;
      for (let left = 0; left <= this.#longest; left++) {
        const to = left > 0 ? left - 1 : 0;
        const going = (1 - hazard) * (to > 0 ? ratio : 1) * (ahead[to] as number);
        const value = going + hazard * beginning;
        next[left] = value;
        all += (before[left] as number) * value;
      }
      for (let left = 1; left <= this.#longest; left++) {
        begins[left] = (begins[left] as number) + (hazard * (lengths[left - 1] as number) * ratio * (ahead[left] as number)) / all;
      }
      for (let left = 0; left <= this.#longest; left++) next[left] = (next[left] as number) / all;
      [ahead, next] = [next, ahead];
    }
  }
}
