import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import { claimJournal } from './claim-journal.ts';
import { commitBatch, encodeCommit } from './commit-batch.ts';
import type { Entry } from './entry.ts';
import type { Journal } from './journal.ts';
import type { LedgerState } from './ledger-state.ts';
import { loadKnown, type LoadOptions } from './load-known.ts';
import { readEpoch } from './read-epoch.ts';
import type { SealedBatch } from './seal-batch.ts';

/** What the writer needs of the database. */
export interface JournalStore {
  /** Takes the journal over from whoever wrote it: see `claimJournal`. */
  claim(): Promise<Journal>;
  /** The epoch of whoever owns the journal now. */
  readEpoch(): Promise<number>;
  /** Puts what the entries name into the state: see `loadKnown`. */
  load(state: LedgerState, entries: readonly Entry[], options: Omit<LoadOptions, 'pool'>): Promise<void>;
  /**
   * Does what needs no database yet, and gives the call that writes the batch whole or not at all: see `commitBatch`. The next batch may be
   * written before this one is: it is committed after it, or not at all.
   */
  prepare(batch: SealedBatch): () => Promise<void>;
  /** Resolves when the write that was begun last is on its way to the database. */
  sent(): Promise<void>;
}

export interface JournalPools {
  /** The writer's own connections, one for each batch that is under way: nothing else may wait on them, or hold them up. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** Another one, for what has to be read while a commit is under way. */
  readonly loadPool: Pick<pg.Pool, 'query'>;
}

/** The journal in PostgreSQL. */
export function openJournalStore({ pool, loadPool }: JournalPools): JournalStore {
  return {
    claim: () => claimJournal(pool),
    readEpoch: () => readEpoch(loadPool),
    load: (state, entries, options) => loadKnown(state, entries, { ...options, pool: loadPool }),
    prepare(batch) {
      const call = encodeCommit(batch);
      return () => commitBatch(pool, call);
    },
    // The driver writes to its socket before the event loop comes round again.
    sent: () => setImmediate(),
  };
}
