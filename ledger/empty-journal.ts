import type { Journal } from './journal.ts';

/** A journal that nobody has claimed and nothing is in. For tests. */
export function emptyJournal(): Journal {
  return {
    epoch: 0,
    lastBatchSeq: 0,
    lastSeq: 0,
    lastTransferSeq: 0,
    lastAccountNumber: 0,
    lastCauseNumber: 0,
    lastHash: Buffer.alloc(32),
    lastCommittedAtMs: 0,
    newestIdMs: 0,
    inputs: new Map(),
  };
}
