import { join } from 'node:path';
import { nowMs } from '@trancendos/platform/clock';
import { consume } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics } from '@trancendos/platform/event-log';
import { metrics } from '@trancendos/platform/metrics';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres } from '@trancendos/platform/postgres';
import { openPublisher } from '@trancendos/platform/publish';
import type { Scope } from '@trancendos/platform/run';
import type { LedgerConfig } from './config.ts';
import { openReads } from './ledger-reads.ts';
import { openOutcomeStore } from './outcome-store.ts';
import { pruneOutbox } from './prune-outbox.ts';
import { OutcomeRelay } from './relay-outcomes.ts';
import { repeatChore } from './repeat-chore.ts';
import { serveLedgerApi } from './serve-ledger-api.ts';
import { Writer } from './write-batches.ts';

/** Most decisions in one commit; fewer where fewer arrived while the last one was written. */
const BATCH_MAX = 2_000;
/** Most messages in one request of the relay: its outcomes and as many balances as those can change. */
const PUBLISH_BATCH_MAX = 2_000;
/** Longer than the driver itself goes on trying: a request that is given up earlier could still arrive, after the ones that follow it. */
const PUBLISH_DEADLINE_MS = 60_000;
const OUTBOX_KEPT_MS = 86_400_000;
const PRUNE_EVERY_MS = 60_000;
const WATCH_EVERY_MS = 5_000;
/** What is committed and cannot be published for this long makes the ledger not ready. */
const UNPUBLISHED_MAX_SECONDS = 10;

export interface Ledger {
  readonly port: number;
  /** Names of the parts that are not ready. */
  readonly ready: () => Promise<string[]>;
}

/** Opens the parts of the ledger in order, on `scope`, and takes decisions when it resolves. `group` is its name among the consumers. */
export async function openLedger(config: LedgerConfig, scope: Scope, group = 'ledger'): Promise<Ledger> {
  const { log } = scope;
  const url = config.DATABASE_URL;
  // Apart from each other, so that no read and no clean-up ever stands in the writer's way.
  const writing = await scope.open(connectPostgres({ url, applicationName: 'ledger-writer', poolMax: 1 }));
  const keeping = await scope.open(connectPostgres({ url: withoutWaitingForDisk(url), applicationName: 'ledger-outbox', poolMax: 2 }));
  const reading = await scope.open(connectPostgres({ url, applicationName: 'ledger-reads', poolMax: 4, queryTimeoutMs: 10_000 }));
  await migrate(writing, { schema: 'ledger', folder: join(packageRoot(import.meta.dirname), 'migrations'), log });

  const brokers = { brokers: config.KAFKA_BROKERS, service: 'ledger', log };
  await ensureTopics({ ...brokers, partitions: config.KAFKA_TOPIC_PARTITIONS });
  const eventLog = await scope.open(connectEventLog(brokers));
  const deadLetters = await scope.open(openPublisher({ eventLog }));
  const publisher = await scope.open(openPublisher({ eventLog, batchMax: PUBLISH_BATCH_MAX, deadlineMs: PUBLISH_DEADLINE_MS }));
  const relay = await scope.open(new OutcomeRelay({ publisher, store: openOutcomeStore(keeping.pool), log }));

  const reads = openReads(reading.pool);
  const api = await scope.open(serveLedgerApi({ port: config.LEDGER_PORT, reads, log }));
  const watch = async () => {
    metrics.outboxOldestSeconds.set(relay.oldestSeconds());
    const { currencies } = await reads.summary();
    for (const { currency, balanced } of currencies) if (!balanced) log.error({ currency }, 'debits and credits differ');
  };
  const prune = async (signal: AbortSignal) => {
    const deleted = await pruneOutbox({ pool: keeping.pool, beforeMs: nowMs() - OUTBOX_KEPT_MS, signal });
    if (deleted > 0) log.debug({ deleted }, 'old outcomes removed from the outbox');
  };
  await scope.open(repeatChore({ name: 'watch', everyMs: WATCH_EVERY_MS, log, chore: watch }));
  await scope.open(repeatChore({ name: 'prune', everyMs: PRUNE_EVERY_MS, log, chore: prune }));

  const writer = new Writer({ pool: writing.pool, relay, policy: policyOf(config), scope });
  const decisions = await scope.open(
    consume({
      eventLog,
      publisher: deadLetters,
      scope,
      group,
      topics: ['decisions'],
      batchMax: BATCH_MAX,
      handle: (batch, signal) => writer.handle(batch, signal),
      startAt: (topic, partitions) => writer.startAt(topic, partitions),
    }),
  );
  log.info({ port: api.port }, 'taking decisions');
  const ready = async () => {
    const answers = (ping: Promise<void>, name: string) =>
      ping.then(
        () => [],
        () => [name],
      );
    const missing = await Promise.all([answers(reading.ping(), 'postgres'), answers(eventLog.ping(), 'event log')]);
    if (!decisions.assigned()) missing.push(['decisions']);
    if (relay.oldestSeconds() > UNPUBLISHED_MAX_SECONDS) missing.push(['outcomes']);
    return missing.flat();
  };
  return { port: api.port, ready };
}

function policyOf(config: LedgerConfig) {
  return {
    openingCreditMinor: config.LEDGER_OPENING_CREDIT_MINOR,
    customerOverdraftMinor: config.LEDGER_CUSTOMER_OVERDRAFT_MINOR,
    holdTtlMs: config.LEDGER_HOLD_TTL_MS,
  };
}

/** For what may be lost in a crash of the server: how far the outcomes are published. Being behind means publishing some again. */
function withoutWaitingForDisk(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c synchronous_commit=off');
  return url.href;
}
