import { join } from 'node:path';
import { versionsFolder } from '@trancendos/models/versions-folder';
import { nowMs } from '@trancendos/platform/clock';
import { consume } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres } from '@trancendos/platform/postgres';
import { openPublisher, type Publisher } from '@trancendos/platform/publish';
import type { Scope } from '@trancendos/platform/run';
import type { ScoringConfig } from './config.ts';
import { ControlDesk } from './control-desk.ts';
import { describeDrift } from './drift/describe-drift.ts';
import { FOLDED_TOPICS } from './feature-state.ts';
import { followControl, readControl } from './follow-control.ts';
import { PartitionFollower } from './follow-others.ts';
import type { FoldedLog } from './folded-log.ts';
import { CatchUp } from './catch-up.ts';
import { SnapshotKeeper } from './keep-snapshots.ts';
import { previewDecision } from './preview-decision.ts';
import { rebuildFeatures } from './rebuild-features.ts';
import { BATCH_MAX, BatchScorer, type ScorerOptions } from './score-batch.ts';
import { serveScoringApi } from './serve-scoring-api.ts';
import { ChallengerShadow } from './shadow-challengers.ts';
import { findSnapshots, storeSnapshot } from './snapshot-store.ts';
import { takeOrders } from './take-orders.ts';
import { DecisionWatch } from './watch-decisions.ts';
import { ParityWatch } from './watch-parity.ts';

export interface Scoring {
  readonly port: number;
  /** Names of the parts that are not ready. */
  readonly ready: () => Promise<string[]>;
}

/** Opens the parts of scoring in order, on `scope`: it decides when this resolves and its partitions are assigned. */
export async function openScoring(config: ScoringConfig, scope: Scope, group = 'scoring'): Promise<Scoring> {
  const { log } = scope;
  const postgres = await scope.open(connectPostgres({ url: config.DATABASE_URL, applicationName: 'scoring', poolMax: 2 }));
  await migrate(postgres, { schema: 'scoring', folder: join(packageRoot(import.meta.dirname), 'migrations'), log });
  const brokers = { brokers: config.KAFKA_BROKERS, service: 'scoring', log };
  await ensureTopics({ ...brokers, partitions: config.KAFKA_TOPIC_PARTITIONS });
  const eventLog = await scope.open(connectEventLog(brokers));
  const publisher = await scope.open(openPublisher({ eventLog }));

  const desk = new ControlDesk({ log, versionsFolder: config.SCORING_VERSIONS_DIR ?? versionsFolder() });
  const control = await readControl(eventLog);
  const beliefs = await takeOrders(desk, config, control.messages);
  const folded = await rebuildFeatures({ eventLog, group, beliefs, findSnapshot: findSnapshots(postgres, log), log });
  await scope.open(followControl({ eventLog, publisher, scope, desk, from: control.next }));

  const shadow = await scope.open(new ChallengerShadow(() => desk.orders));
  const watch = await scope.open(new DecisionWatch(() => desk.orders));
  const parity = await scope.open(
    new ParityWatch({
      brokers: config.KAFKA_BROKERS,
      databaseUrl: config.DATABASE_URL.reveal(),
      group,
      beliefs,
      everyMs: config.SCORING_PARITY_EVERY_MINUTES * 60_000,
      log,
    }),
  );
  const snapshots = await scope.open(
    new SnapshotKeeper({ state: folded.state, log, store: (snapshot) => storeSnapshot(postgres, snapshot) }),
  );
  const scorer = {
    folded,
    publisher,
    orders: () => desk.orders,
    onDecided: (decided) => {
      shadow.offer(decided);
      for (const { decision } of decided) {
        watch.noteDecision(decision);
        const { transaction, decision_id: decisionId, score } = decision;
        log.debug({ correlationId: transaction.request_id, event: 'payment-scored', decisionId, score }, 'decision published');
      }
    },
    onBatchDone: () => snapshots.betweenBatches(),
  } satisfies ScorerOptions;
  folded.onLabel = (label) => watch.noteLabel(label);
  void watch.refill(eventLog, log).catch((error: unknown) => log.warn({ err: error }, 'drift and labels are watched from now on only'));
  const decides = await startDeciding({ eventLog, publisher, scope, group, folded, scorer });
  const api = await scope.open(
    serveScoringApi({
      host: config.LISTEN_HOST,
      port: config.SCORING_PORT,
      callerKeys: config.CALLER_KEYS?.reveal(),
      desk,
      shadow,
      preview: (transaction) => previewDecision({ state: folded.state, orders: () => desk.orders }, transaction),
      publisher,
      log,
      drift: () => describeDrift({ drift: watch.drift(), labels: watch.labels(), parity: parity.last }),
      reports: { drift: () => watch.drift() ?? {}, labels: () => watch.labels(), parity: () => parity.last ?? {} },
    }),
  );
  log.info({ port: api.port }, 'deciding');
  const ready = async () => {
    const missing = await eventLog.ping().then(
      () => [],
      () => ['event log'],
    );
    return decides() ? missing : [...missing, 'transactions'];
  };
  return { port: api.port, ready };
}

interface Deciding {
  readonly eventLog: EventLog;
  readonly publisher: Publisher;
  readonly scope: Scope;
  readonly group: string;
  readonly folded: FoldedLog;
  readonly scorer: ScorerOptions;
}

/** Decides on the partitions that the group gives to this worker, and follows the others. */
async function startDeciding({ eventLog, publisher, scope, group, folded, scorer: options }: Deciding): Promise<() => boolean> {
  const scorer = new BatchScorer(options);
  const catchUp = new CatchUp();
  const follower = await scope.open(new PartitionFollower({ eventLog, folded, log: scope.log, fail: (error) => scope.fail(error) }));
  const consumption = await scope.open(
    consume({
      eventLog,
      publisher,
      scope,
      group,
      topics: FOLDED_TOPICS,
      batchMax: BATCH_MAX,
      onAssigned: (owned) => follower.leaveOut(owned),
      startAt: async (topic, partitions) => scorer.resume(topic, partitions, await eventLog.committedOffsets(group, topic)),
      handle: async (batch, signal) => {
        const startedAtMs = nowMs();
        const verdicts = await scorer.handle(batch);
        await catchUp.giveWay({ startedAtMs, sentAtMs: batch[0]?.sentAtMs ?? startedAtMs }, signal);
        return verdicts;
      },
    }),
  );
  return () => consumption.assigned();
}
