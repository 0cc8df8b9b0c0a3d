import { z } from 'zod';
import { LabelId, MerchantId, RequestId, TerminalId, TransactionId } from './ids.ts';
import { Instant } from './instant.ts';

export const LabelSource = z.enum(['merchant', 'analyst', 'network', 'bank']);
export type LabelSource = z.infer<typeof LabelSource>;

/** What it rests on. All but the last two say fraud. */
export const LabelKind = z.enum(['confirmed_fraud', 'chargeback', 'early_warning', 'refund_as_fraud', 'genuine', 'dispute_won']);
export type LabelKind = z.infer<typeof LabelKind>;
const GENUINE: ReadonlySet<LabelKind> = new Set(['genuine', 'dispute_won']);

/** `provisional`: it may still turn out otherwise, so nothing should be measured by it yet. */
export const LabelMaturity = z.enum(['provisional', 'final']);
export type LabelMaturity = z.infer<typeof LabelMaturity>;

/** Body of `POST /v1/labels`: what a past transaction turned out to be. */
export const LabelRequest = z
  .strictObject({
    transaction_id: TransactionId,
    fraud: z.boolean(),
    source: LabelSource,
    /** `confirmed_fraud` or `genuine` where it is left out. */
    kind: LabelKind.optional(),
    /** `provisional` for an early warning and `final` for the rest where it is left out. */
    maturity: LabelMaturity.optional(),
    /** When the source learned it; the label counts from its arrival here, never earlier. */
    known_at: Instant,
  })
  .refine(({ fraud, kind }) => kind === undefined || GENUINE.has(kind) !== fraud, {
    message: 'a kind that says the same as fraud',
    path: ['kind'],
  });
export type LabelRequest = z.infer<typeof LabelRequest>;

/** What a statement rests on and how final it is, where it does not say. */
export function completeLabel({ fraud, kind, maturity }: Pick<LabelRequest, 'fraud' | 'kind' | 'maturity'>): {
  readonly kind: LabelKind;
  readonly maturity: LabelMaturity;
} {
  const known = kind ?? (fraud ? 'confirmed_fraud' : 'genuine');
  return { kind: known, maturity: maturity ?? (known === 'early_warning' ? 'provisional' : 'final') };
}

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
