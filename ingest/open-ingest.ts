import { join } from 'node:path';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { PaymentTransaction } from '@trancendos/contracts/transaction';
import { consume, type Consumption } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import { metrics } from '@trancendos/platform/metrics';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { connectRedis } from '@trancendos/platform/redis';
import { openPublisher } from '@trancendos/platform/publish';
import type { Scope } from '@trancendos/platform/run';
import type { IngestConfig } from './config.ts';
import { AnswerPace } from './answer-pace.ts';
import { FallBack } from './fall-back.ts';
import { storedAnswer } from './find-transaction.ts';
import { GroupCommit } from './group-commit.ts';
import { answerWaiting, handleOutcomes } from './handle-outcomes.ts';
import { hearOutcomes } from './hear-outcomes.ts';
import { HeardOutcomes } from './heard-outcomes.ts';
import { previewAt } from './preview-transaction.ts';
import { PublishOnce } from './publish-once.ts';
import { ScoringLag } from './scoring-lag.ts';
import { openMatching } from './labels/match-parked-labels.ts';
import { OperationBoard } from './operations/operation-board.ts';
import { openResuming } from './operations/resume-operations.ts';
import { openKeys } from './keys/open-keys.ts';
import { serveMerchantApi } from './serve-merchant-api.ts';
import { storeHistory, type HistoryBatch, type StoreParts } from './store-history.ts';
import { storeClaims, type Claim, type Claimed } from './store-claims.ts';
import { LoopWatch } from './loop-watch.ts';
import { openKeyTending } from './tend-idempotency-keys.ts';
import { WebhookDeliverer } from './webhooks/deliver-webhooks.ts';
import { WaitingRoom } from './waiting-room.ts';

const CLAIMS_PER_COMMIT_MAX = 500;
const OUTCOMES_PER_BATCH_MAX = 1_000;
/** While one is with the database the other is with the broker. */
const HISTORY_BATCHES_AT_ONCE = 2;
const HISTORY_IMPORTS_MAX = 1_000;
/** A database that does not answer for this long is away: the request ends before its caller gives up. */
const QUERY_TIMEOUT_MS = 5_000;

export interface Ingest {
  readonly port: number;
  /** Names of the parts that are not ready. */
  readonly ready: () => Promise<string[]>;
}

/** Opens the parts of ingest in order, on `scope`, and takes requests when it resolves. Instances of one `group` share the outcomes. */
export async function openIngest(config: IngestConfig, scope: Scope, group = 'ingest'): Promise<Ingest> {
  const { log } = scope;
  const postgres = await scope.open(
    connectPostgres({ url: config.DATABASE_URL, applicationName: 'ingest', queryTimeoutMs: QUERY_TIMEOUT_MS }),
  );
  await migrate(postgres, { schema: 'ingest', folder: join(packageRoot(import.meta.dirname), 'migrations'), log });
  const brokers = { brokers: config.KAFKA_BROKERS, service: 'ingest', log };
  await ensureTopics({ ...brokers, partitions: config.KAFKA_TOPIC_PARTITIONS });
  const eventLog = await scope.open(connectEventLog(brokers));
  const publisher = await scope.open(openPublisher({ eventLog }));
  const { senders, keys } = await openKeys(config, scope, postgres);

  const { pool } = postgres;
  const room = new WaitingRoom({ capacity: config.INGEST_MAX_WAITING });
  const board = new OperationBoard();
  const loop = await scope.open(new LoopWatch());
  const { heard, pace, lag, onAnswered, isHearing } = await openHearing(config, scope, room);
  const outcomes = await scope.open(
    consume({
      eventLog,
      publisher,
      scope,
      group,
      topics: ['outcomes', 'commandOutcomes', 'lateDecisions'],
      batchMax: OUTCOMES_PER_BATCH_MAX,
      onFetched: (received) => {
        if (received.topic !== 'outcomes') return;
        lag.note(received.value);
        answerWaiting({ room, heard, onAnswered }, received);
      },
      recall: (topic, text) => (topic === 'outcomes' ? heard.recall(text) : undefined),
      handle: (batch) => handleOutcomes({ pool, board, heard, log }, batch),
    }),
  );
  await scope.open(openKeyTending(pool, log));
  await scope.open(openResuming({ pool, publisher }, log));
  await scope.open(openMatching({ pool, publisher, log }));
  const groups = await openGroups(config, scope, { pool, publisher });
  const parts = {
    pool,
    room,
    ...groups,
    publisher,
    publications: new PublishOnce(publisher),
    fallBack: new FallBack({ publisher, settings: senders.settings, log }),
    preview: previewAt(config.SCORING_URL, log),
    deadlineMs: config.INGEST_DEADLINE_MS,
    storedAnswer: (merchantId: string, transactionId: string) => storedAnswer(pool, merchantId, transactionId),
    isHearing,
    ...lagging(loop, lag),
    maxEventAgeDays: config.INGEST_MAX_EVENT_AGE_DAYS,
  };
  const webhooks = { sealer: keys.sealer, vet: { allowLoopback: config.WEBHOOKS_ALLOW_LOOPBACK } };
  await scope.open(new WebhookDeliverer({ ...webhooks, pool, log }));
  const api = await scope.open(
    serveMerchantApi({
      host: config.LISTEN_HOST,
      port: config.INGEST_PORT,
      parts,
      senders,
      keys,
      webhooks: { ...webhooks, postgres },
      operations: { pool, publisher, board, room },
      trustedProxies: config.INGEST_TRUSTED_PROXIES,
      fallBackMarginMs: () => pace.marginMs(),
      log,
    }),
  );
  log.info({ port: api.port }, 'taking requests');
  return { port: api.port, ready: () => findMissing({ postgres, eventLog, outcomes }) };
}

