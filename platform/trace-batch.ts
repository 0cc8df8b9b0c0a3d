import { enterSpan, isTracing, startSpan } from './trace.ts';

interface TracedMessage {
  readonly topic: string;
  readonly correlationId: string;
  readonly receivedAtMs: number;
  readonly traceparent?: string;
}

/** A batch's span names this many of its messages; more would be cut by the SDK. */
const LINKS_MAX = 100;
const NOTHING = () => undefined;

/**
 * Spans of a batch that begins to be handled: one of its own, linked to its messages, and one for each message in the message's trace, from
 * when it was fetched. Gives what ends them.
 */
export function traceBatch(group: string, received: readonly TracedMessage[]): () => void {
  if (!isTracing()) return NOTHING;
  const traced = received.filter(({ traceparent }) => traceparent !== undefined);
  if (traced.length === 0) return NOTHING;
  const links = traced.slice(0, LINKS_MAX).map(({ traceparent }) => traceparent ?? '');
  const attributes = { 'messaging.system': 'kafka', 'messaging.consumer.group.name': group };
  const count = { ...attributes, 'messaging.batch.message_count': received.length };
  const batch = startSpan({ name: `${group} batch`, kind: 'consumer', links, attributes: count });
  const spans = traced.map(({ topic, traceparent, receivedAtMs, correlationId }) => {
    const span = startSpan({ name: `${topic} process`, kind: 'consumer', parent: traceparent, startMs: receivedAtMs, attributes });
    enterSpan(correlationId, span);
    return span;
  });
  return () => {
    for (const span of [...spans, batch]) span?.end();
  };
}
