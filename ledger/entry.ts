import type { Decision } from '@trancendos/contracts/decision';
import type { CommandOutcome, LedgerCommand } from '@trancendos/contracts/ledger-command';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { Account } from './account.ts';
import type { DecidedCommand } from './decided-command.ts';
import type { Hold } from './hold.ts';
import type { Cause, Origin, Transfer } from './transfer.ts';

/** A decision as it came in, with the times of its way, in milliseconds since the epoch. */
export interface DecisionEntry {
  readonly kind: 'decision';
  readonly origin: Origin;
  readonly decision: Decision;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

export interface CommandEntry {
  readonly kind: 'command';
  readonly origin: Origin;
  readonly command: LedgerCommand;
  /** The message's key and correlation id, which its outcome travels under. */
  readonly key: string;
  readonly correlationId: string;
  readonly receivedAtMs: number;
}

/** A tick of the clock, as an input: the holds that were found due, in order. Those that are not due at the batch's time stay as they are. */
export interface ExpiryEntry {
  readonly kind: 'expiry';
  readonly origin: Origin;
  readonly holdIds: readonly string[];
}

/** What the writer takes in. */
export type Entry = DecisionEntry | CommandEntry | ExpiryEntry;

/** Entries that are committed together. */
export interface Batch {
  /** In the order in which they count. */
  readonly entries: readonly Entry[];
  /** The commit time of all of them, in whole milliseconds since the epoch; never earlier than that of the batch before. */
  readonly committedAtMs: number;
  /** When it was taken up, by the clock and with a fraction: for timings, and for nothing that counts. */
  readonly takenAtMs: number;
}

/** An account that a batch changed: what it was, where it existed, and what it is now. */
export interface AccountChange {
  readonly before: Account | undefined;
  after: Account;
}

/** What a batch publishes once it is committed. `ledgerSeq` is that of its entry; null where nothing entered the ledger. */
export type Message = OutcomeMessage | CommandOutcomeMessage;

interface Addressed {
  readonly key: string;
  readonly correlationId: string;
}

export interface OutcomeMessage extends Addressed {
  readonly topic: 'outcomes';
  readonly ledgerSeq: number;
  readonly value: Outcome;
}

export interface CommandOutcomeMessage extends Addressed {
  readonly topic: 'commandOutcomes';
  readonly ledgerSeq: number | null;
  readonly decided: { readonly outcome: CommandOutcome };
  /** The command of which a transfer with the same id tells all there is to tell, so that nothing else has to be kept of it. */
  readonly toldBy: string | null;
}

/** A row of `ledger.transactions`. */
export interface DecidedTransaction {
  readonly merchantId: string;
  readonly transactionId: string;
  readonly ledgerSeq: number;
  readonly transferId: string | null;
  readonly decisionId: string;
  readonly action: Decision['action'];
}

/** A row of `ledger.commands`. */
export interface KeptCommand {
  readonly decided: DecidedCommand;
  readonly ledgerSeq: number;
}

/** What became of one entry. `duplicate`: it had its effect before, and changed nothing now. */
export type EntryResult = 'decided' | 'duplicate';

/** Everything that has to be written for a batch. */
export interface BatchEffects {
  /** One for each entry, in order. */
  readonly results: EntryResult[];
  readonly messages: Message[];
  readonly transfers: Transfer[];
  /** By id. */
  readonly accounts: Map<string, AccountChange>;
  /** Ids of accounts among them whose terms or status changed, or which are new. */
  readonly termsChanged: Set<string>;
  readonly holds: Map<string, Hold>;
  /** By transfer id: how much of it has been given back in all, and by which entry last. */
  readonly reversals: Map<string, { readonly reversedMinor: bigint; readonly ledgerSeq: number }>;
  readonly transactions: DecidedTransaction[];
  readonly commands: KeptCommand[];
  readonly causes: Cause[];
  /** Position of the first entry that this batch adds, and how many there are. */
  readonly firstSeq: number;
  readonly firstTransferSeq: number;
  entries: number;
  readonly committedAtMs: number;
  readonly committedAt: string;
  readonly takenAtMs: number;
}
