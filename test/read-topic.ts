import { topics, type MessageOf, type TopicKey } from '@trancendos/contracts/topics';
import { Kafka, logLevel, Partitioners, type Admin } from 'kafkajs';

/** Reads and writes a platform's topics from outside, past its own code. */
export class TopicReader {
  readonly #kafka: Kafka;
  readonly #admin: Admin;

  private constructor(kafka: Kafka, admin: Admin) {
    this.#kafka = kafka;
    this.#admin = admin;
  }

  static async connect(brokers: readonly string[]): Promise<TopicReader> {
    const kafka = new Kafka({ clientId: 'test', brokers: [...brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    return new TopicReader(kafka, admin);
  }

  async stop(): Promise<void> {
    await this.#admin.disconnect();
  }

  /** How many messages a topic has ever had, over its partitions. */
  async count(topic: TopicKey): Promise<number> {
    const offsets = await this.#admin.fetchTopicOffsets(topics[topic].name);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }

  /** Everything that is in a topic now. */
  async readAll<K extends TopicKey>(topic: K): Promise<MessageOf<K>[]> {
    const { name } = topics[topic];
    const ends = await this.#admin.fetchTopicOffsets(name);
    const wanted = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    if (wanted === 0) return [];
    const consumer = this.#kafka.consumer({ groupId: `test-${Date.now()}-${Math.random()}`, maxWaitTimeInMs: 100 });
    const messages: MessageOf<K>[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: name, fromBeginning: true });
    try {
      await new Promise<void>((resolve, reject) => {
        setTimeout(() => reject(new Error(`${messages.length} of ${wanted} messages of ${name} within 60 s`)), 60_000).unref();
        let seen = 0;
        void consumer.run({
          eachMessage: ({ message }) => {
            if (message.value) messages.push(JSON.parse(message.value.toString()) as MessageOf<K>);
            if (++seen === wanted) resolve();
            return Promise.resolve();
          },
        });
      });
    } finally {
      await consumer.disconnect();
    }
    return messages;
  }

  /** Puts bytes into a topic that no service of ours would write. */
  async poison(topic: TopicKey, value: string): Promise<void> {
    const producer = this.#kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic: topics[topic].name, messages: [{ key: 'poison', value }] });
    await producer.disconnect();
  }
}
