import { topics, type TopicKey } from '@trancendos/contracts/topics';
import { nowMs, pause } from '@trancendos/platform/clock';
import type { Received } from '@trancendos/platform/consume';
import type { EventLog } from '@trancendos/platform/event-log';
import { newId } from '@trancendos/platform/new-id';
import { parseMessage } from '@trancendos/platform/parse-message';
import { ReplayLanes, type LogRange } from './replay-lanes.ts';

export interface ReplayOptions<K extends TopicKey> {
  readonly eventLog: Pick<EventLog, 'openConsumer' | 'service'>;
  /** All of their messages are still kept. */
  readonly ranges: readonly LogRange<K>[];
  /**
   * Called with every readable message: those of a partition in their order, and all of them in the order in which they were sent, as far as
   * that allows. What is not readable was set aside when it was new.
   */
  readonly handle: (received: Received<K>) => void;
}

type Consumer = ReturnType<EventLog['openConsumer']>;
type Fetched = Parameters<NonNullable<NonNullable<Parameters<Consumer['run']>[0]>['eachBatch']>>[0];

/** Without a message for this long something is wrong that waiting does not mend. */
const STALL_MS = 30_000;

/**
 * Reads stretches of topics again, in a group of its own that commits nothing; resolves when all of it has been handled. Rejects when the
 * broker stops giving messages, and with what `handle` throws.
 */
export async function replayLog<K extends TopicKey>(options: ReplayOptions<K>): Promise<void> {
  const lanes = new ReplayLanes<K>(options.ranges, options.handle);
  if (lanes.done()) return;
  const replay = new LogReplay(lanes, options.eventLog.openConsumer(newId(`${options.eventLog.service}-replay`)));
  try {
    await replay.run([...new Set(options.ranges.map(({ topic }) => topic))]);
  } finally {
    await replay.close();
  }
}

class LogReplay<K extends TopicKey> {
  readonly #lanes: ReplayLanes<K>;
  readonly #consumer: Consumer;
  readonly #ended = new AbortController();
  readonly #finished = Promise.withResolvers<undefined>();
  #lastProgressMs = nowMs();

  constructor(lanes: ReplayLanes<K>, consumer: Consumer) {
    this.#lanes = lanes;
    this.#consumer = consumer;
  }

  async run(keys: readonly K[]): Promise<void> {
    const consumer = this.#consumer;
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) this.#finished.reject(payload.error);
    });
    consumer.on(consumer.events.GROUP_JOIN, () => this.#seek());
    const start = async (): Promise<void> => {
      await consumer.connect();
      await consumer.subscribe({ topics: keys.map((key) => topics[key].name), fromBeginning: true });
      const eachBatch = (fetched: Fetched) => this.#read(keys, fetched);
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 4, eachBatch });
    };
    await Promise.all([start(), Promise.race([this.#finished.promise, this.#rejectOnStall()])]);
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#consumer.disconnect();
  }

  /** After every assignment, also a second one: from where it stopped. */
  #seek(): void {
    for (const { topic, partition, next } of this.#lanes.positions()) {
      this.#consumer.seek({ topic: topics[topic].name, partition, offset: String(next) });
    }
  }

  async #read(keys: readonly K[], fetched: Fetched): Promise<void> {
    try {
      this.#takeIn(keys, fetched);
    } catch (error) {
      // The driver would hand the batch over again and again; a fault in our own code is not mended by that.
      this.#finished.reject(error);
      return;
    }
    fetched.resolveOffset(fetched.batch.lastOffset());
    if (this.#lanes.done()) this.#finished.resolve(undefined);
    else await fetched.heartbeat(); // who has been put out of the group joins it again, and reads on from where it was
  }

  #takeIn(keys: readonly K[], { batch }: Fetched): void {
    const { partition } = batch;
    const topic = keys.find((key) => topics[key].name === batch.topic);
    if (topic === undefined) return;
    const receivedAtMs = nowMs();
    for (const message of batch.messages) {
      this.#lanes.push(topic, partition, BigInt(message.offset), () => {
        const entry = parseMessage<K>({ topic, partition, message, receivedAtMs });
        return entry.kind === 'message' ? entry.message : undefined;
      });
    }
    this.#lastProgressMs = receivedAtMs;
    this.#lanes.drain();
    this.#balance(keys);
  }

  /** Partitions that are far ahead of the others are not read on until those have followed. */
  #balance(keys: readonly K[]): void {
    for (const topic of keys) {
      const { ahead, behind } = this.#lanes.split(topic);
      const { name } = topics[topic];
      if (ahead.length > 0) this.#consumer.pause([{ topic: name, partitions: ahead }]);
      if (behind.length > 0) this.#consumer.resume([{ topic: name, partitions: behind }]);
    }
  }

  async #rejectOnStall(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await pause(1_000, this.#ended.signal);
      if (nowMs() - this.#lastProgressMs > STALL_MS) throw new Error(`no message for ${STALL_MS} ms while replaying`);
    }
  }
}
