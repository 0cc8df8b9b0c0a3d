import { z } from 'zod';
import { LedgerAccountId, TransferId } from './ids.ts';
import { Instant } from './instant.ts';
import { CounterMinor, Currency } from './money.ts';

/**
 * `post` moves money, `hold` reserves it, `capture` moves reserved money, `void` and `expire` release it, `reversal` gives moved money
 * back, `fee` is a post that is what it says, `opening` is what an account opens with.
 */
export const TransferKind = z.enum(['post', 'hold', 'capture', 'void', 'expire', 'reversal', 'fee', 'opening']);
export type TransferKind = z.infer<typeof TransferKind>;

/** A movement of money as outcomes tell it. */
export const TransferMade = z.strictObject({
  transfer_id: TransferId,
  kind: TransferKind,
  /** Gapless position among all transfers. */
  seq: z.int().min(1),
  debit_account_id: LedgerAccountId,
  credit_account_id: LedgerAccountId,
  amount_minor: CounterMinor,
  currency: Currency,
  /** The hold that it captures, voids or lets expire; the transfer that it reverses. */
  related_to: TransferId.nullable(),
  effective_at: Instant,
});
export type TransferMade = z.infer<typeof TransferMade>;

export const HoldStatus = z.enum(['open', 'captured', 'voided', 'expired']);
export type HoldStatus = z.infer<typeof HoldStatus>;

/** Where a hold stands. */
export const HoldState = z.strictObject({
  hold_id: TransferId,
  status: HoldStatus,
  amount_minor: CounterMinor,
  /** What can still be captured or voided. */
  remaining_minor: CounterMinor,
  captured_minor: CounterMinor,
  expires_at: Instant,
  /** The transaction that was held for review; null where a command placed the hold. */
  merchant_id: z.string().nullable(),
  transaction_id: z.string().nullable(),
});
export type HoldState = z.infer<typeof HoldState>;
