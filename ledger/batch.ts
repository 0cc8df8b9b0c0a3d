import type { Decision } from '@trancendos/contracts/decision';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { Account } from './account.ts';
import type { Transfer } from './transfer.ts';

/** A decision as it came in, with the times of its way, in milliseconds since the epoch. */
export interface ReceivedDecision {
  readonly decision: Decision;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/** Decisions that are committed together. */
export interface Batch {
  /** In the order in which they count. */
  readonly decisions: readonly ReceivedDecision[];
  /** The commit time of all of them, in milliseconds since the epoch. */
  readonly committedAtMs: number;
}

/** An account that a batch changed: what it was, where it existed, and what it is now. */
export interface AccountChange {
  readonly before: Account | undefined;
  readonly after: Account;
}

/** Everything that has to be written for a batch. */
export interface BatchEffects {
  /** One for each decision, in order. `duplicate`: the transaction has had its decision already, and this one changed nothing. */
  readonly results: ('decided' | 'duplicate')[];
  readonly outcomes: Outcome[];
  readonly transfers: Transfer[];
  /** By account id. */
  readonly accounts: Map<string, AccountChange>;
  readonly committedAt: string;
}
