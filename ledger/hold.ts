import type { ExpiryPolicy } from '@trancendos/contracts/balance';
import type { HoldState, HoldStatus } from '@trancendos/contracts/transfer';
import { toInstant } from '@trancendos/platform/clock';

/** Reserved money at one moment. Never changed in place: what happens to it makes the next version. */
export interface Hold {
  /** Of the transfer that placed it. */
  readonly id: string;
  readonly debitId: string;
  readonly creditId: string;
  readonly amountMinor: bigint;
  /** What can still be captured or released; 0 unless it is open. */
  readonly remainingMinor: bigint;
  readonly capturedMinor: bigint;
  readonly status: HoldStatus;
  readonly onExpiry: ExpiryPolicy;
  readonly placedAtMs: number;
  readonly expiresAtMs: number;
  /** Position of the entry that placed it, and of the one that made this version. */
  readonly placedSeq: number;
  readonly ledgerSeq: number;
  /** The transaction under review; null where a command placed it. */
  readonly merchantId: string | null;
  readonly transactionId: string | null;
}

/** A hold as it is published and answered. */
export function renderHold(hold: Hold): HoldState {
  return {
    hold_id: hold.id,
    status: hold.status,
    amount_minor: String(hold.amountMinor),
    remaining_minor: String(hold.remainingMinor),
    captured_minor: String(hold.capturedMinor),
    expires_at: toInstant(hold.expiresAtMs),
    merchant_id: hold.merchantId,
    transaction_id: hold.transactionId,
  };
}
