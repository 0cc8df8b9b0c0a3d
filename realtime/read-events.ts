import { nowMs, pause } from '@trancendos/platform/clock';
import { consume, type Received, type Verdict } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics } from '@trancendos/platform/event-log';
import { openPublisher } from '@trancendos/platform/publish';
import type { Scope } from '@trancendos/platform/run';
import type { RealtimeConfig } from './config.ts';
import type { LogPosition } from './log-position.ts';

const BATCH_MAX = 2_000;
/** Consoles are taken at the latest after this, back-filled or not. */
const BACKFILL_WITHIN_MS = 5_000;

export interface EventReading {
  readonly config: RealtimeConfig;
  /** Names the consumer group, which this gateway is alone in: every gateway sees everything. */
  readonly epoch: string;
  readonly position: LogPosition;
  readonly take: (batch: readonly Received<'outcomes' | 'balances'>[]) => Verdict[];
}

/** Reads outcomes and balances, on `scope`, and resolves when what was to be back-filled has been taken. */
export async function readEvents(
  { config, epoch, position, take }: EventReading,
  scope: Scope,
): Promise<{ readonly reading: () => boolean }> {
  const brokers = { brokers: config.KAFKA_BROKERS, service: 'realtime', log: scope.log };
  await ensureTopics({ ...brokers, partitions: config.KAFKA_TOPIC_PARTITIONS });
  const eventLog = await scope.open(connectEventLog(brokers));
  const publisher = await scope.open(openPublisher({ eventLog }));
  const consumption = await scope.open(
    consume({
      eventLog,
      publisher,
      scope,
      group: `realtime-${epoch}`,
      topics: ['outcomes', 'balances'],
      batchMax: BATCH_MAX,
      handle: (batch) => Promise.resolve(take(batch)),
      startAt: async (topic) => position.startAt(topic, await eventLog.bounds(topic)),
    }),
  );
  const startedMs = nowMs();
  while (!(consumption.assigned() && position.caughtUp()) && nowMs() - startedMs < BACKFILL_WITHIN_MS) await pause(20);
  return { reading: () => consumption.assigned() };
}
