import { z } from 'zod';
import { EntityList, ThresholdPolicy } from './control.ts';
import { Instant } from './instant.ts';
import { Rule, Ruleset } from './ruleset.ts';
import { PaymentTransaction } from './transaction.ts';

/** Every error that scoring's API answers with: its HTTP status and a title. `/problems/<code>` is the type. */
export const SCORING_PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not JSON' },
  invalid_field: { status: 400, title: 'A field does not fit' },
  unsupported_media_type: { status: 415, title: 'The content type is not taken here' },
  body_too_large: { status: 413, title: 'The body is too large' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  ruleset_refused: { status: 422, title: 'The rules do not check' },
  version_refused: { status: 422, title: 'The model version must not score' },
  version_needs_restart: { status: 409, title: 'The model version reads another feature state than the running one' },
  unavailable: { status: 503, title: 'A part that is needed is away; repeat the request' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ScoringProblemCode = keyof typeof SCORING_PROBLEMS;

/** RFC 9457 problem details. */
export const ScoringProblem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(SCORING_PROBLEMS) as [ScoringProblemCode, ...ScoringProblemCode[]]),
  /** What to do about it. */
  detail: z.string(),
  request_id: z.string(),
  /** Where it is, as JSON pointers (RFC 6901), with what is wrong there. */
  errors: z
    .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
    .max(50)
    .optional(),
});
export type ScoringProblem = z.infer<typeof ScoringProblem>;

const By = z.string().min(1).max(64);
const VersionName = z.string().regex(/^[a-z]+-\d+$/, 'a name such as luminous-2');

/** Bodies of `PUT /v1/control/...`: what shall hold from now on, and who says so. */
export const PutModel = z.strictObject({ version: VersionName, by: By });
export const PutChallengers = z.strictObject({ versions: z.array(VersionName).max(4), by: By });
export const PutRuleset = z.strictObject({ ruleset: Ruleset, by: By });
export const PutList = z.strictObject({ list: EntityList.nullable(), by: By });
export const PutThresholds = z.strictObject({ policy: ThresholdPolicy, by: By });
/** Body of `POST /v1/rulesets/check`: is tried and not published. */
export const CheckRuleset = z.strictObject({ ruleset: Ruleset });
/** Body of `POST /v1/previews`, which is answered with the decision that this payment would get now; nothing is learned of it. */
export const PreviewRequest = z.strictObject({ transaction: PaymentTransaction });

const Score = z.int().min(0).max(1_001);

/** Answer of `GET /v1/model`, as far as consoles read it: the model that scores; nulls where rules alone decide. */
export const ActiveModel = z.looseObject({
  model: z.string().nullable(),
  hash: z.string().nullable(),
  fallback: z.string().nullable(),
  challengers: z.array(z.string()),
  /** Scores from which a payment of `typical_amount` (units of the currency) is held, and declined; 1001 where none is. */
  thresholds: z.object({ review: Score, decline: Score }).nullable(),
  typical_amount: z.number(),
  /** On the version's own test week. */
  metrics: z.looseObject({ auc: z.number(), average_precision: z.number(), calibration_error: z.number() }).nullable(),
});
export type ActiveModel = z.infer<typeof ActiveModel>;

/** Answer of `GET /v1/rules`. */
export const ActiveRules = z.looseObject({ version: z.string(), name: z.string(), rules: z.array(Rule) });
export type ActiveRules = z.infer<typeof ActiveRules>;

/** Answer of `GET /v1/lists`, by name. */
export const ActiveLists = z.strictObject({ version: z.string(), lists: z.record(z.string(), EntityList) });
export type ActiveLists = z.infer<typeof ActiveLists>;

/** Answer of `GET /v1/features`, as far as consoles read it: what each number of the feature vector means, in its order. */
export const FeatureCatalogue = z.looseObject({
  /** What a decision's `versions.features` begins with, up to a `+`, where its values are of this set. */
  feature_set: z.string(),
  features: z.array(
    z.looseObject({
      name: z.string(),
      entity: z.enum(['transaction', 'customer', 'terminal']),
      /** `major`: units of money, not cents. `share`: 0 to 1. `flag`: 0 or 1. `ratio`: one amount by another. `log_odds`: natural logarithm. */
      unit: z.enum(['major', 'count', 'share', 'flag', 'ratio', 'days', 'log_odds']),
      windowDays: z.number().nullable(),
      /** Where there is nothing to compute from. */
      default: z.number(),
      group: z.enum(['amount', 'velocity', 'terminal', 'customer', 'time']),
      formula: z.string(),
      description: z.string(),
    }),
  ),
});
export type FeatureCatalogue = z.infer<typeof FeatureCatalogue>;

const Ratio = z.number().min(0).max(1).nullable();

/** How far the values of a feature, or of the score, are from what they were in training. */
export const DriftMover = z.strictObject({
  /** Of the feature; `score` for the score itself. */
  name: z.string(),
  /** Population stability index. */
  psi: z.number().min(0),
  /** Largest difference of cumulated shares. */
  ks: z.number().min(0).max(1),
  /** False for what moves with the age of the data by itself; it raises no alarm. */
  steady: z.boolean(),
});
export type DriftMover = z.infer<typeof DriftMover>;

/** Answer of `GET /v1/drift`: how far the traffic that the active model judges is from what it was trained on, as this worker has seen it. */
export const ActiveDrift = z.strictObject({
  /**
   * `unwatched`: nothing to compare with, because rules alone decide or the version has no reference. `waiting`: the window is not filled yet,
   * and figures mean nothing. `drifting`: a steady feature, or the score, is beyond `psi_alarm`.
   */
  state: z.enum(['unwatched', 'waiting', 'quiet', 'drifting']),
  model: z.string().nullable(),
  /** Days and payments that are in the window, and how many make it full. */
  window: z.strictObject({
    days: z.int().min(0),
    days_least: z.int().min(1),
    payments: z.int().min(0),
    payments_least: z.int().min(1),
  }),
  /** Where the alert ModelDrift begins, too. */
  psi_alarm: z.number(),
  score: DriftMover.nullable(),
  /** Features by their stability index, the furthest first; at most 20. Those beyond the alarm come first of all. */
  movers: z.array(DriftMover).max(20),
  /** Of the last comparison of decided features with a replay of the log; null before the first. */
  parity: z.strictObject({ at: Instant, compared: z.int().min(0), equal: z.int().min(0), ratio: Ratio }).nullable(),
  /** How payments were decided whose labels have matured; null while there are none. Shares are null where there is nothing to divide by. */
  mature: z
    .strictObject({
      payments: z.int().min(1),
      frauds: z.int().min(0),
      auc: Ratio,
      average_precision: Ratio,
      alert_precision: Ratio,
      alert_recall: Ratio,
      money_stopped: Ratio,
    })
    .nullable(),
});
export type ActiveDrift = z.infer<typeof ActiveDrift>;
