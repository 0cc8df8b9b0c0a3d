import type { TopicKey } from '@trancendos/contracts/topics';
import { nowMs, pause } from '@trancendos/platform/clock';
import { consume, type Received, type Verdict } from '@trancendos/platform/consume';
import { connectEventLog, ensureTopics, type EventLog } from '@trancendos/platform/event-log';
import { openPublisher } from '@trancendos/platform/publish';
import type { Scope } from '@trancendos/platform/run';
import type { RealtimeConfig } from './config.ts';
import type { Bounds, LogPosition } from './log-position.ts';

const BATCH_MAX = 2_000;
/** Half a frame. */
const GATHER_MS = 50;
/** Consoles are taken at the latest after this, whether or not the log can be read; */
const ASSIGNED_WITHIN_MS = 5_000;
/** and after this where it is read, but not to its end: rows that a console has seen elsewhere would come again. */
const BACKFILL_WITHIN_MS = 20_000;

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
      gatherMs: GATHER_MS,
      handle: (batch) => Promise.resolve(take(batch)),
      startAt: async (topic) => position.startAt(topic, await readBounds(eventLog, topic, nowMs() - config.FEED_BACKFILL_SECONDS * 1_000)),
    }),
  );
  const startedMs = nowMs();
  const isIn = () => consumption.assigned() && position.caughtUp();
  while (!isIn() && nowMs() - startedMs < (consumption.assigned() ? BACKFILL_WITHIN_MS : ASSIGNED_WITHIN_MS)) await pause(20);
  return { reading: () => consumption.assigned() };
}

async function readBounds(eventLog: EventLog, topic: TopicKey, recentFromMs: number): Promise<Map<number, Bounds>> {
  const [bounds, recent] = await Promise.all([eventLog.bounds(topic), eventLog.offsetsAt(topic, recentFromMs)]);
  return new Map([...bounds].map(([partition, { low, high }]) => [partition, { low, high, recent: recent.get(partition) ?? high }]));
}
