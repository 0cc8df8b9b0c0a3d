import { z } from 'zod';
import { LedgerAccountId } from './ids.ts';
import { Instant } from './instant.ts';
import { CounterMinor, Currency } from './money.ts';

export const AccountKind = z.enum(['customer', 'merchant', 'clearing', 'funding']);
export type AccountKind = z.infer<typeof AccountKind>;

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
  version: z.int().min(1),
  ledger_seq: z.int().min(0),
  committed_at: Instant,
});
export type Balance = z.infer<typeof Balance>;
