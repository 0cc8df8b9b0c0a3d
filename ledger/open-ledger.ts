import { nowMs } from '@trancendos/platform/clock';
import type { Balance } from '@trancendos/contracts/balance';
import { consume, type Consumption } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import { metrics } from '@trancendos/platform/metrics';
import { connectRedis } from '@trancendos/platform/redis';
import { openPublisher } from '@trancendos/platform/publish';
import type { Scope } from '@trancendos/platform/run';
import { OutcomeAnnouncer, type AnnouncerClient } from './announce-outcomes.ts';
import { BalanceCache, type CacheClient } from './balance-cache.ts';
import { CommandDesk } from './carry-out-command.ts';
import type { LedgerConfig } from './config.ts';
import { expireDueHolds } from './expire-due-holds.ts';
import { openReads, type LedgerReads } from './ledger-reads.ts';
import { openJournalStore } from './journal-store.ts';
import type { LedgerPolicy } from './ledger-state.ts';
import { openPartitions } from './open-partitions.ts';
import { openStore, type Store } from './open-store.ts';
import { openOutcomeStore } from './outcome-store.ts';
import { pruneOutbox } from './prune-outbox.ts';
import { openReconciliationDesk } from './reconciliation/reconciliation-desk.ts';
import { OutcomeRelay } from './relay-outcomes.ts';
import { renderBalance } from './render-balance.ts';
import { repeatChore } from '@trancendos/platform/repeat-chore';
import { tellLateDecisions } from './tell-late-decisions.ts';
import type { SealedBatch } from './seal-batch.ts';
import { serveLedgerApi } from './serve-ledger-api.ts';
import { watchLedger } from './watch-ledger.ts';
import { Writer } from './write-batches.ts';

/** Most messages in one commit; fewer where fewer arrived while the last one was written. */
const BATCH_MAX = 2_000;
/** Batches that are handed over before the first of them is committed: one is built while another is written, and a third is fetched. */
const BATCHES_AHEAD = 3;
/** Most messages in one request of the relay: its outcomes and as many balances as those can change. */
const PUBLISH_BATCH_MAX = 2_000;
/** Longer than the driver itself goes on trying: a request that is given up earlier could still arrive, after the ones that follow it. */
const PUBLISH_DEADLINE_MS = 60_000;
/** Between two requests with outcomes, while whoever waits for them hears of them otherwise; and between two writes of cached balances. */
const GATHER_MS = 50;
const OUTBOX_KEPT_MS = 86_400_000;
const PRUNE_EVERY_MS = 60_000;
const WATCH_EVERY_MS = 5_000;
/** Totals are over all accounts: however many those are, adding them up takes a hundredth of one session's time. */
const TOTALS_REST_FACTOR = 100;
/** How late a hold may fall to its policy. */
const EXPIRE_EVERY_MS = 500;
const PARTITION_EVERY_MS = 3_600_000;
/** What is committed and cannot be published for this long makes the ledger not ready. */
const UNPUBLISHED_MAX_SECONDS = 10;

export interface Ledger {
  readonly port: number;
  /** Names of the parts that are not ready. */
  readonly ready: () => Promise<string[]>;
}

/**
 * Opens the parts of the ledger in order, on `scope`, and takes decisions and commands when it resolves. `group` is its name among the
 * consumers.
 */
export async function openLedger(config: LedgerConfig, scope: Scope, group = 'ledger'): Promise<Ledger> {
  const { log } = scope;
  const store = await openStore(config.DATABASE_URL.reveal(), scope);
  const partitionDays = config.LEDGER_PARTITION_DAYS;
  await openPartitions(store.keeping.pool, partitionDays);

  const brokers = { brokers: config.KAFKA_BROKERS, service: 'ledger', log };
  await ensureTopics({ ...brokers, partitions: config.KAFKA_TOPIC_PARTITIONS });
  const eventLog = await scope.open(connectEventLog(brokers));
  // Dead letters and commands.
  const publisher = await scope.open(openPublisher({ eventLog }));
  const redis = await openRedis(config, scope);
  const announcer = redis && new OutcomeAnnouncer({ client: redis, log });
  const relay = await openRelay({ eventLog, store, scope }, announcer);

  const cache = redis && (await scope.open(new BalanceCache({ client: redis, log, gatherMs: GATHER_MS })));
  const reads = openReads({ pool: store.reading.pool, reportPool: store.reporting.pool, cache });
  const desk = new CommandDesk({ publisher, pool: store.reading.pool, waitMs: config.LEDGER_ANSWER_TIMEOUT_MS });
  const api = await scope.open(
    serveLedgerApi({
      host: config.LISTEN_HOST,
      port: config.LEDGER_PORT,
      callerKeys: config.CALLER_KEYS?.reveal(),
      parts: { reads, desk, reconciliation: openReconciliationDesk(store.reconciling) },
      log,
    }),
  );
  const writer = new Writer({
    store: openJournalStore({ pool: store.writing.pool, loadPool: store.loading.pool }),
    relay,
    policy: policyOf(config),
    scope,
    batchMax: BATCH_MAX,
    onCommitted: (batch) => {
      announcer?.announce(batch);
      desk.noticeCommit(batch);
      for (const { correlationId, topic, ledgerSeq } of batch.effects.messages) {
        log.debug({ correlationId, event: 'money-moved', topic, ledgerSeq: ledgerSeq ?? undefined }, 'committed');
      }
      cache?.put(balancesOf(batch));
    },
  });
  const consumption = await scope.open(
    consume({
      eventLog,
      publisher,
      scope,
      group,
      topics: ['decisions', 'ledgerCommands'],
      batchMax: BATCH_MAX,
      aheadMax: BATCHES_AHEAD,
      handle: async (batch, signal) => {
        const verdicts = await writer.handle(batch, signal);
        await tellLateDecisions({ publisher, log }, batch, verdicts);
        return verdicts;
      },
      startAt: async (topic, partitions) => {
        const offsets = await writer.startAt(topic, partitions);
        cache?.put([]);
        return offsets;
      },
    }),
  );
  await openChores({ store, scope, relay, reads, writer, consumption, partitionDays });
  log.info({ port: api.port }, 'taking decisions and commands');
  return { port: api.port, ready: () => findMissing({ store, eventLog, consumption, relay }) };
}

