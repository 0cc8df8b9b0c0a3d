import { topics } from '@trancendos/contracts/topics';
import { nowMs } from '@trancendos/platform/clock';
import type { EventLog } from '@trancendos/platform/event-log';
import type { Logger } from '@trancendos/platform/log';
import { newId } from '@trancendos/platform/new-id';
import { parseMessage } from '@trancendos/platform/parse-message';
import type { Resource } from '@trancendos/platform/run';
import { FOLDED_TOPICS, type FoldedTopic } from './feature-state.ts';
import type { FoldedLog } from './folded-log.ts';

export interface FollowerOptions {
  readonly eventLog: Pick<EventLog, 'openConsumer' | 'bounds' | 'service'>;
  readonly folded: FoldedLog;
  readonly log: Logger;
  /** Ends the service: a state that no longer follows must not decide. */
  readonly fail: (error: unknown) => void;
}

type Consumer = ReturnType<EventLog['openConsumer']>;
type Fetched = Parameters<NonNullable<NonNullable<Parameters<Consumer['run']>[0]>['eachBatch']>>[0];
interface TopicPartitions {
  readonly topic: FoldedTopic;
  readonly partitions: readonly number[];
}
type Partitions = ReadonlyMap<FoldedTopic, readonly number[]>;

/**
 * Folds the partitions that other workers decide on, so that every worker's state is that of the whole log: terminals are met by everybody's
 * customers, and a partition that moves here finds its customers known. A worker that owns every partition follows nothing and runs no second
 * consumer.
 */
export class PartitionFollower implements Resource {
  readonly #options: FollowerOptions;
  #owned: Partitions = new Map();
  #consumer: Consumer | undefined;
  /** Changes follow each other: a consumer is not stopped while it is started. */
  #settling: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Follows everything but `owned` from now on. */
  leaveOut(owned: Partitions): void {
    this.#owned = owned;
    this.#settling = this.#settling.then(() => this.#settle()).catch((error: unknown) => this.#options.fail(error));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#settling;
    await this.#close();
  }

  async #settle(): Promise<void> {
    if (this.#stopped) return;
    const foreign = await this.#foreign();
    if (foreign.every(({ partitions }) => partitions.length === 0)) {
      await this.#close();
      return;
    }
    if (!this.#consumer) await this.#open(foreign);
    else this.#seek(this.#consumer, foreign);
    this.#options.log.info(
      { follows: foreign.map(({ topic, partitions }) => `${topic}/${partitions.join('+')}`) },
      'other workers decide on these partitions',
    );
  }

  async #foreign(): Promise<TopicPartitions[]> {
    const all = FOLDED_TOPICS.map(async (topic) => {
      const bounds = await this.#options.eventLog.bounds(topic);
      return { topic, partitions: [...bounds.keys()].filter((partition) => !this.#owns(topic, partition)) };
    });
    return Promise.all(all);
  }

  async #open(foreign: readonly TopicPartitions[]): Promise<void> {
    const { eventLog, fail } = this.#options;
    const consumer = eventLog.openConsumer(newId(`${eventLog.service}-follow`));
    this.#consumer = consumer;
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) fail(payload.error);
    });
    consumer.on(consumer.events.GROUP_JOIN, () => this.#seek(consumer, foreign));
    await consumer.connect();
    await consumer.subscribe({ topics: FOLDED_TOPICS.map((topic) => topics[topic].name), fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: (fetched) => this.#read(fetched),
    });
  }

  async #close(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.disconnect();
  }

  /** From where the state ends: what was folded since through the other consumer is not fetched again. */
  #seek(consumer: Consumer, foreign: readonly TopicPartitions[]): void {
    for (const { topic, partitions } of foreign) {
      for (const partition of partitions) {
        consumer.seek({ topic: topics[topic].name, partition, offset: String(this.#options.folded.positionOf(topic, partition)) });
      }
    }
    this.#pauseOwned();
  }

  /** What is decided here comes through the other consumer. */
  #pauseOwned(): void {
    const consumer = this.#consumer;
    if (!consumer) return;
    consumer.resume(FOLDED_TOPICS.map((topic) => ({ topic: topics[topic].name })));
    const owned = [...this.#owned].filter(([, partitions]) => partitions.length > 0);
    consumer.pause(owned.map(([topic, partitions]) => ({ topic: topics[topic].name, partitions: [...partitions] })));
  }

  async #read(fetched: Fetched): Promise<void> {
    const { batch } = fetched;
    const topic = FOLDED_TOPICS.find((key) => topics[key].name === batch.topic);
    if (topic === undefined) return;
    const { folded } = this.#options;
    const { partition } = batch;
    const receivedAtMs = nowMs();
    for (const message of batch.messages) {
      const offset = BigInt(message.offset);
      if (offset < folded.positionOf(topic, partition)) continue;
      const entry = parseMessage<FoldedTopic>({ topic, partition, message, receivedAtMs });
      if (entry.kind === 'message') folded.take(entry.message);
      else folded.skipTo(topic, partition, offset + 1n); // its owner sets it aside
    }
    fetched.resolveOffset(batch.lastOffset());
    await fetched.heartbeat();
  }

  #owns(topic: FoldedTopic, partition: number): boolean {
    return this.#owned.get(topic)?.includes(partition) ?? false;
  }
}
