import { z } from 'zod';
import { MerchantMoney } from './http.ts';
import { MerchantId, RequestId, TransactionId, TransferId } from './ids.ts';
import { Instant } from './instant.ts';
import { AmountMinor, Currency } from './money.ts';
import { Text } from './text.ts';

/** Of the ledger's command that carries it out (`cmd_`), or of the hold that expired (`exp_`). */
export const OperationId = z.string().regex(/^(cmd|exp)_[0-9a-f-]{36}$/);

/** What can be asked for after a decision. */
export const OperationKind = z.enum(['capture', 'void', 'refund']);
export type OperationKind = z.infer<typeof OperationKind>;

/** Whole minor units, at least one. */
const AskedMinor = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
/** Why, in your words; kept in the ledger, which takes no text that is not one here. */
const Note = Text.min(1).max(200);

/** Body of `POST /v1/transactions/{id}/capture`; an empty one captures everything. */
export const CaptureRequest = z.strictObject({
  /** All that is held where it is left out. */
  amount_minor: AskedMinor.optional(),
  /** `false` keeps what remains for further captures; else it is released to the payer. */
  final: z.boolean().optional(),
  reason: Note.optional(),
});
export type CaptureRequest = z.infer<typeof CaptureRequest>;

/** Body of `POST /v1/transactions/{id}/void`. */
export const VoidRequest = z.strictObject({ reason: Note.optional() });
export type VoidRequest = z.infer<typeof VoidRequest>;

/** Body of `POST /v1/transactions/{id}/refund`; an empty one refunds everything. */
export const RefundRequest = z.strictObject({
  /** All that is posted and not refunded where it is left out. */
  amount_minor: AskedMinor.optional(),
  reason: Note.optional(),
});
export type RefundRequest = z.infer<typeof RefundRequest>;

/** Something that happened to the money of a payment after its decision. */
export const Operation = z.strictObject({
  operation_id: OperationId,
  /** `expire`: the hold has run out and was released. */
  kind: z.enum([...OperationKind.options, 'expire']),
  /** `pending`: accepted and safe, the ledger has not answered yet. */
  status: z.enum(['pending', 'applied']),
  /** What it has moved or released; null while it is pending. */
  amount_minor: AmountMinor.nullable(),
  transfer_ids: z.array(TransferId).max(100),
  /** Who asked: you, or the platform (an analyst's verdict, a hold that ran out). */
  requested_by: z.enum(['merchant', 'platform']),
  applied_at: Instant.nullable(),
});
export type Operation = z.infer<typeof Operation>;

/** Answer of `POST /v1/transactions/{id}/capture`, `/void` and `/refund`. */
export const OperationAnswer = z.strictObject({
  ...Operation.shape,
  transaction_id: TransactionId,
  merchant_id: MerchantId,
  currency: Currency,
  /** Where the money stood right after it; null while it is pending. */
  money: MerchantMoney.nullable(),
  request_id: RequestId,
});
export type OperationAnswer = z.infer<typeof OperationAnswer>;

/** Answer of `GET /v1/transactions/{id}/operations`: all of them, the first one first. */
export const OperationsAnswer = z.strictObject({
  transaction_id: TransactionId,
  operations: z.array(Operation).max(200),
  request_id: RequestId,
});
export type OperationsAnswer = z.infer<typeof OperationsAnswer>;
