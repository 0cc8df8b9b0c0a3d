import { topics, type TopicKey } from '@trancendos/contracts/topics';
import { Kafka, logLevel, Partitioners, type Admin, type PartitionerArgs, type Consumer, type Producer } from 'kafkajs';
import { mendKafkajs } from './mend-kafkajs.ts';
import type { Logger } from './log.ts';
import type { Resource } from './run.ts';

/** One message on its way to a topic. */
export interface OutgoingMessage {
  readonly topic: TopicKey;
  readonly key: string;
  readonly value: string;
  readonly headers: Record<string, string>;
}

/** The log of events that services talk through: Apache Kafka, and this is the only file that knows its driver. */
export interface EventLog extends Resource {
  readonly service: string;
  /** One produce request for all of `messages`; resolves when every in-sync replica has them, rejects when that cannot be known. */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  /**
   * A new consumer of `group`. The caller connects, runs and disconnects it. It gets a message as soon as it is there; with `gatherMs` all
   * that came within that time at once, which costs itself and the brokers a small part of the fetches.
   */
  openConsumer(group: string, gatherMs?: number): Consumer;
  /** What `group` has committed of a topic: partition to next offset. Partitions without a commit are left out. */
  committedOffsets(group: string, topic: TopicKey): Promise<Map<number, bigint>>;
  /** First kept and next free offset of every partition of a topic. */
  bounds(topic: TopicKey): Promise<Map<number, { low: bigint; high: bigint }>>;
  /** By partition the offset of the first message that was produced at `sinceMs` or later; the next free one where none was. */
  offsetsAt(topic: TopicKey, sinceMs: number): Promise<Map<number, bigint>>;
  /** Throws when the broker does not answer. */
  ping(): Promise<void>;
}

export interface EventLogOptions {
  readonly brokers: readonly string[];
  readonly service: string;
  readonly log: Logger;
}

/** A dead member of a group is noticed after this long, so work moves on within seconds. */
const SESSION_TIMEOUT_MS = 6_000;
/** How long the broker keeps a fetch open when there is nothing; a commit on the same connection waits behind it. */
const FETCH_WAIT_MS = 100;
/** More than comes while messages are gathered, less than the driver takes at once. */
const GATHERED_BYTES = 1_048_576;
const REQUEST_TIMEOUT_MS = 10_000;

const byHash = Partitioners.DefaultPartitioner();

/** By the hash of the key, as every client of Kafka does it; where there is one partition nothing needs to be hashed. */
function choosePartition(asked: PartitionerArgs): number {
  return asked.partitionMetadata.length === 1 ? 0 : byHash(asked);
}

/** Connects to the brokers with a producer and an admin client. Throws when none answers within some seconds. */
export async function connectEventLog(options: EventLogOptions): Promise<EventLog> {
  mendKafkajs();
  const kafka = new Kafka({
    clientId: options.service,
    brokers: [...options.brokers],
    connectionTimeout: 3_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forwardLog(options.log, entry),
  });
  const producer = kafka.producer({
    createPartitioner: () => choosePartition,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 4 },
  });
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  return new KafkaEventLog(kafka, producer, admin, options.service);
}

class KafkaEventLog implements EventLog {
  readonly #kafka: Kafka;
  readonly #producer: Producer;
  readonly #admin: Admin;
  readonly service: string;
  constructor(kafka: Kafka, producer: Producer, admin: Admin, service: string) {
    this.#kafka = kafka;
    this.#producer = producer;
    this.#admin = admin;
    this.service = service;
  }

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    const byTopic = new Map<string, { key: string; value: string; headers: Record<string, string> }[]>();
    for (const { topic, key, value, headers } of messages) {
      const { name } = topics[topic];
      const list = byTopic.get(name);
      if (list) list.push({ key, value, headers });
      else byTopic.set(name, [{ key, value, headers }]);
    }
    const topicMessages = [...byTopic].map(([topic, list]) => ({ topic, messages: list }));
    await this.#producer.sendBatch({ acks: -1, topicMessages });
  }

  openConsumer(group: string, gatherMs?: number): Consumer {
    return this.#kafka.consumer({
      groupId: group,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: 1_500,
      rebalanceTimeout: 15_000,
      maxWaitTimeInMs: gatherMs ?? FETCH_WAIT_MS,
      minBytes: gatherMs === undefined ? 1 : GATHERED_BYTES,
      maxBytesPerPartition: 2_097_152,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: () => Promise.resolve(true) },
    });
  }

  async committedOffsets(group: string, topic: TopicKey): Promise<Map<number, bigint>> {
    const [offsets] = await this.#admin.fetchOffsets({ groupId: group, topics: [topics[topic].name] });
    const committed = (offsets?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)] as const);
    return new Map(committed.filter(([, offset]) => offset >= 0n));
  }

  async bounds(topic: TopicKey): Promise<Map<number, { low: bigint; high: bigint }>> {
    const partitions = await this.#admin.fetchTopicOffsets(topics[topic].name);
    return new Map(partitions.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]));
  }

  async offsetsAt(topic: TopicKey, sinceMs: number): Promise<Map<number, bigint>> {
    const partitions = await this.#admin.fetchTopicOffsetsByTimestamp(topics[topic].name, Math.floor(sinceMs));
    return new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
  }

  async ping(): Promise<void> {
    await this.#admin.describeCluster();
  }

  async stop(): Promise<void> {
    await this.#producer.disconnect();
    await this.#admin.disconnect();
  }
}

/**
 * Makes the topics of the table that are missing, with `partitions` each. Existing ones are left as they are: the number of partitions of a
 * topic is never changed, because that would move keys and break their order.
 */
export async function ensureTopics(options: EventLogOptions & { readonly partitions: number }): Promise<void> {
  mendKafkajs();
  const kafka = new Kafka({
    clientId: `${options.service}-topics`,
    brokers: [...options.brokers],
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forwardLog(options.log, entry),
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = Object.values(topics).filter((topic) => !existing.has(topic.name));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic: topic.name,
        numPartitions: options.partitions,
        configEntries: [
          { name: 'cleanup.policy', value: topic.cleanup },
          { name: 'retention.ms', value: String(topic.retentionMs) },
          { name: 'max.message.bytes', value: '1048576' },
        ],
      })),
    });
  } finally {
    await admin.disconnect();
  }
}

interface KafkaLogEntry {
  readonly level: logLevel;
  readonly log: { readonly message: string; readonly error?: unknown };
}

/** What the driver calls an error is mostly a broker that is away for a moment; it retries, so it is a warning to us. */
function forwardLog(log: Logger, entry: KafkaLogEntry): void {
  const { message, error } = entry.log;
  log.warn({ driver: 'kafka', cause: typeof error === 'string' ? error : undefined }, message);
}