/** What publishes outcomes. While those who wait for them hear of them otherwise, it gathers them, which costs everybody fewer requests. */
async function openRelay(
  { eventLog, store, scope }: { eventLog: EventLog; store: Store; scope: Scope },
  announcer: OutcomeAnnouncer | undefined,
): Promise<OutcomeRelay> {
  // To itself, because its order must hold.
  const publisher = await scope.open(openPublisher({ eventLog, batchMax: PUBLISH_BATCH_MAX, deadlineMs: PUBLISH_DEADLINE_MS }));
  const gatherMs = () => (announcer?.isHeard() ? GATHER_MS : 0);
  return scope.open(new OutcomeRelay({ publisher, store: openOutcomeStore(store.keeping.pool), log: scope.log, gatherMs }));
}

interface ChoreParts {
  readonly store: Store;
  readonly scope: Scope;
  readonly relay: OutcomeRelay;
  readonly reads: LedgerReads;
  readonly writer: Writer;
  readonly consumption: Consumption;
  readonly partitionDays: number;
}

async function openChores({ store, scope, relay, reads, writer, consumption, partitionDays }: ChoreParts): Promise<void> {
  const { log } = scope;
  const every = (name: string, everyMs: number, chore: (signal: AbortSignal) => Promise<void>, restFactor = 0) =>
    scope.open(repeatChore({ name, everyMs, restFactor, log, chore }));
  await every('watch', WATCH_EVERY_MS, async () => {
    metrics.outboxOldestSeconds.set(relay.oldestSeconds());
    const { staleHolds, sequenceGaps } = await watchLedger(store.reading.pool);
    if (staleHolds > 0) log.error({ staleHolds }, 'holds are open past their expiry');
    if (sequenceGaps > 0) log.error({ sequenceGaps }, 'the journal has gaps, or its chain is broken');
  });
  const addUp = async () => {
    const { currencies } = await reads.summary();
    for (const { currency, balanced } of currencies) if (!balanced) log.error({ currency }, 'debits and credits differ');
  };
  await every('totals', WATCH_EVERY_MS, addUp, TOTALS_REST_FACTOR);
  await every('prune', PRUNE_EVERY_MS, async (signal) => {
    const deleted = await pruneOutbox({ pool: store.keeping.pool, beforeMs: nowMs() - OUTBOX_KEPT_MS, signal });
    if (deleted > 0) log.debug({ deleted }, 'old batches removed from the outbox');
  });
  await every('partitions', PARTITION_EVERY_MS, async () => {
    const opened = await openPartitions(store.keeping.pool, partitionDays);
    if (opened > 0) log.info({ opened }, 'partitions opened for the weeks to come');
  });
  await every('expiry', EXPIRE_EVERY_MS, async (signal) => {
    // Only the owner of the inputs writes; whoever stands by finds the same holds and leaves them alone.
    if (consumption.assigned()) await expireDueHolds({ pool: store.loading.pool, writer, signal });
  });
}

interface ReadyParts {
  readonly store: Store;
  readonly eventLog: EventLog;
  readonly consumption: Consumption;
  readonly relay: OutcomeRelay;
}

async function findMissing({ store, eventLog, consumption, relay }: ReadyParts): Promise<string[]> {
  const answers = (ping: Promise<void>, name: string) =>
    ping.then(
      () => [],
      () => [name],
    );
  const missing = await Promise.all([answers(store.reading.ping(), 'postgres'), answers(eventLog.ping(), 'event log')]);
  if (!consumption.assigned()) missing.push(['decisions']);
  if (relay.oldestSeconds() > UNPUBLISHED_MAX_SECONDS) missing.push(['outcomes']);
  return missing.flat();
}

/** Undefined where no Redis is configured. One that is away is no reason not to start: it holds nothing that is needed. */
async function openRedis({ REDIS_URL: url }: LedgerConfig, scope: Scope): Promise<(AnnouncerClient & CacheClient) | undefined> {
  if (url === undefined) return undefined;
  const { client } = await scope.open(connectRedis({ url, log: scope.log, mayBeAway: true }));
  return client;
}

function balancesOf({ effects }: SealedBatch): Balance[] {
  return [...effects.accounts.values()].map(({ after }) => renderBalance(after, effects.committedAt));
}

function policyOf(config: LedgerConfig): LedgerPolicy {
  return {
    opensAtFirstSight: config.LEDGER_OPEN_AT_FIRST_SIGHT,
    openingCreditMinor: config.LEDGER_OPENING_CREDIT_MINOR,
    customerOverdraftMinor: config.LEDGER_CUSTOMER_OVERDRAFT_MINOR,
    holdTtlMs: config.LEDGER_HOLD_TTL_MS,
  };
}
