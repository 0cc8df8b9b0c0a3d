import { z } from 'zod';
import { CardToken, MerchantId, PayerAccountId, RequestId, TerminalId, TransactionId } from './ids.ts';
import { Instant } from './instant.ts';
import { AmountMinor, Currency } from './money.ts';

/** Who pays: an account in our ledger, a card known by its token, or both. At least one. */
export const Payer = z
  .strictObject({ account_id: PayerAccountId.optional(), card_token: CardToken.optional() })
  .refine((payer) => payer.account_id !== undefined || payer.card_token !== undefined, {
    message: 'account_id or card_token is needed',
    path: ['account_id'],
  });
export type Payer = z.infer<typeof Payer>;

/** What the merchant states about a transaction; the same fields in the request and on every topic. */
const statedFields = {
  transaction_id: TransactionId,
  /** When it happened at the point of sale. */
  occurred_at: Instant,
  amount_minor: AmountMinor,
  currency: Currency,
  payer: Payer,
  terminal_id: TerminalId.optional(),
};

/** Body of `POST /v1/transactions`. */
export const TransactionRequest = z.strictObject(statedFields);
export type TransactionRequest = z.infer<typeof TransactionRequest>;

/** One line of `POST /v1/history`: a past transaction with its label, where that is already known. */
export const HistoryRecord = z.strictObject({
  ...statedFields,
  label: z.strictObject({ fraud: z.boolean(), known_at: Instant }).optional(),
});
export type HistoryRecord = z.infer<typeof HistoryRecord>;

const acceptedFields = { merchant_id: MerchantId, request_id: RequestId, received_at: Instant };

/** An accepted payment: it will be decided and posted. */
export const PaymentTransaction = z.strictObject({ kind: z.literal('payment'), ...statedFields, ...acceptedFields });
export type PaymentTransaction = z.infer<typeof PaymentTransaction>;

/** A past transaction imported for a warm start: it updates features, and moves no money and asks for no decision. */
export const HistoryTransaction = z.strictObject({ kind: z.literal('history'), ...HistoryRecord.shape, ...acceptedFields });
export type HistoryTransaction = z.infer<typeof HistoryTransaction>;

/** Topic `transactions.v1`. */
export const Transaction = z.discriminatedUnion('kind', [PaymentTransaction, HistoryTransaction]);
export type Transaction = z.infer<typeof Transaction>;

/**
 * The key that a transaction and all that follows from it travel under, so that one payer's events stay in order:
 * the paying account, or the card token where there is no account.
 */
export function subjectOf(payer: Payer): string {
  const subject = payer.account_id ?? payer.card_token;
  if (subject === undefined) throw new Error('a payer without account_id and card_token passed validation');
  return subject;
}
