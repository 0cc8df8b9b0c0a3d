import { z } from 'zod';

const Share = z.number().min(0).max(1);
/** Lengths of spells that can be told apart, in days. */
export const SPELL_DAYS_MAX = 120;

/** How spells of one kind come and go. */
const Spells = z.strictObject({
  /** Probability that one begins on a day. */
  hazard: z.number().gt(0).max(0.5),
  /** At index i the share of spells that last i + 1 days: a spread, not one value. Sums up to 1. */
  length_shares: z.array(Share).min(1).max(SPELL_DAYS_MAX),
  /** Share of the payments within a spell that are fraud because of it. */
  fraud_share: z.number().gt(0).lt(1),
});
export type SpellBeliefs = z.infer<typeof Spells>;

/**
 * What the belief features take for known, estimated from labels and stored with a model version: how amounts spread around a payer's mean
 * and how far a thief departs from it, and the spells in which terminals are compromised and cards stolen.
 */
export const BeliefParameters = z.strictObject({
  amounts: z.strictObject({
    /** Above this, in units of money, no genuine payment has been seen: what is above says nothing about spells. */
    limit: z.number().positive(),
    /** Mean amounts of payers: `first` x exp(step x i), with the share of payers at each. */
    first_mean: z.number().positive(),
    step: z.number().positive(),
    mean_shares: z.array(Share).min(2).max(256),
    /** Density of ln(amount / mean) at `first_log_ratio` + `log_ratio_step` x i; `log_ratio_step` divides `step`. */
    first_log_ratio: z.number(),
    steps_a_mean: z.int().min(1).max(64),
    density: z.array(z.number().positive()).min(2).max(4096),
    /** What a thief multiplies amounts by. */
    theft_factor: z.number().gt(1),
    /** Share of all payments that are by a thief. */
    theft_share: z.number().gt(0).lt(1),
  }),
  terminal_spells: Spells,
  customer_spells: Spells,
});
export type BeliefParameters = z.infer<typeof BeliefParameters>;
