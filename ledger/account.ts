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

/** By how many minor units a transfer changes the debits of one account and the credits of another, and the entry that it belongs to. */
export interface CounterChange {
  readonly postedMinor: bigint;
  readonly pendingMinor: bigint;
  readonly ledgerSeq: number;
}

/** The debited account after a transfer: its next version. */
export function debit(account: Account, { postedMinor, pendingMinor, ledgerSeq }: CounterChange): Account {
  return nextVersion(account, ledgerSeq, {
    debitsPosted: postedMinor === 0n ? account.debitsPosted : account.debitsPosted + postedMinor,
    creditsPosted: account.creditsPosted,
    debitsPending: pendingMinor === 0n ? account.debitsPending : account.debitsPending + pendingMinor,
    creditsPending: account.creditsPending,
  });
}

/** The credited account after a transfer: its next version. */
export function credit(account: Account, { postedMinor, pendingMinor, ledgerSeq }: CounterChange): Account {
  return nextVersion(account, ledgerSeq, {
    debitsPosted: account.debitsPosted,
    creditsPosted: postedMinor === 0n ? account.creditsPosted : account.creditsPosted + postedMinor,
    debitsPending: account.debitsPending,
    creditsPending: pendingMinor === 0n ? account.creditsPending : account.creditsPending + pendingMinor,
  });
}

type Counters = Pick<Account, 'debitsPosted' | 'creditsPosted' | 'debitsPending' | 'creditsPending'>;

/** Field by field, because every transfer makes two of them: a spread takes several times as long. */
function nextVersion(account: Account, ledgerSeq: number, counters: Counters): Account {
  return {
    id: account.id,
    number: account.number,
    kind: account.kind,
    currency: account.currency,
    debitsPosted: counters.debitsPosted,
    creditsPosted: counters.creditsPosted,
    debitsPending: counters.debitsPending,
    creditsPending: counters.creditsPending,
    overdraftMinor: account.overdraftMinor,
    status: account.status,
    onExpiry: account.onExpiry,
    velocity: account.velocity,
    metadata: account.metadata,
    version: account.version + 1,
    ledgerSeq,
  };
}

/** What may still be spent, in minor units: credits posted - debits posted - debits pending + overdraft; null where there is no limit. */
export function availableMinor(account: Account): bigint | null {
  if (account.overdraftMinor === null) return null;
  return account.creditsPosted - account.debitsPosted - account.debitsPending + account.overdraftMinor;
}
