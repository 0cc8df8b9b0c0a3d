import type { Positions } from './ledger-state.ts';

/** How far the journal goes and who writes it: what a commit expects to find, and moves. */
export interface Journal extends Positions {
  /** Raised by every writer that takes over; the journal takes commits of the newest one alone. */
  readonly epoch: number;
  readonly lastBatchSeq: number;
  /** Of the last batch: what the next one's stands on. */
  readonly lastHash: Buffer;
  /** Commit times never go back, whatever the clock says. In milliseconds since the epoch. */
  readonly lastCommittedAtMs: number;
  /** The time that the newest id in the journal begins with, in milliseconds since the epoch; 0 in an empty one. */
  readonly newestIdMs: number;
  /** By `inputName`. An input that is left out is new. */
  readonly inputs: ReadonlyMap<string, Input>;
}

/** A partition of a topic, and the next offset of it that is not in the journal. */
export interface Input {
  /** What transfers refer to it by. */
  readonly number: number;
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: bigint;
}

export function inputName({ topic, partition }: Pick<Input, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}
