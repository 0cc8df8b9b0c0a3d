import { z } from 'zod';
import { CardToken, DeviceId, MerchantId, PayerAccountId, RequestId, TerminalId, TransactionId } from './ids.ts';
import { Instant } from './instant.ts';
import { AmountMinor, Currency } from './money.ts';
import { saidInJsonSchema } from './said-in-json-schema.ts';
import { Text } from './text.ts';

/** Who pays: an account in our ledger, a card known by its token, or both. At least one. */
export const Payer = z
  .strictObject({ account_id: PayerAccountId.optional(), card_token: CardToken.optional() })
  .refine((payer) => payer.account_id !== undefined || payer.card_token !== undefined, {
    message: 'account_id or card_token is needed',
    path: ['account_id'],
  })
  .register(saidInJsonSchema, { minProperties: 1 });
export type Payer = z.infer<typeof Payer>;

/** ISO 3166-1 alpha-2. */
const Country = z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166-1 country code of two capital letters');

/** The card or account that is charged, by what may be known of it. */
export const Instrument = z.strictObject({
  /** The first 6 or 8 digits of a card number, never more. */
  bin: z
    .string()
    .regex(/^(\d{6}|\d{8})$/, 'the first 6 or 8 digits of a card number')
    .optional(),
  last4: z
    .string()
    .regex(/^\d{4}$/, '4 digits')
    .optional(),
  country: Country.optional(),
  kind: z.enum(['credit', 'debit', 'prepaid', 'account', 'wallet']).optional(),
});
export type Instrument = z.infer<typeof Instrument>;

/** Your own facts, at most 20, that come back with no answer and reach analysts as they are. */
const Metadata = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'small letters, digits and _, at most 32'), Text.max(256))
  .refine((metadata) => Object.keys(metadata).length <= 20, 'at most 20 entries')
  .register(saidInJsonSchema, { maxProperties: 20 });

/** What rules and models may look at; all of it may be left out. */
const screeningFields = {
  /** Who is paid in the end, where that is not the merchant: a seller on a marketplace, a recipient of a transfer. */
  payee: z.strictObject({ account_id: PayerAccountId, country: Country.optional() }).optional(),
  instrument: Instrument.optional(),
  device: z.strictObject({ id: DeviceId, fingerprint: DeviceId.optional() }).optional(),
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  geo: z
    .strictObject({
      country: Country.optional(),
      /** Degrees north. */
      latitude: z.number().min(-90).max(90).optional(),
      /** Degrees east. */
      longitude: z.number().min(-180).max(180).optional(),
    })
    .optional(),
  channel: z.enum(['ecommerce', 'in_app', 'pos', 'moto', 'atm', 'transfer']).optional(),
  /** ISO 18245 merchant category code. */
  category_code: z
    .string()
    .regex(/^\d{4}$/, '4 digits')
    .optional(),
  metadata: Metadata.optional(),
};

/** What the merchant states about a transaction; the same fields in the request and on every topic. */
const statedFields = {
  transaction_id: TransactionId,
  /** When it happened at the point of sale. */
  occurred_at: Instant,
  amount_minor: AmountMinor,
  currency: Currency,
  payer: Payer,
  terminal_id: TerminalId.optional(),
  ...screeningFields,
};

/**
 * When an approved payment is taken: at once, or when `POST /v1/transactions/{id}/capture` says so; until then its money is held.
 * `automatic` where it is left out.
 */
const Capture = z.enum(['automatic', 'manual']);

export const Mode = z.enum(['enforce', 'dry_run']);
export type Mode = z.infer<typeof Mode>;

/** How long the merchant may wait for an answer when the request does not say. */
export const DEADLINE_MS = { min: 20, max: 5_000, byDefault: 250 } as const;

/** Body of `POST /v1/transactions`. */
export const TransactionRequest = z.strictObject({
  ...statedFields,
  capture: Capture.optional(),
  /** `dry_run` decides as if in earnest, and nothing comes of it: no money moves, nothing is learned or remembered. Default `enforce`. */
  mode: Mode.optional(),
  /** How long you wait: if no decision has come shortly before, the policy of the merchant's settings decides. Default 250. */
  deadline_ms: z.int().min(DEADLINE_MS.min).max(DEADLINE_MS.max).optional(),
});
export type TransactionRequest = z.infer<typeof TransactionRequest>;

/** One line of `POST /v1/history`: a past transaction with its label, where that is already known. */
export const HistoryRecord = z.strictObject({
  ...statedFields,
  label: z.strictObject({ fraud: z.boolean(), known_at: Instant }).optional(),
});
export type HistoryRecord = z.infer<typeof HistoryRecord>;

const acceptedFields = { merchant_id: MerchantId, request_id: RequestId, received_at: Instant };

/** An accepted payment: it will be decided and posted. */
export const PaymentTransaction = z.strictObject({
  kind: z.literal('payment'),
  ...statedFields,
  capture: Capture.optional(),
  ...acceptedFields,
});
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
