import { topics, type TopicKey } from '@trancendos/contracts/topics';
import { nowMs, pause } from '@trancendos/platform/clock';
import type { Received } from '@trancendos/platform/consume';
import type { EventLog } from '@trancendos/platform/event-log';
import { newId } from '@trancendos/platform/new-id';
import { parseMessage } from '@trancendos/platform/parse-message';

/** A stretch of one partition: offsets `from` up to `to`, excluding. */
export interface LogRange {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

export interface ReplayOptions<K extends TopicKey> {
  readonly eventLog: Pick<EventLog, 'openConsumer' | 'service'>;
  readonly topic: K;
  /** All of their messages are still kept. */
  readonly ranges: readonly LogRange[];
  /** Called with every readable message, in the order of its partition. What is not readable was set aside when it was new. */
  readonly handle: (received: Received<K>) => void;
}

type Consumer = ReturnType<EventLog['openConsumer']>;
type Fetched = Parameters<NonNullable<NonNullable<Parameters<Consumer['run']>[0]>['eachBatch']>>[0];

/** Without a message for this long something is wrong that waiting does not mend. */
const STALL_MS = 30_000;

/**
 * Reads stretches of a topic again, in a group of its own that commits nothing; resolves when all of it has been handled. Rejects when the
 * broker stops giving messages, and with what `handle` throws.
 */
export async function replayLog<K extends TopicKey>(options: ReplayOptions<K>): Promise<void> {
  const replay = new TopicReplay(options);
  if (replay.done()) return;
  const { eventLog, topic } = options;
  const { name } = topics[topic];
  const consumer = eventLog.openConsumer(newId(`${eventLog.service}-replay`));
  const { promise: finished, resolve, reject } = Promise.withResolvers<undefined>();
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  consumer.on(consumer.events.GROUP_JOIN, () => replay.seek(consumer));
  const eachBatch = async (fetched: Fetched): Promise<void> => {
    // The driver would hand the batch over again and again; a fault in our own code is not mended by that.
    await replay.read(fetched).catch(reject);
    if (replay.done()) resolve(undefined);
  };
  const ended = new AbortController();
  const run = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topics: [name], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 4, eachBatch });
  };
  try {
    await Promise.all([run(), Promise.race([finished, replay.rejectOnStall(ended.signal)])]);
  } finally {
    ended.abort();
    await consumer.disconnect();
  }
}

class TopicReplay<K extends TopicKey> {
  readonly #options: ReplayOptions<K>;
  /** Partitions that are not finished: the next offset to handle, and the one to stop at. */
  readonly #left: Map<number, { next: bigint; readonly to: bigint }>;
  #lastProgressMs = nowMs();

  constructor(options: ReplayOptions<K>) {
    this.#options = options;
    const ranges = options.ranges.filter(({ from, to }) => from < to);
    this.#left = new Map(ranges.map(({ partition, from, to }) => [partition, { next: from, to }]));
  }

  done(): boolean {
    return this.#left.size === 0;
  }

  /** After every assignment, also a second one: from where it stopped. */
  seek(consumer: Consumer): void {
    const { name } = topics[this.#options.topic];
    for (const [partition, { next }] of this.#left) consumer.seek({ topic: name, partition, offset: String(next) });
  }

  async read(fetched: Fetched): Promise<void> {
    const { topic, handle } = this.#options;
    const { batch } = fetched;
    const { partition } = batch;
    const receivedAtMs = nowMs();
    for (const message of batch.messages) {
      const left = this.#left.get(partition);
      if (!left) break;
      const offset = BigInt(message.offset);
      if (offset < left.next) continue; // fetched before the seek took effect
      const entry = parseMessage<K>({ topic, partition, message, receivedAtMs });
      if (offset < left.to && entry.kind === 'message') handle(entry.message);
      left.next = offset + 1n;
      if (left.next >= left.to) this.#left.delete(partition);
      this.#lastProgressMs = receivedAtMs;
    }
    fetched.resolveOffset(batch.lastOffset());
    await fetched.heartbeat();
  }

  async rejectOnStall(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      await pause(1_000, ended);
      if (nowMs() - this.#lastProgressMs > STALL_MS)
        throw new Error(`no message of ${this.#options.topic} for ${STALL_MS} ms while replaying`);
    }
  }
}
