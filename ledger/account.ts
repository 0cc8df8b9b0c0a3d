import type { AccountKind } from '@trancendos/contracts/balance';
import type { Currency } from '@trancendos/contracts/money';

/**
 * One account of the ledger at one version. Never changed in place: a transfer makes the next version, so whoever holds an older one
 * holds the balance as it was then.
 */
export interface Account {
  readonly id: string;
  readonly kind: AccountKind;
  readonly currency: Currency;
  /** The four counters, in minor units; they only grow while transfers are made, pending ones fall when a hold ends. */
  readonly debitsPosted: bigint;
  readonly creditsPosted: bigint;
  readonly debitsPending: bigint;
  readonly creditsPending: bigint;
  /** How far beyond its credits the account may spend, in minor units; null where there is no limit. */
  readonly overdraftMinor: bigint | null;
  /** 1 when opened, one more with every transfer that touches it. */
  readonly version: number;
  /** Position of the outcome that made this version. */
  readonly ledgerSeq: number;
}

/** What may still be spent, in minor units: credits posted - debits posted - debits pending + overdraft; null where there is no limit. */
export function availableMinor(account: Account): bigint | null {
  if (account.overdraftMinor === null) return null;
  return account.creditsPosted - account.debitsPosted - account.debitsPending + account.overdraftMinor;
}
