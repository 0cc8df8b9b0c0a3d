import type { TransferKind } from '@trancendos/contracts/transfer';
import { AccountTable } from './account-table.ts';
import type { DecidedCommand } from './decided-command.ts';
import type { Hold } from './hold.ts';
import { RecentIds } from './recent-ids.ts';
import { RecentMap } from './recent-map.ts';
import type { SpendWindow } from './spend-window.ts';
import type { Cause } from './transfer.ts';

/** A transfer as a reversal needs to know it. */
export interface Reversible {
  readonly id: string;
  readonly kind: TransferKind;
  readonly debitId: string;
  readonly creditId: string;
  readonly amountMinor: bigint;
  /** How much of it has been given back. */
  readonly reversedMinor: bigint;
  /** Position of the entry that changed it last. */
  readonly ledgerSeq: number;
}

/** Positions that a commit moves; 0 in an empty ledger. */
export interface Positions {
  /** Of the last entry: an outcome of a decision, of a command, or of a hold that expired. */
  readonly lastSeq: number;
  readonly lastTransferSeq: number;
  readonly lastAccountNumber: number;
  readonly lastCauseNumber: number;
}

/**
 * What the core decides against. Whoever applies a batch sees to it that what the batch names is here, if it exists: accounts, holds,
 * transfers to reverse, windows of limited accounts, commands and transactions that may have been decided before.
 */
export interface LedgerState {
  /** Newest version of everything that is loaded, by id. */
  readonly accounts: AccountTable;
  readonly holds: Map<string, Hold>;
  /** Of those that were made here only the last ones: most are never given back. */
  readonly reversibles: RecentMap<Reversible>;
  /** By account id; of accounts with velocity limits. */
  readonly spends: Map<string, SpendWindow>;
  /** Transactions that have had their decision, by `transactionKey`. */
  readonly decided: RecentMap<true>;
  /** Commands that have had their outcome, by id. */
  readonly decidedCommands: RecentIds;
  /** What the last of them were, and became, and those that the batch names again. */
  readonly commands: RecentMap<DecidedCommand>;
  /** By their content; and the one that was named last, which is often the next one's too. */
  readonly causes: Map<string, Cause>;
  lastCause: Cause | undefined;
  /** Of the writer. */
  readonly epoch: number;
  lastSeq: number;
  lastTransferSeq: number;
  lastAccountNumber: number;
  lastCauseNumber: number;
}

/** Under what conditions accounts open and money is held. */
export interface LedgerPolicy {
  /** Whether a decision on a payment opens the accounts that it names; where not, it is declined. */
  readonly opensAtFirstSight: boolean;
  /** What a customer account opens with then, in minor units, as a transfer from the funding account. */
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

export interface StateOptions extends Partial<Positions> {
  readonly epoch?: number;
  /** About how many transactions, and how many commands, are remembered as decided. */
  readonly decidedMax: number;
  /**
   * Of how many of these commands, and of how many transfers, it is remembered what they were; the others are looked up when they are named.
   * Default: of one in 500. What is remembered outlives the collections of young garbage and is copied by them: with a tenth they took twice
   * as long, and one in 100 was still nearly a third of what they copied.
   */
  readonly detailedMax?: number;
  /** What was decided before that time may be unknown here. Default: the beginning, as in an empty ledger. */
  readonly knowsFromMs?: number;
}

/** A ledger as it stands at the given positions, with nothing loaded. */
export function emptyState(options: StateOptions): LedgerState {
  const { decidedMax, detailedMax = Math.ceil(decidedMax / 500), knowsFromMs = -1 } = options;
  return {
    accounts: new AccountTable(),
    holds: new Map(),
    reversibles: new RecentMap(detailedMax, knowsFromMs),
    spends: new Map(),
    decided: new RecentMap(decidedMax, knowsFromMs),
    decidedCommands: new RecentIds(decidedMax, knowsFromMs),
    commands: new RecentMap(detailedMax, knowsFromMs),
    causes: new Map(),
    lastCause: undefined,
    epoch: options.epoch ?? 0,
    lastSeq: options.lastSeq ?? 0,
    lastTransferSeq: options.lastTransferSeq ?? 0,
    lastAccountNumber: options.lastAccountNumber ?? 0,
    lastCauseNumber: options.lastCauseNumber ?? 0,
  };
}
