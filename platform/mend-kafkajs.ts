import { createRequire } from 'node:module';
import { nowMs } from './clock.ts';
import { encodeProduce, type ProducedRecord } from './encode-produce.ts';

/**
 * Mends what kafkajs 2.2.4 wastes on every connection and every message. Called before the first connection; calling it again changes
 * nothing.
 */
export function mendKafkajs(): void {
  const load = createRequire(import.meta.url);
  stopPolling(load);
  encodeOnce(load);
}

interface RequestQueue {
  pending: unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
  calmed?: true;
}

/**
 * Every connection re-arms a timer of 1 ms (or of a negative time, which Node 24 warns about) to look at an empty queue, 3 % of a core a
 * connection (github.com/tulios/kafkajs/issues/1751). A timer is needed only while requests are pending; an answer that frees a slot looks
 * at the queue by itself.
 */
function stopPolling(load: NodeJS.Require): void {
  const { prototype } = load('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  if (prototype.calmed) return;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
  prototype.calmed = true;
}

/** What the driver calls its encoder with. */
interface DriverRequest {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | undefined;
  readonly compression?: number | undefined;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly messages: readonly DriverMessage[] }[];
  }[];
}

interface DriverMessage {
  readonly key?: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly timestamp?: string;
  readonly headers?: Record<string, string>;
}

/** An encoder whose work is done, as the driver's own encoders take it. */
interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
  readonly size: () => number;
}

type EncodeRequest = (request: DriverRequest) => Record<string, unknown>;

/** The encoder of versions 3 to 7, which the driver loads when it first produces. What we never send is left to its own. */
function encodeOnce(load: NodeJS.Require): void {
  const path = load.resolve('kafkajs/src/protocol/requests/produce/v3/request.js');
  const own = load(path) as EncodeRequest & { mended?: true };
  if (own.mended) return;
  const mended: EncodeRequest & { mended?: true } = (request) =>
    isPlain(request) ? { ...own(request), encode: () => Promise.resolve(encode(request)) } : own(request);
  mended.mended = true;
  (load.cache[path] as NodeJS.Module).exports = mended;
}

function isPlain({ transactionalId, compression = 0, topicData }: DriverRequest): boolean {
  if (transactionalId !== undefined || compression !== 0) return false;
  return topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every(({ timestamp }) => timestamp === undefined)),
  );
}

function encode({ acks, timeout, topicData }: DriverRequest): Encoded {
  const topics = topicData.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, messages }) => ({ partition, records: messages.map(recordOf) })),
  }));
  const buffer = encodeProduce({ acks, timeoutMs: timeout, topics }, Math.floor(nowMs()));
  return { buf: buffer, buffer, size: () => buffer.length };
}

function recordOf({ key = null, value, headers = {} }: DriverMessage): ProducedRecord {
  return { key, value, headers };
}