/** What the ledger announces, before the event log brings it; and what is learnt from answers. */
async function openHearing(config: IngestConfig, scope: Scope, room: WaitingRoom) {
  const { log } = scope;
  const listener = await scope.open(connectRedis({ url: config.REDIS_URL, log, mayBeAway: true }));
  const heard = new HeardOutcomes();
  const pace = new AnswerPace(config.INGEST_FALLBACK_MARGIN_MS);
  const lag = new ScoringLag({ log });
  const onAnswered = (outcome: Outcome) => {
    pace.note(outcome.decided_at);
    lag.note(outcome);
  };
  return { heard, pace, lag, onAnswered, isHearing: hearOutcomes({ listener: listener.client, room, heard, onAnswered, log }) };
}

/** What is known of how far this process and scoring are behind. */
function lagging(loop: LoopWatch, lag: ScoringLag) {
  return {
    isSwamped: () => loop.isSwamped(),
    isInVain: (deadlineMs: number) => lag.isInVain(deadlineMs),
    isFarBehind: () => lag.isFarBehind(),
    onTaken: (transaction: PaymentTransaction) => lag.noteTaken(transaction),
  };
}

interface ReadyParts {
  readonly postgres: Postgres;
  readonly eventLog: EventLog;
  readonly outcomes: Consumption;
}

async function findMissing({ postgres, eventLog, outcomes }: ReadyParts): Promise<string[]> {
  const missing = await Promise.all([
    postgres.ping().then(
      () => [],
      () => ['postgres'],
    ),
    eventLog.ping().then(
      () => [],
      () => ['event log'],
    ),
  ]);
  return [...missing.flat(), ...(outcomes.assigned() ? [] : ['outcomes'])];
}

/** What is done in groups: one commit for as many requests as wait for it. */
async function openGroups(config: IngestConfig, scope: Scope, { pool, publisher }: StoreParts) {
  const claims = await scope.open(
    new GroupCommit<Claim, Claimed>({
      work: (group) => {
        metrics.claimBatchSize.observe({}, group.length);
        return storeClaims(pool, group);
      },
      groupMax: CLAIMS_PER_COMMIT_MAX,
      queueMax: config.INGEST_MAX_WAITING,
      everyMs: config.INGEST_CLAIM_EVERY_MS,
    }),
  );
  const historyBatches = await scope.open(
    new GroupCommit<HistoryBatch, 'stored'>({
      work: (batches) => Promise.all(batches.map((batch) => storeHistory({ pool, publisher }, batch))),
      groupMax: HISTORY_BATCHES_AT_ONCE,
      queueMax: HISTORY_IMPORTS_MAX,
    }),
  );
  return { claims, claimsWaiting: () => claims.waiting, historyBatches };
}
