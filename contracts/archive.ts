import { INSIGHT_STEPS_MS } from './insight-steps.ts';
import { z } from 'zod';
import { Action, Decision } from './decision.ts';
import { CardToken, DecisionId, LabelId, MerchantId, PayerAccountId, RequestId, TerminalId, TransactionId } from './ids.ts';
import { Instant } from './instant.ts';
import { LabelKind, LabelMaturity, LabelSource } from './label.ts';
import { AmountMinor, CounterMinor, Currency } from './money.ts';
import { Money, Outcome } from './outcome.ts';

/** The answers of the archive, which keeps every decision and what it turned out to be. Sums are digits in a string: they outgrow 2^53. */

/** Every error that the archive answers with: its HTTP status and a title. `/problems/<code>` is the type. */
export const ARCHIVE_PROBLEMS = {
  invalid_field: { status: 400, title: 'A field does not fit' },
  forbidden: { status: 403, title: 'Your roles do not allow this' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  unavailable: { status: 503, title: 'A part that is needed is away; repeat the request' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ArchiveProblemCode = keyof typeof ARCHIVE_PROBLEMS;

/** RFC 9457 problem details. Values that do not fit are never echoed. */
export const ArchiveProblem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(ARCHIVE_PROBLEMS) as [ArchiveProblemCode, ...ArchiveProblemCode[]]),
  /** What to do about it. */
  detail: z.string(),
  request_id: RequestId,
  /** Where it is, as JSON pointers (RFC 6901) with what is expected there. */
  errors: z
    .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
    .max(20)
    .optional(),
});
export type ArchiveProblem = z.infer<typeof ArchiveProblem>;

/** Where a page ends: to be given back unchanged as `cursor`. Null at the end. */
const NextCursor = z.string().max(200).nullable();
const Count = z.int().min(0);

/** One statement about a transaction, and where it comes from. */
export const ArchivedLabel = z.strictObject({
  label_id: LabelId,
  fraud: z.boolean(),
  source: LabelSource,
  kind: LabelKind,
  maturity: LabelMaturity,
  /** When the source learned it, and when it arrived here. */
  known_at: Instant,
  received_at: Instant,
  /** The label before it, where that said otherwise. */
  corrects: LabelId.nullable(),
});
export type ArchivedLabel = z.infer<typeof ArchivedLabel>;

/** A decision whole, as it was published, with what became known later: `GET /v1/decisions/{decision_id}`. */
export const ArchivedDecision = z.strictObject({
  outcome: Outcome,
  /** The one that holds, which is the last; null where there is none. */
  label: ArchivedLabel.nullable(),
  /** What is measured by: what the last final label says. A provisional one may still turn out otherwise. */
  measured_fraud: z.boolean().nullable(),
  /** The newest 100, the last one first. */
  labels: z.array(ArchivedLabel).max(100),
  /** Decisions that the ledger passed over because this one had come first; the first 10. */
  late_decisions: z.array(Decision).max(10),
});
export type ArchivedDecision = z.infer<typeof ArchivedDecision>;

/** A decision as a line of a list. */
export const DecisionLine = z.strictObject({
  decision_id: DecisionId,
  merchant_id: MerchantId,
  transaction_id: TransactionId,
  account_id: PayerAccountId.nullable(),
  card_token: CardToken.nullable(),
  terminal_id: TerminalId.nullable(),
  amount_minor: AmountMinor,
  currency: Currency,
  action: Action,
  /** 0 (safe) to 1000; null where no model was asked, as is `model`. */
  score: z.int().min(0).max(1000).nullable(),
  model: z.string().nullable(),
  actor: Decision.shape.actor,
  degraded: z.boolean(),
  /** Codes of its reasons, strongest first. */
  reasons: z.array(z.string()).max(5),
  money_state: Money.shape.state,
  /** The label that holds; null where there is none. */
  label: z.strictObject({ fraud: z.boolean(), kind: LabelKind, maturity: LabelMaturity }).nullable(),
  occurred_at: Instant,
  committed_at: Instant,
  ledger_seq: z.int().min(1),
});
export type DecisionLine = z.infer<typeof DecisionLine>;

/**
 * Decisions, the newest first: `GET /v1/decisions`. A page looks at a bounded part of the archive, so it may hold fewer than `limit`, or
 * none, while there is more to search: whoever searches goes on until `next_cursor` is null.
 */
export const DecisionPage = z.strictObject({ decisions: z.array(DecisionLine).max(200), next_cursor: NextCursor });
export type DecisionPage = z.infer<typeof DecisionPage>;

/** What decisions can be asked for by. */
export const EntityType = z.enum(['account', 'card', 'merchant', 'terminal']);
export type EntityType = z.infer<typeof EntityType>;

const actionCounts = { approve: Count, review: Count, decline: Count };

/** Somebody that an entity met. */
export const Counterpart = z.strictObject({ id: z.string(), decisions: Count, last_seen_at: Instant });
export type Counterpart = z.infer<typeof Counterpart>;

