/** A movement of money that an engine is asked for. Accounts are numbered from 0. */
export interface MoveCommand {
  readonly kind: 'post' | 'hold';
  readonly id: string;
  readonly debit: number;
  readonly credit: number;
  readonly amountMinor: number;
  /** Holds only: how long it stays open. */
  readonly expiresInMs?: number;
}

/** What becomes of an earlier movement: `target` is its id. */
export interface FollowUpCommand {
  readonly kind: 'capture' | 'void' | 'reverse';
  readonly id: string;
  readonly target: string;
  readonly amountMinor: number;
}

export type WorkloadCommand = MoveCommand | FollowUpCommand;

/** A stream of commands that is the same for every engine, at every start, from any position on. */
export interface Workload {
  readonly name: WorkloadName;
  /** Where it comes from and what it does, for the report. */
  readonly about: string;
  readonly accounts: number;
  /** What each account owns at the beginning, in minor units; null where balances have no limit. */
  readonly openingMinor: number | null;
  /** Commands in one call where the workload's origin names it. */
  readonly batch: number;
  /** Connections of an engine that takes one transfer a call. */
  readonly clients: number;
  /** The command at a position, or undefined where the stream has none there. */
  commandAt(position: number): WorkloadCommand | undefined;
}

export type WorkloadName = 'W1' | 'W2' | 'W4' | 'W5' | 'W10';

/** What may be changed about a workload. */
export interface WorkloadOptions {
  readonly seed: number;
  /** The time of the first id, in milliseconds since the epoch. */
  readonly idsFromMs: number;
  readonly accounts?: number | undefined;
  /** W2: how many accounts are hot, and the share of transfers that they pay, in percent. */
  readonly hotAccounts: number;
  readonly hotPercent: number;
}

/** Ids that a stream makes in a millisecond of its own time, and how far ahead of the start they begin: a ledger that has just been started
 * knows of everything that is newer, and looks for the rest. */
const IDS_A_MS = 32;
export const IDS_AHEAD_MS = 60_000;

/**
 * Time-ordered ids as UUIDs of version 7 (RFC 9562), one for every position and `part` of a seed's stream.
 */
export function commandId({ seed, idsFromMs }: WorkloadOptions, position: number, part = 0): string {
  const time = (idsFromMs + Math.floor(position / IDS_A_MS)).toString(16).padStart(12, '0');
  const tail = ((seed & 0xffff) * 2 ** 32 + (position % 2 ** 32)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${part.toString(16).padStart(3, '0')}-8000-${tail}`;
}
