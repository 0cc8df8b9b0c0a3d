import { z } from 'zod';
import { DecisionId } from './ids.ts';
import { Instant } from './instant.ts';
import { PaymentTransaction } from './transaction.ts';
import { Text } from './text.ts';

export const Action = z.enum(['approve', 'review', 'decline']);
export type Action = z.infer<typeof Action>;

/** Why a decision came out as it did, in words that a person can check. */
export const Reason = z.strictObject({
  /** Stable machine name, e.g. `amount_above_usual`, `insufficient_funds`. */
  code: z.string().regex(/^[a-z][a-z0-9_]{1,63}$/),
  /** What kind of fact it is: the console groups and translates by it. */
  category: z.enum(['amount', 'velocity', 'terminal', 'customer', 'time', 'rule', 'ledger', 'platform']),
  /** What it did to the decision. Rules and the ledger bind the action; the model raises or lowers the score. */
  effect: z.enum(['raises', 'lowers', 'blocks', 'holds']),
  /** The fact with its comparison, e.g. `249.00, usually 61.20`. Never an identifier of a card. */
  message: Text.max(160),
  /** Contribution to the model's log-odds; null where no model was asked. */
  weight: z.number().nullable(),
  /** The rule or list that gave it, with its version: `amount_above_limit@2`, `stolen-cards`. */
  rule: z.string().max(80).optional(),
});
export type Reason = z.infer<typeof Reason>;

/** Durations in milliseconds of the stages that a transaction has been through. A stage that has not happened yet is absent. */
export const Timings = z.strictObject({
  /** From the request's arrival to its acceptance by the broker. */
  ingest: z.number().min(0).optional(),
  /** In the broker, until scoring took it up. */
  to_scoring: z.number().min(0).optional(),
  /** Features, model, rules. */
  scoring: z.number().min(0).optional(),
  /** From the decision until the ledger took it up. */
  to_ledger: z.number().min(0).optional(),
  /** Posting, up to the commit. */
  ledger: z.number().min(0).optional(),
});
export type Timings = z.infer<typeof Timings>;

/** What produced the decision, exactly enough to repeat it. */
export const Versions = z.strictObject({
  model: z.string().max(64).nullable(),
  ruleset: z.string().max(64),
  features: z.string().max(64),
  /** Of the lists and of the threshold policy, by the hash of their content. */
  lists: z.string().max(64).optional(),
  policy: z.string().max(64).optional(),
});
export type Versions = z.infer<typeof Versions>;

const decisionFields = {
  decision_id: DecisionId,
  /** Who decided: the model with its rules, the merchant's policy when there was no time for it, or a test token of the sandbox. */
  actor: z.enum(['luminous', 'policy', 'sandbox']),
  action: Action,
  /** Calibrated fraud probability times 1000, 0 (safe) to 1000. */
  score: z.int().min(0).max(1000),
  /** The calibrated probability that the score is rounded from. Absent where no model scored, as are the next two. */
  probability: z.number().min(0).max(1).optional(),
  /** What the score alone asks for: `low` approve, `elevated` review, `high` decline. */
  band: z.enum(['low', 'elevated', 'high']).optional(),
  /** The probabilities from which, for this amount, a review and a decline cost less than an approval; null: never. */
  cutoffs: z.strictObject({ review: z.number().nullable(), decline: z.number().nullable() }).optional(),
  /** Rules that could not be judged because a field that they need is missing. */
  indeterminate_rules: z.array(z.string().max(64)).max(20).optional(),
  /** At most 5, strongest first. */
  reasons: z.array(Reason).max(5),
  versions: Versions,
  /** Values of the feature set `versions.features`, in its order. */
  features: z.array(z.number()).max(256),
  /** True when a step of the ladder was skipped; `degraded_causes` says which. */
  degraded: z.boolean(),
  /** `model_fallback`: another version than the one in charge has scored. `history_too_old`: the payment lies before what is kept of its payer. */
  degraded_causes: z.array(z.enum(['model_unavailable', 'model_invalid_score', 'model_fallback', 'history_too_old', 'deadline'])).max(4),
  decided_at: Instant,
  timings_ms: Timings,
};

/** Topic `decisions.v1`: what should happen to one transaction. The ledger takes the first decision that it sees for it. */
export const Decision = z.strictObject({ ...decisionFields, transaction: PaymentTransaction });
export type Decision = z.infer<typeof Decision>;
