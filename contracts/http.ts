import { z } from 'zod';
import { Action, Reason, Timings } from './decision.ts';
import { DecisionId, LabelId, MerchantId, RequestId, TransactionId } from './ids.ts';
import { Instant } from './instant.ts';
import { LabelKind, LabelMaturity, LabelSource } from './label.ts';
import { AmountMinor, Currency } from './money.ts';
import { Money } from './outcome.ts';
import { Mode } from './transaction.ts';

/** Every error that the merchant API answers with: its HTTP status and a title. `/problems/<code>` is the type. */
export const PROBLEMS = {
  malformed_request: { status: 400, title: 'The request cannot be read' },
  headers_too_large: { status: 431, title: 'The headers are larger than 16 kB' },
  request_too_slow: { status: 408, title: 'The request did not arrive in time' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  invalid_field: { status: 400, title: 'A field does not fit' },
  unknown_field: { status: 400, title: 'A field is not known' },
  event_time_in_future: { status: 422, title: 'The transaction lies in the future' },
  event_time_too_old: { status: 422, title: 'The transaction is too old' },
  card_number_refused: { status: 422, title: 'Something in the request looks like a card number' },
  idempotency_key_missing: { status: 400, title: 'The Idempotency-Key header is missing or malformed' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key already used for another request' },
  transaction_id_reused: { status: 409, title: 'Transaction id already used for another transaction' },
  test_token_refused: { status: 422, title: 'Test tokens are for test keys' },
  test_token_unknown: { status: 400, title: 'No such test token' },
  unauthorised: { status: 401, title: 'The API key is missing or not known' },
  signature_missing: { status: 401, title: 'The request has to be signed' },
  signature_invalid: { status: 401, title: 'The signature of the request does not hold' },
  scope_missing: { status: 403, title: 'The API key may not do this' },
  address_refused: { status: 403, title: 'The API key may not be used from this address' },
  rate_limited: { status: 429, title: 'Too many requests with this API key' },
  key_unknown: { status: 404, title: 'No such API key' },
  too_many_keys: { status: 409, title: 'Two API keys of this mode are in use' },
  webhook_unknown: { status: 404, title: 'No such webhook endpoint or event' },
  webhook_disabled: { status: 409, title: 'The webhook endpoint is disabled' },
  webhook_target_refused: { status: 422, title: 'Webhooks are not sent to this address' },
  too_many_webhooks: { status: 409, title: 'There are ten webhook endpoints already' },
  decision_pending: { status: 409, title: 'The transaction is not decided yet' },
  operation_in_progress: { status: 409, title: 'Another capture, void or refund of the transaction is under way' },
  nothing_held: { status: 409, title: 'No money is held for the transaction' },
  nothing_posted: { status: 409, title: 'No money of the transaction has been posted' },
  already_captured: { status: 409, title: 'The money is captured already' },
  already_voided: { status: 409, title: 'The hold is voided already' },
  already_refunded: { status: 409, title: 'All of the money is refunded already' },
  hold_expired: { status: 409, title: 'The hold has expired' },
  capture_exceeds_hold: { status: 422, title: 'More is asked than is held' },
  refund_exceeds_posted: { status: 422, title: 'More is asked than is posted and not refunded yet' },
  balance_too_low: { status: 409, title: 'Your account does not hold what is to be refunded' },
  account_blocked: { status: 409, title: 'An account of the transaction is frozen or closed' },
  too_many_operations: { status: 409, title: 'The transaction has had fifty captures, voids and refunds' },
  operation_refused: { status: 409, title: 'The ledger does not do this' },
  too_many_parked: { status: 409, title: 'Too many labels wait for transactions that have not come' },
  not_found: { status: 404, title: 'There is nothing here' },
  transaction_unknown: { status: 404, title: 'No such transaction' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  unsupported_media_type: { status: 415, title: 'The content type is not taken here' },
  body_too_large: { status: 413, title: 'The body is larger than 64 kB' },
  too_many_waiting: { status: 503, title: 'Too many requests are waiting' },
  unavailable: { status: 503, title: 'A part that is needed is away; repeat the request' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457 problem details. Refused values are never echoed: they may be card numbers. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  /** What to do about it. */
  detail: z.string(),
  request_id: RequestId,
  /** Where it is, as JSON pointers (RFC 6901) with what is expected there. */
  errors: z
    .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
    .max(20)
    .optional(),
});
export type Problem = z.infer<typeof Problem>;

/** A reason as a merchant sees it: what it was, not how much it weighed. */
export const MerchantReason = z.strictObject({
  code: Reason.shape.code,
  category: Reason.shape.category,
  effect: Reason.shape.effect,
  message: Reason.shape.message,
});
export type MerchantReason = z.infer<typeof MerchantReason>;

/** Whether trying again, as a new transaction, may end otherwise. */
export const RetryAdvice = z.strictObject({
  advice: z.enum(['never', 'after', 'with_step_up']),
  /** For `after`: before then it ends the same way. */
  not_before: Instant.nullable(),
});
export type RetryAdvice = z.infer<typeof RetryAdvice>;

/** Where the money of one transaction stands, as its merchant sees it. */
export const MerchantMoney = z.strictObject({
  /** `posted` stays what it is when money is refunded: `refunded_minor` says how much. */
  ...Money.shape,
  /** What is held and may still be captured. */
  pending_minor: AmountMinor,
  /** What has been posted to you in all. */
  posted_minor: AmountMinor,
  /** What of it has been given back. */
  refunded_minor: AmountMinor,
});
export type MerchantMoney = z.infer<typeof MerchantMoney>;

/** A decision that came after the merchant's policy had decided: it is kept to be looked at, and moves no money. */
export const LateDecision = z.strictObject({
  decision_id: DecisionId,
  action: Action,
  score: z.int().min(0).max(1000).nullable(),
  band: z.enum(['low', 'elevated', 'high']).nullable(),
  reasons: z.array(MerchantReason).max(5),
  decided_at: Instant,
});
export type LateDecision = z.infer<typeof LateDecision>;

/** The merchant's answer to one transaction: by `POST`, by `GET`, and by webhook. */
export const TransactionAnswer = z.strictObject({
  transaction_id: TransactionId,
  merchant_id: MerchantId,
  /**
   * `new`: decided now. `duplicate`: the same transaction was sent before under another key; this is its decision.
   * `superseding`: by GET, the policy decided at the deadline, and the decision in `superseded` came too late to count.
   * `pending`: accepted and safe, the decision is still on its way; ask again with GET or repeat the request.
   */
  status: z.enum(['new', 'duplicate', 'superseding', 'pending']),
  mode: Mode,
  decision_id: DecisionId.nullable(),
  action: Action.nullable(),
  /** What the customer or you should do now: prove who they are, or wait for an analyst; null where there is nothing to do. */
  next_step: z.enum(['challenge', 'await_review']).nullable(),
  /** 0 (safe) to 1000; null where no model was asked. */
  score: z.int().min(0).max(1000).nullable(),
  band: z.enum(['low', 'elevated', 'high']).nullable(),
  /** At most 5, strongest first. */
  reasons: z.array(MerchantReason).max(5),
  retry: RetryAdvice.nullable(),
  /** In an answer to `POST` as the decision left it, however often it is repeated; by `GET` and webhook as it is now. */
  money: MerchantMoney.nullable(),
  amount_minor: AmountMinor,
  currency: Currency,
  versions: z.strictObject({ model: z.string().nullable(), ruleset: z.string(), features: z.string() }).nullable(),
  /** True when a step was skipped; `degraded_causes` says which. */
  degraded: z.boolean(),
  degraded_causes: z.array(z.string()),
  decided_at: Instant.nullable(),
  superseded: LateDecision.nullable(),
  timings_ms: Timings,
  /** SHA-256 of the whole decision in its canonical spelling: what is kept here can be held against it. */
  receipt: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .nullable(),
  request_id: RequestId,
});
export type TransactionAnswer = z.infer<typeof TransactionAnswer>;

/** A line of the answer of `POST /v1/transactions/bulk`, one for each line that is not empty, in their order. */
export const BulkLine = z.strictObject({
  /** In the request, counted from 1. */
  line: z.int().min(1),
  /** What `answer` alone would have been answered with. */
  status: z.int(),
  /** The transaction was sent before, and this is its answer from then. */
  replayed: z.literal(true).optional(),
  answer: z.union([TransactionAnswer, Problem]),
});
export type BulkLine = z.infer<typeof BulkLine>;

/** A label as it is kept. */
export const KeptLabel = z.strictObject({
  label_id: LabelId,
  fraud: z.boolean(),
  source: LabelSource,
  kind: LabelKind,
  maturity: LabelMaturity,
  known_at: Instant,
  received_at: Instant,
  /** `parked`: its transaction has not come yet; the label counts when it does, within 90 days. */
  status: z.enum(['counted', 'parked']),
});
export type KeptLabel = z.infer<typeof KeptLabel>;

/** Answer of `POST /v1/labels`: 200 where it counts, 202 where it is parked. */
export const LabelAnswer = z.strictObject({ ...KeptLabel.shape, transaction_id: TransactionId, request_id: RequestId });
export type LabelAnswer = z.infer<typeof LabelAnswer>;

/** Answer of `GET /v1/transactions/{id}/labels`. */
export const LabelsAnswer = z.strictObject({
  transaction_id: TransactionId,
  /** The one that holds, which is the last; null where there is none. */
  holds: LabelId.nullable(),
  /** The newest 100, the last one first. */
  labels: z.array(KeptLabel).max(100),
  request_id: RequestId,
});
export type LabelsAnswer = z.infer<typeof LabelsAnswer>;

/** Answer of `POST /v1/history`. */
export const HistoryAnswer = z.strictObject({
  accepted: z.int().min(0),
  rejected: z.int().min(0),
  /** The first 100 refused lines, counted from 1. */
  errors: z.array(z.strictObject({ line: z.int().min(1), code: z.string(), pointer: z.string(), detail: z.string() })).max(100),
  request_id: RequestId,
});
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;

/** A line of `POST /v1/history` while it imports, for those who accept `application/x-ndjson`; the last line is the answer, or a problem. */
export const HistoryProgress = z.strictObject({
  status: z.literal('importing'),
  accepted: z.int().min(0),
  rejected: z.int().min(0),
});
export type HistoryProgress = z.infer<typeof HistoryProgress>;

/** `GET /v1/summary` of the ledger: what the console's tiles show. Amounts as digits. */
export const LedgerSummary = z.strictObject({
  ledger_seq: z.int().min(0),
  currencies: z.array(
    z.strictObject({
      currency: Currency,
      debits_posted: z.string(),
      credits_posted: z.string(),
      debits_pending: z.string(),
      credits_pending: z.string(),
      balanced: z.boolean(),
      holds: z.int().min(0),
      held_minor: z.string(),
    }),
  ),
  /** When the oldest open hold was made. */
  oldest_hold_at: Instant.nullable(),
  at: Instant,
});
export type LedgerSummary = z.infer<typeof LedgerSummary>;
