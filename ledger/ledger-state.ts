import type { Account } from './account.ts';
import { RecentKeys } from './recent-keys.ts';

/** What the core decides against: the accounts that the batch can touch, what is decided already, and how far the journal goes. */
export interface LedgerState {
  /** Newest version of every account that is loaded; whoever applies a batch sees to it that its accounts are here, if they exist. */
  readonly accounts: Map<string, Account>;
  /** Transactions that have had their decision, by `transactionKey`. */
  readonly decided: RecentKeys;
  /** Last position given to an outcome, and to a transfer; 0 in an empty ledger. */
  lastSeq: number;
  lastTransferSeq: number;
}

/** Under what conditions accounts open and money is held. */
export interface LedgerPolicy {
  /** What a customer account opens with, in minor units, as a transfer from the funding account. */
  readonly openingCreditMinor: bigint;
  /** How far a customer may spend beyond that, in minor units. */
  readonly customerOverdraftMinor: bigint;
  /** How long a hold stays open. */
  readonly holdTtlMs: number;
}

/** A transaction is one merchant's: two merchants may use the same id. */
export function transactionKey(merchantId: string, transactionId: string): string {
  return `${merchantId}\n${transactionId}`;
}

/** A ledger as it stands at the given positions, with nothing loaded. Remembers at most `decidedMax` transactions. */
export function emptyState(decidedMax: number, lastSeq = 0, lastTransferSeq = 0): LedgerState {
  return { accounts: new Map(), decided: new RecentKeys(decidedMax), lastSeq, lastTransferSeq };
}
