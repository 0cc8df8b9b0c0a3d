import type { z } from 'zod';
import { Balance } from './balance.ts';
import { Control } from './control.ts';
import { DeadLetter } from './dead-letter.ts';
import { Decision } from './decision.ts';
import { Label } from './label.ts';
import { CommandOutcome, LedgerCommand } from './ledger-command.ts';
import { Outcome } from './outcome.ts';
import { Transaction } from './transaction.ts';

/** A topic: its name with the schema version, the shape of its messages, and how long the broker keeps them. */
export interface Topic<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** `compact` keeps the newest message of every key for ever; otherwise messages are kept for `retentionMs`. */
  readonly cleanup: 'delete' | 'compact';
  /** -1 keeps for ever. */
  readonly retentionMs: number;
}

const DAY_MS = 86_400_000;

/** Every topic there is. Features are folded from 38 days of transactions and labels, so those are kept longer than that. */
export const topics = {
  transactions: { name: 'transactions.v1', schema: Transaction, cleanup: 'delete', retentionMs: 60 * DAY_MS },
  decisions: { name: 'decisions.v1', schema: Decision, cleanup: 'delete', retentionMs: 14 * DAY_MS },
  /** Keyed by the account that the command is about, or any of them. */
  ledgerCommands: { name: 'ledger-commands.v1', schema: LedgerCommand, cleanup: 'delete', retentionMs: 14 * DAY_MS },
  commandOutcomes: { name: 'command-outcomes.v1', schema: CommandOutcome, cleanup: 'delete', retentionMs: 14 * DAY_MS },
  outcomes: { name: 'outcomes.v1', schema: Outcome, cleanup: 'delete', retentionMs: 14 * DAY_MS },
  /** What the ledger passed over because the merchant's policy, or another decision, had come first. */
  lateDecisions: { name: 'late-decisions.v1', schema: Decision, cleanup: 'delete', retentionMs: 14 * DAY_MS },
  balances: { name: 'balances.v1', schema: Balance, cleanup: 'compact', retentionMs: -1 },
  labels: { name: 'labels.v1', schema: Label, cleanup: 'delete', retentionMs: 60 * DAY_MS },
  control: { name: 'control.v1', schema: Control, cleanup: 'compact', retentionMs: -1 },
  deadLetters: { name: 'dead-letters.v1', schema: DeadLetter, cleanup: 'delete', retentionMs: 90 * DAY_MS },
} as const satisfies Record<string, Topic<unknown>>;

export type TopicKey = keyof typeof topics;
/** The message type of a topic in the table. */
export type MessageOf<K extends TopicKey> = z.infer<(typeof topics)[K]['schema']>;
