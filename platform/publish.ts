import type { MessageOf, TopicKey } from '@trancendos/contracts/topics';
import { nowMs, pause } from './clock.ts';
import type { EventLog, OutgoingMessage } from './event-log.ts';
import { metrics } from './metrics.ts';
import type { Resource } from './run.ts';
import { spanOf, startSpan, TRACEPARENT, type OpenSpan } from './trace.ts';

/** The broker did not confirm a message in time. It may have it all the same: readers recognise duplicates. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly code: 'unavailable' | 'queue_full' | 'stopped';

  constructor(code: PublishError['code'], cause?: unknown) {
    super(`not published: ${code}`, { cause });
    this.code = code;
  }
}

/** Hands messages to the event log, many at a time. */
export interface Publisher extends Resource {
  /**
   * Resolves when the broker has the message. Messages keep the order of the calls, and what is called while a request is under way goes
   * together into the next one. Rejects with `PublishError`.
   */
  publish<K extends TopicKey>(topic: K, key: string, message: MessageOf<K>, correlationId: string): Promise<void>;
  /** The same for a message whose JSON is at hand: writing it takes longer than all the rest. */
  publishText(topic: TopicKey, key: string, text: string, correlationId: string): Promise<void>;
}

export interface PublisherOptions {
  readonly eventLog: Pick<EventLog, 'send' | 'service'>;
  /** Most messages in one request. Default 500. */
  readonly batchMax?: number;
  /** Most messages waiting; more are refused at once. Default 20,000. */
  readonly queueMax?: number;
  /** How long a message may wait for its confirmation. Default 5,000. */
  readonly deadlineMs?: number;
}

interface Waiting {
  readonly message: OutgoingMessage;
  /** Of its record, about. */
  readonly bytes: number;
  readonly expiresAtMs: number;
  readonly resolve: () => void;
  readonly reject: (error: PublishError) => void;
}

/**
 * Most bytes for one topic in one request. The broker takes 1 MiB for each partition (`max.message.bytes`) and refuses the whole request
 * beyond that.
 */
const TOPIC_BYTES_MAX = 900_000;
/** Headers, lengths, offset and time of one record. */
const RECORD_OVERHEAD_BYTES = 200;
/** A request that is not confirmed in time is given this long to end, before others follow it all the same. */
const LATE_MOST_MS = 60_000;
const EXPIRE_EVERY_MS = 500;

/** Opens a publisher. One request is under way at a time, so messages never overtake each other, not even when one is tried again. */
export function openPublisher(options: PublisherOptions): Publisher {
  return new CoalescingPublisher(options);
}

/** From handing a message over to its confirmation; undefined where what it follows from is not traced. */
function startPublishing(topic: TopicKey, correlationId: string): OpenSpan | undefined {
  const parent = spanOf(correlationId);
  if (parent === undefined) return undefined;
  return startSpan({ name: `${topic} publish`, kind: 'producer', parent, attributes: { 'messaging.system': 'kafka' } });
}

class CoalescingPublisher implements Publisher {
  readonly #eventLog: PublisherOptions['eventLog'];
  readonly #batchMax: number;
  readonly #queueMax: number;
  readonly #deadlineMs: number;
  #queue: Waiting[] = [];
  #sending: Promise<void> | undefined;
  #stopped = false;

  constructor(options: PublisherOptions) {
    this.#eventLog = options.eventLog;
    this.#batchMax = options.batchMax ?? 500;
    this.#queueMax = options.queueMax ?? 20_000;
    this.#deadlineMs = options.deadlineMs ?? 5_000;
  }

  publish<K extends TopicKey>(topic: K, key: string, message: MessageOf<K>, correlationId: string): Promise<void> {
    return this.publishText(topic, key, JSON.stringify(message), correlationId);
  }

  publishText(topic: TopicKey, key: string, text: string, correlationId: string): Promise<void> {
    if (this.#stopped) return Promise.reject(new PublishError('stopped'));
    if (this.#queue.length >= this.#queueMax) return Promise.reject(new PublishError('queue_full'));
    const sentAtMs = nowMs();
    const span = startPublishing(topic, correlationId);
    const headers = {
      'correlation-id': correlationId,
      producer: this.#eventLog.service,
      'sent-at-ms': sentAtMs.toFixed(3),
      ...(span && { [TRACEPARENT]: span.traceparent }),
    };
    return new Promise((resolve, reject) => {
      this.#queue.push({
        message: { topic, key, value: text, headers },
        bytes: Buffer.byteLength(text) + Buffer.byteLength(key) + RECORD_OVERHEAD_BYTES,
        expiresAtMs: sentAtMs + this.#deadlineMs,
        resolve: () => {
          span?.end();
          resolve();
        },
        reject: (error) => {
          span?.end({ 'error.type': error.code });
          reject(error);
        },
      });
      this.#sending ??= this.#sendAll();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    await new Promise(setImmediate); // what the present turn of the event loop still publishes comes along
    while (this.#queue.length > 0) {
      await this.#sendBatch(this.#takeBatch());
      this.#expireOverdue();
    }
    this.#sending = undefined;
  }

  /** The first that wait, as many as one request carries; at least one. */
  #takeBatch(): Waiting[] {
    const bytesOfTopic = new Map<TopicKey, number>();
    const end = this.#queue.findIndex(({ message, bytes }, index) => {
      const sum = (bytesOfTopic.get(message.topic) ?? 0) + bytes;
      bytesOfTopic.set(message.topic, sum);
      return index > 0 && (index >= this.#batchMax || sum > TOPIC_BYTES_MAX);
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }

  async #sendBatch(batch: readonly Waiting[]): Promise<void> {
    const startedMs = nowMs();
    const sending = this.#eventLog.send(batch.map(({ message }) => message));
    try {
      await withDeadline(sending, this.#deadlineMs);
    } catch (error) {
      for (const waiting of batch) waiting.reject(new PublishError('unavailable', error));
      await this.#letEnd(sending);
      return;
    }
    metrics.publishSeconds.observe({}, (nowMs() - startedMs) / 1000);
    metrics.publishBatchSize.observe({}, batch.length);
    for (const waiting of batch) {
      metrics.published.inc({ topic: waiting.message.topic });
      waiting.resolve();
    }
  }

  /** Waits for a request that was given up: it may still reach the broker, and nothing may overtake it. */
  async #letEnd(sending: Promise<void>): Promise<void> {
    const ended = sending.then(
      () => true,
      () => true,
    );
    for (const untilMs = nowMs() + LATE_MOST_MS; nowMs() < untilMs;) {
      if (await Promise.race([ended, pause(EXPIRE_EVERY_MS).then(() => false)])) return;
      this.#expireOverdue();
      if (this.#stopped && this.#queue.length === 0) return;
    }
  }

  #expireOverdue(): void {
    const now = nowMs();
    const overdue = this.#queue.filter((waiting) => waiting.expiresAtMs <= now);
    if (overdue.length === 0) return;
    this.#queue = this.#queue.filter((waiting) => waiting.expiresAtMs > now);
    for (const waiting of overdue) waiting.reject(new PublishError('unavailable'));
  }
}

function withDeadline(work: Promise<void>, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no confirmation within ${deadlineMs} ms`)), deadlineMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
