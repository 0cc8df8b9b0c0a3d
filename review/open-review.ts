import { consume, type Consumption } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import { metrics } from '@trancendos/platform/metrics';
import { openPublisher } from '@trancendos/platform/publish';
import { repeatChore } from '@trancendos/platform/repeat-chore';
import type { Scope } from '@trancendos/platform/run';
import { openReads } from './archive-reads.ts';
import { openArchiveStore } from './archive-store.ts';
import { ARCHIVED_TOPICS, Archivist } from './archivist.ts';
import type { ReviewConfig } from './config.ts';
import { openStore, type Store } from './open-store.ts';
import { serveReviewApi } from './serve-review-api.ts';
import { countParkedLabels, tendArchive } from './tend-archive.ts';

/** Most messages in one transaction. */
const BATCH_MAX = 1_000;
/** Nobody waits for the archive by the millisecond, and a larger batch costs it less. */
const GATHER_MS = 100;
/** From here on the next batch is taken up at once: the archive is behind. */
const FULL_BATCH = 500;
/** What is decided shows in the archive about this much later. */
const PACE_MS = 250;
/** It leaves three quarters of the time to others until it is so far behind; an alert tells of 30 s. */
const REST_FACTOR = 3;
const BEHIND_MOST_MS = 20_000;
const TEND_EVERY_MS = 3_600_000;
const WATCH_EVERY_MS = 10_000;

export interface Review {
  readonly port: number;
  /** Names of the parts that are not ready. */
  readonly ready: () => Promise<string[]>;
}

/** Opens the parts of review in order, on `scope`; it archives and answers when it resolves. `group` is its name among the consumers. */
export async function openReview(config: ReviewConfig, scope: Scope, group = 'review'): Promise<Review> {
  const { log } = scope;
  const store = await openStore(config.DATABASE_URL.reveal(), scope);
  const retention = { retentionDays: config.REVIEW_RETENTION_DAYS, rollupRetentionDays: config.REVIEW_ROLLUP_RETENTION_DAYS };
  await scope.open(
    repeatChore({
      name: 'tend the archive',
      everyMs: TEND_EVERY_MS,
      log,
      chore: async (signal) => {
        const tended = await tendArchive(store.keeping.pool, retention, { signal });
        if (tended.opened + tended.dropped + tended.deleted > 0) log.info(tended, 'days opened, and what is too old removed');
      },
    }),
  );
  await scope.open(
    repeatChore({
      name: 'watch parked labels',
      everyMs: WATCH_EVERY_MS,
      log,
      chore: async () => metrics.reviewParkedLabels.set(await countParkedLabels(store.keeping.pool)),
    }),
  );

  const brokers = { brokers: config.KAFKA_BROKERS, service: 'review', log };
  await ensureTopics({ ...brokers, partitions: config.KAFKA_TOPIC_PARTITIONS });
  const eventLog = await scope.open(connectEventLog(brokers));
  const publisher = await scope.open(openPublisher({ eventLog }));
  const archivist = new Archivist({
    store: openArchiveStore(store.writing.pool),
    retentionDays: retention.retentionDays,
    fullBatch: FULL_BATCH,
    paceMs: PACE_MS,
    restFactor: REST_FACTOR,
    behindMostMs: BEHIND_MOST_MS,
  });
  const reads = openReads({ pool: store.reading.pool, retentionDays: retention.retentionDays });
  const api = await scope.open(
    serveReviewApi({
      host: config.LISTEN_HOST,
      port: config.REVIEW_PORT,
      parts: { reads },
      callerKeys: config.CALLER_KEYS?.reveal() ?? [],
      log,
    }),
  );
  const consumption = await scope.open(
    consume({
      eventLog,
      publisher,
      scope,
      group,
      topics: ARCHIVED_TOPICS,
      batchMax: BATCH_MAX,
      gatherMs: GATHER_MS,
      handle: (batch, signal) => archivist.handle(batch, signal),
    }),
  );
  log.info({ port: api.port }, 'archiving decisions');
  return { port: api.port, ready: () => findMissing({ store, eventLog, consumption }) };
}

interface ReadyParts {
  readonly store: Store;
  readonly eventLog: EventLog;
  readonly consumption: Consumption;
}

async function findMissing({ store, eventLog, consumption }: ReadyParts): Promise<string[]> {
  const answers = (ping: Promise<void>, name: string) =>
    ping.then(
      () => [],
      () => [name],
    );
  const missing = await Promise.all([answers(store.reading.ping(), 'postgres'), answers(eventLog.ping(), 'event log')]);
  if (!consumption.assigned()) missing.push(['outcomes']);
  return missing.flat();
}
