import { z } from 'zod';

/**
 * A reference chosen by a merchant or a payer's bank: 1 to 64 characters that need no escaping anywhere.
 * It never carries a card number: ingest refuses Luhn-valid runs of 13 to 19 digits before anything is published.
 */
const Reference = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'letters, digits and . _ : - only');

/** The merchant's own id of a transaction; unique within that merchant. */
export const TransactionId = Reference;
/** Who takes the money. Given by the API key, never by the request body. */
export const MerchantId = Reference;
/** A paying account that the ledger keeps. */
export const PayerAccountId = Reference;
/** A token that stands for a card; never the number itself. */
export const CardToken = Reference;
/** The point of sale. */
export const TerminalId = Reference;

/** A device as the merchant knows it. */
export const DeviceId = Reference;

/** Ids that we make: a prefix that names the kind, then a UUIDv7, so they sort by time. */
export const DecisionId = z.string().regex(/^dec_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const TransferId = z.string().regex(/^tr_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
/** With a UUIDv7 and nothing else: the ledger knows old commands from new ones by the time in it. */
export const CommandId = z.string().regex(/^cmd_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
export const LabelId = z.string().regex(/^lab_[0-9a-f-]{36}$/);
export const RequestId = z.string().regex(/^req_[0-9a-f-]{36}$/);

/** A ledger account: `customer:ACC-1:EUR`, `merchant:books-03:EUR`, `fee:platform:EUR`, `clearing:card:EUR`, `funding:opening:EUR`. */
export const LedgerAccountId = z
  .string()
  .max(96)
  .regex(/^(customer|merchant|fee|clearing|settlement|funding):[A-Za-z0-9][A-Za-z0-9._:-]*:[A-Z]{3}$/);
