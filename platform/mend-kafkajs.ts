import { createRequire } from 'node:module';
import { nowMs } from './clock.ts';
import { decodeFetch, type FetchAnswer } from './decode-fetch.ts';
import { encodeFetch } from './encode-fetch.ts';
import { encodeProduce, type ProducedRecord } from './encode-produce.ts';

/**
 * Mends what kafkajs 2.2.4 wastes on every connection and every message. Called before the first connection; calling it again changes
 * nothing.
 */
export function mendKafkajs(): void {
  const load = createRequire(import.meta.url);
  stopPolling(load);
  encodeOnce(load);
  fetchAtOneGo(load);
}

interface RequestQueue {
  pending: unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
  calmed?: true;
}

/**
 * Every connection re-arms a timer of 1 ms (or of a negative time, which Node warns about) to look at an empty queue, 3 % of a core a
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
  return asEncoded(encodeProduce({ acks, timeoutMs: timeout, topics }, Math.floor(nowMs())));
}

function asEncoded(buffer: Buffer): Encoded {
  return { buf: buffer, buffer, size: () => buffer.length };
}

function recordOf({ key = null, value, headers = {} }: DriverMessage): ProducedRecord {
  return { key, value, headers };
}

/** What the driver calls its encoder of fetches with. */
interface DriverFetch {
  readonly replicaId: number;
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }[];
  }[];
  readonly rackId: string;
}

type FetchEncoder = (request: DriverFetch) => Record<string, unknown>;

/**
 * The driver waits for a promise for each topic, partition and batch of an answer, and decodes each record with a decoder, a 64-bit number
 * and an object for each of its headers of its own.
 */
function fetchAtOneGo(load: NodeJS.Require): void {
  const path = load.resolve('kafkajs/src/protocol/requests/fetch/v11/request.js');
  const own = load(path) as FetchEncoder & { mended?: true };
  if (own.mended) return;
  const mended: FetchEncoder & { mended?: true } = (request) => ({
    ...own(request),
    encode: () => Promise.resolve(encodeDriverFetch(request)),
  });
  mended.mended = true;
  (load.cache[path] as NodeJS.Module).exports = mended;
  const response = load('kafkajs/src/protocol/requests/fetch/v11/response.js') as { decode: (body: Buffer) => Promise<FetchAnswer> };
  const decodeOwn = response.decode;
  response.decode = (body) => {
    const answer = decodeFetch(body);
    return answer ? Promise.resolve(answer) : decodeOwn(body);
  };
}

function encodeDriverFetch({ topics, maxWaitTime, ...asked }: DriverFetch): Encoded {
  const partitionsOf = (partitions: DriverFetch['topics'][number]['partitions']) =>
    partitions.map(({ partition, fetchOffset, maxBytes }) => ({ partition, fetchOffset: BigInt(fetchOffset), maxBytes }));
  return asEncoded(
    encodeFetch({
      ...asked,
      maxWaitMs: maxWaitTime,
      topics: topics.map(({ topic, partitions }) => ({ topic, partitions: partitionsOf(partitions) })),
    }),
  );
}
