import type { AccountKind, AccountStatus, ExpiryPolicy, VelocityLimit } from '@trancendos/contracts/balance';
import type { Currency } from '@trancendos/contracts/money';

/**
 * One account of the ledger at one version. Never changed in place: a transfer makes the next version, so whoever holds an older one
 * holds the balance as it was then.
 */
export interface Account {
  readonly id: string;
  /** Rising in the order of opening; what transfers refer to in the database. */
  readonly number: number;
  readonly kind: AccountKind;
  readonly currency: Currency;
  /** The four counters, in minor units; posted ones only grow, pending ones fall when a hold ends. */
  readonly debitsPosted: bigint;
  readonly creditsPosted: bigint;
  readonly debitsPending: bigint;
  readonly creditsPending: bigint;
  /** How far beyond its credits the account may spend, in minor units; null where there is no limit. */
  readonly overdraftMinor: bigint | null;
  /** `frozen`: no money may leave or arrive, holds may still be released. `closed`: nothing any more. */
  readonly status: AccountStatus;
  /** What becomes of holds in favour of this account that expire. */
  readonly onExpiry: ExpiryPolicy;
  /** How often and how much may be spent in a time; empty where nothing is limited. */
  readonly velocity: readonly VelocityLimit[];
  /** What its owner wants to know of it; the ledger does not read it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** 1 when opened, one more with every transfer that touches it and every change of its terms. */
  readonly version: number;
  /** Position of the entry that made this version. */
  readonly ledgerSeq: number;
}

/** What may still be spent, in minor units: credits posted - debits posted - debits pending + overdraft; null where there is no limit. */
export function availableMinor(account: Account): bigint | null {
  if (account.overdraftMinor === null) return null;
  return account.creditsPosted - account.debitsPosted - account.debitsPending + account.overdraftMinor;
}
