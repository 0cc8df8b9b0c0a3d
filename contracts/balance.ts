import { z } from 'zod';
import { LedgerAccountId } from './ids.ts';
import { Instant } from './instant.ts';
import { CounterMinor, Currency } from './money.ts';

/**
 * `customer` and `merchant` belong to somebody; `fee` is what the platform earns; `clearing`, `settlement` and `funding` stand for the
 * outside: money under way, money that banks have moved, and money that was brought in.
 */
export const AccountKind = z.enum(['customer', 'merchant', 'fee', 'clearing', 'settlement', 'funding']);
export type AccountKind = z.infer<typeof AccountKind>;

/** `frozen`: no money may leave or arrive, while holds may still be released. `closed`: nothing any more, for good. */
export const AccountStatus = z.enum(['open', 'frozen', 'closed']);
export type AccountStatus = z.infer<typeof AccountStatus>;

/** What becomes of a hold that expires: the money is released, or moved. */
export const ExpiryPolicy = z.enum(['void', 'post']);
export type ExpiryPolicy = z.infer<typeof ExpiryPolicy>;

/** How much an account may spend within a time that ends now: posts and holds count when they are made. */
export const VelocityLimit = z.strictObject({
  window: z.enum(['1m', '1h', '24h']),
  /** Most payments in the window. */
  max_count: z.int().min(1).max(10_000),
  /** Most minor units in the window; null where only the count is limited. */
  max_sum_minor: CounterMinor.nullable(),
});
export type VelocityLimit = z.infer<typeof VelocityLimit>;

/** Topic `balances.v1` (compacted by account): an account's counters after a commit. A higher `version` is newer. */
export const Balance = z.strictObject({
  account_id: LedgerAccountId,
  kind: AccountKind,
  currency: Currency,
  debits_posted: CounterMinor,
  credits_posted: CounterMinor,
  debits_pending: CounterMinor,
  credits_pending: CounterMinor,
  /** What may still be spent: credits posted - debits posted - debits pending + overdraft; null where there is no limit. */
  available: CounterMinor.nullable(),
  /** How far beyond its credits it may spend; null where there is no limit. */
  overdraft: CounterMinor.nullable(),
  status: AccountStatus,
  version: z.int().min(1),
  ledger_seq: z.int().min(0),
  committed_at: Instant,
});
export type Balance = z.infer<typeof Balance>;
