import { EnvelopeHeaders } from '@trancendos/contracts/envelope';
import type { MessageOf, TopicKey } from '@trancendos/contracts/topics';
import type { KafkaMessage } from 'kafkajs';
import type { Received } from './consume.ts';
import type { Entry, Origin } from './inbox-queue.ts';
import { readMessage, Unreadable } from './read-message.ts';
import { isTracing, readTraceparent, TRACEPARENT } from './trace.ts';

const NOTHING = Buffer.alloc(0);

/** What a message says whose very text has been read before, by the schema of its topic; undefined where it has not. */
export type Recall<K extends TopicKey> = (topic: K, text: string) => MessageOf<K> | undefined;

export interface Fetched<K extends TopicKey> {
  readonly topic: K;
  readonly partition: number;
  readonly message: KafkaMessage;
  readonly receivedAtMs: number;
}

/**
 * Reads one fetched message by its topic's schema. A message without our headers is taken with the broker's time and its place in the log
 * as correlation id, so that what other tools publish is handled too. What `recall` knows is not read again.
 */
export function parseMessage<K extends TopicKey>(fetched: Fetched<K>, recall?: Recall<K>): Entry<Received<K>> {
  const { topic, partition, message, receivedAtMs } = fetched;
  const headers = EnvelopeHeaders.safeParse(textHeaders(message));
  const offset = BigInt(message.offset);
  const origin: Origin = {
    topic,
    partition,
    offset,
    key: message.key?.toString() ?? null,
    correlationId: headers.data?.['correlation-id'] ?? `${topic}-${partition}-${message.offset}`,
    sentAtMs: headers.success ? Number(headers.data['sent-at-ms']) : Number(message.timestamp),
    payload: () => message.value ?? NOTHING,
  };
  if (message.value === null) return { kind: 'skip', origin };
  const text = message.value.toString('utf8');
  const read = recall?.(topic, text) ?? readMessage(topic, text);
  if (read instanceof Unreadable) return { kind: 'unreadable', origin, code: read.code, detail: read.detail };
  const { correlationId, sentAtMs } = origin;
  const sent = { value: read, correlationId, sentAtMs, receivedAtMs, ...traceOf(message) };
  const received = { topic, partition, offset, key: origin.key ?? '', ...sent };
  return { kind: 'message', origin, message: received };
}

function traceOf({ headers }: KafkaMessage): { traceparent?: string } {
  const traceparent = isTracing() ? readTraceparent(headers?.[TRACEPARENT]) : undefined;
  return traceparent === undefined ? {} : { traceparent };
}

function textHeaders(message: KafkaMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) headers[name] = String(value);
  return headers;
}
