import { join } from 'node:path';
import { consume } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics } from '@trancendos/platform/event-log';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres } from '@trancendos/platform/postgres';
import { openPublisher } from '@trancendos/platform/publish';
import type { Scope } from '@trancendos/platform/run';
import type { ScoringConfig } from './config.ts';
import { FOLDED_TOPICS } from './feature-state.ts';
import { holdModel } from './hold-model.ts';
import { SnapshotKeeper } from './keep-snapshots.ts';
import { rebuildFeatures } from './rebuild-features.ts';
import { BASE_RULESET } from './rules/base-ruleset.ts';
import { BATCH_MAX, BatchScorer } from './score-batch.ts';
import { serveModelApi } from './serve-model-api.ts';
import { loadSnapshot, storeSnapshot } from './snapshot-store.ts';

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
  const model = await holdModel(config.SCORING_MODEL, log);

  const state = await rebuildFeatures({ eventLog, group, snapshot: await loadSnapshot(postgres, log), log });
  const snapshots = await scope.open(
    new SnapshotKeeper({ state, log, store: (chunks, offsets, takenAt) => storeSnapshot(postgres, chunks, offsets, takenAt) }),
  );
  const scorer = new BatchScorer({ state, model, ruleset: BASE_RULESET, publisher, onBatchDone: () => snapshots.betweenBatches() });
  const consumption = await scope.open(
    consume({
      eventLog,
      publisher,
      scope,
      group,
      topics: FOLDED_TOPICS,
      batchMax: BATCH_MAX,
      startAt: async (topic, partitions) => {
        const [committed, bounds] = await Promise.all([eventLog.committedOffsets(group, topic), eventLog.bounds(topic)]);
        if (partitions.length < bounds.size) {
          log.error(
            { topic, partitions, of: bounds.size },
            'another instance has the other partitions: features of terminals are incomplete',
          );
        }
        return scorer.resume(topic, committed);
      },
      handle: (batch) => scorer.handle(batch),
    }),
  );
  const api = await scope.open(serveModelApi({ port: config.SCORING_PORT, model, ruleset: BASE_RULESET }));
  log.info({ port: api.port }, 'deciding');
  const ready = async () => {
    const missing = await eventLog.ping().then(
      () => [],
      () => ['event log'],
    );
    return consumption.assigned() ? missing : [...missing, 'transactions'];
  };
  return { port: api.port, ready };
}
