import type { Account } from './account.ts';

/**
 * One movement of money between two accounts of a currency, made once and never changed. `post` moves it, `hold` reserves it,
 * `opening` is what an account opens with.
 */
export interface Transfer {
  readonly id: string;
  readonly kind: 'post' | 'hold' | 'opening';
  /** Gapless position among all transfers, from 1. */
  readonly seq: number;
  /** Position of the outcome that it belongs to. */
  readonly ledgerSeq: number;
  /** More than 0. */
  readonly amountMinor: bigint;
  /** Both sides as they are after it. */
  readonly debtor: Account;
  readonly creditor: Account;
  /** Holds only: when the hold falls to its policy. */
  readonly expiresAt: string | null;
}
