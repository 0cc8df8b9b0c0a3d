/** How far the journal goes and who writes it: what a commit expects to find, and moves. */
export interface Journal {
  /** Raised by every writer that takes over; the journal takes commits of the newest one alone. */
  readonly epoch: number;
  /** Position of the last outcome, and of the last transfer; 0 in an empty journal. */
  readonly lastSeq: number;
  readonly lastTransferSeq: number;
  /** By `inputName`: the offset up to which each input has been taken in. An input that is left out is new. */
  readonly nextOffsets: ReadonlyMap<string, Input>;
}

/** A partition of a topic, and the next offset of it that is not in the journal. */
export interface Input {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: bigint;
}

export function inputName({ topic, partition }: Pick<Input, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}
