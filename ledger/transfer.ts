import type { TransferKind } from '@trancendos/contracts/transfer';
import type { Account } from './account.ts';

/** The message that asked for something: where it stands in which input. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Who and what made something. */
export interface Cause {
  /** What transfers refer to it by in the database. The same cause may have several. */
  readonly number: number;
  /** `luminous` or `policy` for decisions, `ledger` for what it does by itself, `api` and the like for commands. */
  readonly actor: string;
  readonly model: string | null;
  readonly ruleset: string | null;
  readonly requestedBy: string | null;
  readonly approvedBy: string | null;
  readonly reason: string | null;
}

/**
 * One movement of money between two accounts of a currency, made once and never changed. All transfers with the same `ledgerSeq` are one
 * chain: all of them were made, or none.
 */
export interface Transfer {
  /** `tr_` and a UUID whose first 48 bits are the milliseconds of its making. */
  readonly id: string;
  readonly kind: TransferKind;
  /** Gapless position among all transfers, from 1. */
  readonly seq: number;
  /** Position of the entry that it belongs to. */
  readonly ledgerSeq: number;
  /** More than 0. */
  readonly amountMinor: bigint;
  /** Both sides as they are after it. */
  readonly debtor: Account;
  readonly creditor: Account;
  /** The hold that it captures, voids or lets expire, or the transfer that it reverses. */
  readonly relatedTo: string | null;
  /** When it happened, and when it was recorded, in milliseconds since the epoch. */
  readonly effectiveAtMs: number;
  readonly committedAtMs: number;
  /** As given (target per source unit), where the transfer is a leg of an exchange. */
  readonly fxRate: string | null;
  readonly origin: Origin;
  readonly cause: Cause;
  /** `dec_<uuid>` and its score, where a decision made it. */
  readonly decisionId: string | null;
  readonly score: number | null;
  /** Holds only: when the hold falls to its policy. */
  readonly expiresAtMs: number | null;
}
