import { z } from 'zod';
import { LabelId, MerchantId, RequestId, TerminalId, TransactionId } from './ids.ts';
import { Instant } from './instant.ts';

export const LabelSource = z.enum(['merchant', 'analyst', 'network', 'bank']);

/** Body of `POST /v1/labels`: what a past transaction turned out to be. */
export const LabelRequest = z.strictObject({
  transaction_id: TransactionId,
  fraud: z.boolean(),
  source: LabelSource,
  /** When the source learned it; the label counts from its arrival here, never earlier. */
  known_at: Instant,
});
export type LabelRequest = z.infer<typeof LabelRequest>;

/** Topic `labels.v1`. The transaction's own facts travel along, so that a reader needs no look-up. */
export const Label = z.strictObject({
  ...LabelRequest.shape,
  label_id: LabelId,
  merchant_id: MerchantId,
  request_id: RequestId,
  subject: z.string().max(64),
  terminal_id: TerminalId.nullable(),
  occurred_at: Instant,
  received_at: Instant,
});
export type Label = z.infer<typeof Label>;
