import type { WorkloadCommand } from './workload.ts';

/** What a call did. */
export interface Posted {
  /** Transfers that were written. */
  readonly transfers: number;
  /** Commands that were answered with an error code, such as insufficient funds. */
  readonly refused: number;
}

/** A ledger under measurement. It is asked in the order of the stream; every call resolves when what it did is durable. */
export interface Engine {
  readonly name: string;
  /** What it does, in a line of the report. */
  readonly about: string;
  /** Commands in a call. */
  readonly batch: number;
  /** Calls under way at once. */
  readonly concurrency: number;
  post(commands: readonly WorkloadCommand[]): Promise<Posted>;
  /** What of its invariants does not hold, in words; nothing when all do. `transfers`: how many were acknowledged, the opening ones included. */
  check(): Promise<string[]>;
  /** Bytes of its tables and their indexes. */
  storedBytes(): Promise<number>;
  stop(): Promise<void>;
}
