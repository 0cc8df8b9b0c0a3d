import { z } from 'zod';
import { AccountKind, Balance, ExpiryPolicy, VelocityLimit } from './balance.ts';
import { DecisionId, LedgerAccountId, MerchantId, TransactionId, TransferId } from './ids.ts';
import { Instant } from './instant.ts';
import { CounterMinor, Currency } from './money.ts';
import { HoldState, TransferKind } from './transfer.ts';

/** The answers of the ledger's API. Amounts, counters and offsets are digits in a string, because they outgrow 2^53. */

/** 32 bytes as hexadecimal digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Where a page ends: to be given back unchanged as `cursor`. Null at the end. */
const NextCursor = z.string().max(200).nullable();

const counters = {
  debits_posted: CounterMinor,
  credits_posted: CounterMinor,
  debits_pending: CounterMinor,
  credits_pending: CounterMinor,
};

/** One account with its terms: `GET /ledger/accounts/{id}`. */
export const LedgerAccount = Balance.extend({
  on_expiry: ExpiryPolicy,
  velocity: z.array(VelocityLimit),
  metadata: z.record(z.string(), z.string()),
  opened_at: Instant,
});
export type LedgerAccount = z.infer<typeof LedgerAccount>;

export const LedgerAccountPage = z.strictObject({ accounts: z.array(LedgerAccount), next_cursor: NextCursor });
export type LedgerAccountPage = z.infer<typeof LedgerAccountPage>;

/**
 * An account's counters as they were believed at `recorded_at` to have been at `effective_at`: `GET /ledger/accounts/{id}/balance`.
 * Before its first transfer every counter is 0.
 */
export const BalanceAt = z.strictObject({
  account_id: LedgerAccountId,
  currency: Currency,
  ...counters,
  /** Credits posted - debits posted. */
  balance: CounterMinor,
  recorded_at: Instant,
  effective_at: Instant.nullable(),
  /** Position of the last transfer that could count; 0 before the first. */
  transfer_seq: z.int().min(0),
});
export type BalanceAt = z.infer<typeof BalanceAt>;

/** One side of a transfer, as it is after it. */
export const TransferSide = z.strictObject({ account_id: LedgerAccountId, version: z.int().min(1), ...counters });
export type TransferSide = z.infer<typeof TransferSide>;

/** A transfer with everything that makes it what it is, and so with everything that its proof covers. */
export const LedgerTransfer = z.strictObject({
  transfer_id: TransferId,
  kind: TransferKind,
  /** Gapless position among all transfers, and that of the entry which made it. */
  seq: z.int().min(1),
  ledger_seq: z.int().min(1),
  currency: Currency,
  amount_minor: CounterMinor,
  debit: TransferSide,
  credit: TransferSide,
  /** The hold that it captures, voids or lets expire; the transfer that it reverses. */
  related_to: TransferId.nullable(),
  fx_rate: z.string().nullable(),
  effective_at: Instant,
  committed_at: Instant,
  /** The message that asked for it. */
  origin: z.strictObject({ topic: z.string(), partition: z.int().min(0), offset: CounterMinor }),
  decision_id: DecisionId.nullable(),
  score: z.int().min(0).max(1000).nullable(),
  cause: z.strictObject({
    actor: z.string(),
    model: z.string().nullable(),
    ruleset: z.string().nullable(),
    requested_by: z.string().nullable(),
    approved_by: z.string().nullable(),
    reason: z.string().nullable(),
  }),
});
export type LedgerTransfer = z.infer<typeof LedgerTransfer>;

/** Newest first: `GET /ledger/transfers`. */
export const LedgerTransferPage = z.strictObject({ transfers: z.array(LedgerTransfer), next_cursor: NextCursor });
export type LedgerTransferPage = z.infer<typeof LedgerTransferPage>;

/** One line of an account's statement. */
export const StatementLine = z.strictObject({
  transfer_id: TransferId,
  kind: TransferKind,
  seq: z.int().min(1),
  ledger_seq: z.int().min(1),
  direction: z.enum(['debit', 'credit']),
  other_account_id: LedgerAccountId,
  amount_minor: CounterMinor,
  currency: Currency,
  /** Null where a command made it. */
  merchant_id: MerchantId.nullable(),
  transaction_id: TransactionId.nullable(),
  related_to: TransferId.nullable(),
  /** The account's counters after it. */
  after: z.strictObject({ ...counters, version: z.int().min(1) }),
  effective_at: Instant,
  committed_at: Instant,
});
export type StatementLine = z.infer<typeof StatementLine>;