/** What the archive knows of a payer's account, a card, a merchant or a terminal: `GET /v1/entities/{type}/{id}`. */
export const EntityProfile = z.strictObject({
  type: EntityType,
  id: z.string(),
  /** Within what is kept. */
  first_seen_at: Instant,
  last_seen_at: Instant,
  /** How many decisions everything below is counted over: of a merchant all that are kept, of others the newest 5,000. */
  counted: Count,
  /** False where there are more, older ones; `counted_since` says from when on all are counted. */
  complete: z.boolean(),
  counted_since: Instant,
  actions: z.strictObject(actionCounts),
  /** By the last final label. */
  labels: z.strictObject({ fraud: Count, genuine: Count, none: Count }),
  amounts: z.array(
    z.strictObject({
      currency: Currency,
      decisions: Count,
      amount_minor: CounterMinor,
      approved_minor: CounterMinor,
      fraud_minor: CounterMinor,
    }),
  ),
  /** Days (UTC) with decisions, the newest first; at most 90. */
  days: z.array(z.strictObject({ day: z.iso.date(), ...actionCounts, fraud: Count })).max(90),
  /** Those that it met most often among its newest 5,000 decisions: at most 10 of each type. */
  counterparts: z.record(EntityType, z.array(Counterpart).max(10)),
});
export type EntityProfile = z.infer<typeof EntityProfile>;

/** Stages of a decision's way, and `total`: from the arrival of the request to the ledger's commit. */
export const LatencyStage = z.enum(['ingest', 'to_scoring', 'scoring', 'to_ledger', 'ledger', 'total']);
export type LatencyStage = z.infer<typeof LatencyStage>;

export type InsightStep = keyof typeof INSIGHT_STEPS_MS;
export const InsightStep = z.enum(Object.keys(INSIGHT_STEPS_MS) as [InsightStep, ...InsightStep[]]);

/** A share of 0 to 1; null where there is nothing to divide by. */
const Share = z.number().min(0).max(1).nullable();

/** Money of one currency. */
export const InsightMoney = z.strictObject({
  currency: Currency,
  /** Of all decisions, and of those that were approved. */
  decided_minor: CounterMinor,
  approved_minor: CounterMinor,
  /** Approved and known as fraud. */
  lost_minor: CounterMinor,
  /** Declined or held, and known as fraud. */
  prevented_minor: CounterMinor,
  /** Declined or held, and known as genuine. */
  false_positive_minor: CounterMinor,
});
export type InsightMoney = z.infer<typeof InsightMoney>;

const decided = {
  decisions: Count,
  ...actionCounts,
  /** Where a step of the ladder was skipped; and decided by the merchant's policy at the deadline. */
  degraded: Count,
  fallbacks: Count,
  /** Decisions whose last final label says so. Labels come days and weeks later, so the newest times look better than they were. */
  fraud: Count,
  genuine: Count,
  /** Declined or held, and genuine. */
  false_positives: Count,
  /** Declined or held, and fraud. */
  frauds_stopped: Count,
};

/** What decisions of a time sum up to. */
export const InsightTotals = z.strictObject({
  ...decided,
  approval_rate: Share,
  review_rate: Share,
  decline_rate: Share,
  /** Known frauds among all decisions. */
  fraud_rate: Share,
  /** Known genuine payments among the declined and held ones that are labelled. */
  false_positive_rate: Share,
  money: z.array(InsightMoney),
});
export type InsightTotals = z.infer<typeof InsightTotals>;

/** One step of the series; the first and the last may be cut short by `from` and `to`. Steps without decisions are left out. */
export const InsightPoint = z.strictObject({ at: Instant, ...decided });
export type InsightPoint = z.infer<typeof InsightPoint>;

/** Milliseconds, estimated within buckets; null where nothing was measured. 10,000 stands for that and more. */
const Milliseconds = z.number().min(0).max(10_000).nullable();

/** What the archive's decisions sum up to: `GET /v1/insights`. Times are those of the ledger's commit, `from` and `to` in whole minutes. */
export const Insights = z.strictObject({
  from: Instant,
  to: Instant,
  step: InsightStep,
  merchant_id: MerchantId.nullable(),
  totals: InsightTotals,
  /** The time of the same length before. */
  previous: z.strictObject({ from: Instant, to: Instant, totals: InsightTotals }),
  series: z.array(InsightPoint).max(1_500),
  latency: z.array(
    z.strictObject({ stage: LatencyStage, decisions: Count, p50: Milliseconds, p90: Milliseconds, p95: Milliseconds, p99: Milliseconds }),
  ),
  /** Twenty buckets of decisions that a model scored: scores of at least `from`, below `to`; 1000 is in the last. */
  scores: z.array(z.strictObject({ from: z.int(), to: z.int(), ...actionCounts })).length(20),
  /** Those that were given most often; at most 20. */
  reasons: z.array(z.strictObject({ code: z.string(), decisions: Count, ...actionCounts })).max(20),
  /** Those with most decisions, at most 100; empty where one merchant is asked for. */
  merchants: z.array(z.strictObject({ merchant_id: MerchantId, totals: InsightTotals })).max(100),
});
export type Insights = z.infer<typeof Insights>;
