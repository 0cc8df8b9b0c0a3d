import type { MessageOf } from '@trancendos/contracts/topics';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { createTestDatabase } from '@trancendos/platform/testing';
import { pino } from 'pino';
import { openReads, type ArchiveReads } from './archive-reads.ts';
import { openArchiveStore, type ArchiveStore } from './archive-store.ts';
import { Archivist, type ArchivedTopic } from './archivist.ts';
import { migrateReview, readerUrl, writerUrl } from './open-store.ts';

/** A migrated database of its own with an archive in it. For tests. */
export interface TestArchive {
  /** As its owner. */
  readonly postgres: Postgres;
  readonly store: ArchiveStore;
  readonly reads: ArchiveReads;
  /** The pool of the reads, with no more rights than they have. */
  readonly reading: Postgres;
  readonly writing: Postgres;
  /** Another process that archives; `store` stands for its database, to break it. */
  start(store?: ArchiveStore): Archivist;
  /** Gives messages to an archivist as one batch. */
  deliver(archivist: Archivist, batch: Batch): Promise<Verdict[]>;
  close(): Promise<void>;
}

/** Messages of the topics, in the order in which they are handed over: outcomes first. */
export type Batch = { readonly [K in ArchivedTopic]?: readonly MessageOf<K>[] };

export const TEST_RETENTION_DAYS = 90;

export async function openTestArchive(): Promise<TestArchive> {
  const database = await createTestDatabase();
  await migrateReview(database.url, { log: pino({ level: 'silent' }) });
  const postgres = await connectPostgres({ url: database.url, applicationName: 'test', poolMax: 2 });
  const writing = await connectPostgres({ url: writerUrl(database.url), applicationName: 'test-writer', poolMax: 2 });
  const reading = await connectPostgres({ url: readerUrl(database.url), applicationName: 'test-reader', poolMax: 2 });
  const store = openArchiveStore(writing.pool);
  return {
    postgres,
    store,
    reads: openReads({ pool: reading.pool, retentionDays: TEST_RETENTION_DAYS }),
    reading,
    writing,
    start: (given = store) => new Archivist({ store: given, retentionDays: TEST_RETENTION_DAYS, fullBatch: 0, paceMs: 0 }),
    deliver: (archivist, batch) => archivist.handle(messagesOf(batch), new AbortController().signal),
    async close() {
      await Promise.all([postgres.stop(), writing.stop(), reading.stop()]);
      await database.drop();
    },
  };
}

function messagesOf({ outcomes = [], lateDecisions = [], labels = [] }: Batch): Received<ArchivedTopic>[] {
  const origin = { partition: 0, offset: 0n, key: 'k', correlationId: 'req', sentAtMs: 0, receivedAtMs: 0 };
  return [
    ...outcomes.map((value) => ({ ...origin, topic: 'outcomes' as const, value })),
    ...lateDecisions.map((value) => ({ ...origin, topic: 'lateDecisions' as const, value })),
    ...labels.map((value) => ({ ...origin, topic: 'labels' as const, value })),
  ];
}