/** `GET /ledger/accounts/{id}/statement`. */
export const StatementPage = z.strictObject({
  account_id: LedgerAccountId,
  transfers: z.array(StatementLine),
  next_cursor: NextCursor,
});
export type StatementPage = z.infer<typeof StatementPage>;

/** A hold with both of its sides: `GET /ledger/holds/{id}`. */
export const LedgerHold = HoldState.extend({
  debit_account_id: LedgerAccountId,
  credit_account_id: LedgerAccountId,
  currency: Currency,
  on_expiry: ExpiryPolicy,
  placed_at: Instant,
  changed_at: Instant,
  placed_seq: z.int().min(1),
  ledger_seq: z.int().min(1),
});
export type LedgerHold = z.infer<typeof LedgerHold>;

/** Soonest to expire first: `GET /ledger/holds`. */
export const LedgerHoldPage = z.strictObject({ holds: z.array(LedgerHold), next_cursor: NextCursor });
export type LedgerHoldPage = z.infer<typeof LedgerHoldPage>;

/** `GET /ledger/trial-balance`: what the accounts of each kind add up to, in one currency a block. */
export const TrialBalance = z.strictObject({
  recorded_at: Instant,
  transfer_seq: z.int().min(0),
  currencies: z.array(
    z.strictObject({
      currency: Currency,
      kinds: z.array(z.strictObject({ kind: AccountKind, accounts: z.int().min(0), ...counters })),
      ...counters,
      balanced: z.boolean(),
    }),
  ),
});
export type TrialBalance = z.infer<typeof TrialBalance>;

/** `GET /ledger/transactions/{merchant}/{transaction}/trail`: every transfer that a payment has led to, oldest first. */
export const MoneyTrail = z.strictObject({
  merchant_id: MerchantId,
  transaction_id: TransactionId,
  decision_id: DecisionId,
  action: z.enum(['approve', 'review', 'decline']),
  ledger_seq: z.int().min(1),
  committed_at: Instant,
  hold: LedgerHold.nullable(),
  transfers: z.array(LedgerTransfer),
  /** What has reached the merchant's account and has not gone back. */
  settled_minor: CounterMinor,
});
export type MoneyTrail = z.infer<typeof MoneyTrail>;

/** What was committed together, and the hash that chains it to everything before. */
export const LedgerBatch = z.strictObject({
  batch_seq: z.int().min(1),
  epoch: z.int().min(0),
  first_ledger_seq: z.int().min(1),
  entries: z.int().min(0),
  first_transfer_seq: z.int().min(1),
  transfers: z.int().min(0),
  committed_at: Instant,
  /** Up to where it took each of its inputs: topic, partition, next offset. */
  inputs: z.array(z.tuple([z.string(), z.int().min(0), CounterMinor])),
  merkle_root: Sha256,
  previous_hash: Sha256,
  hash: Sha256,
});
export type LedgerBatch = z.infer<typeof LedgerBatch>;

/** `GET /ledger/transfers/{id}/proof`: verified by `verifyProof` of contracts/verify-proof.ts, in a browser too. */
export const TransferProof = z.strictObject({
  transfer: LedgerTransfer,
  leaf_hash: Sha256,
  /** From 0, among `tree_size` leaves. */
  leaf_index: z.int().min(0),
  tree_size: z.int().min(1),
  /** The siblings on the way from the leaf to the root, lowest first. */
  path: z.array(Sha256).max(32),
  batch: LedgerBatch,
});
export type TransferProof = z.infer<typeof TransferProof>;

/** `GET /ledger/invariants`. */
export const InvariantReport = z.strictObject({
  /** True when every check is. */
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      ok: z.boolean(),
      /** What holds when it is ok. */
      means: z.string(),
      /** Currencies, accounts, positions or holds that break it. */
      violations: z.int().min(0),
    }),
  ),
  at: Instant,
});
export type InvariantReport = z.infer<typeof InvariantReport>;

/** Newest balances of the accounts asked for, of those that are open: `GET /ledger/balances`. */
export const BalanceList = z.strictObject({ balances: z.array(Balance).max(100) });
export type BalanceList = z.infer<typeof BalanceList>;
