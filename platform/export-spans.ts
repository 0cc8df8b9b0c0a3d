import { ROOT_CONTEXT, SpanKind, trace, TraceFlags, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, RandomIdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Resource } from './run.ts';
import { recordSpansWith, type SpanStart } from './trace.ts';

export interface ExportOptions {
  readonly service: string;
  /** Of a collector that speaks OTLP over HTTP: `/v1/traces` is added. */
  readonly endpoint: string;
  /** Which share of the traces is recorded, 0 to 1. It follows from the trace's id, so every service decides the same. */
  readonly sampledShare: number;
}

/** Spans beyond this wait in vain, and are dropped: no payment waits for a collector. */
const QUEUE_MAX = 8_192;
const EXPORT_EVERY_MS = 1_000;
const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Random ids, but for the trace whose id is given. */
class GivenIdGenerator extends RandomIdGenerator {
  given: string | undefined;

  override generateTraceId = (): string => this.given ?? this.#random.generateTraceId();
  readonly #random = new RandomIdGenerator();
}

/** Records spans and sends them to a collector until it is stopped. This file alone knows the SDK, and is loaded only when tracing is on. */
export function openTracing({ service, endpoint, sampledShare }: ExportOptions): Resource {
  const ids = new GivenIdGenerator();
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'trancendos' }),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: QUEUE_MAX, scheduledDelayMillis: EXPORT_EVERY_MS })],
  });
  const tracer = provider.getTracer('trancendos');
  recordSpansWith((start) => {
    if (start.parent === undefined && start.traceId !== undefined && !isSampled(start.traceId, sampledShare)) return undefined;
    ids.given = start.traceId;
    const span = tracer.startSpan(start.name, optionsOf(start), parentOf(start.parent));
    ids.given = undefined;
    const { traceId, spanId } = span.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-01`,
      end: (attributes) => {
        if (attributes) span.setAttributes(attributes);
        span.end();
      },
    };
  });
  return {
    stop: async () => {
      recordSpansWith(undefined);
      await provider.shutdown().catch(() => undefined); // a collector that is away loses what was not sent
    },
  };
}

function optionsOf({ kind, startMs, links = [], attributes = {} }: SpanStart) {
  return {
    kind: KINDS[kind],
    attributes,
    links: links.map((link) => ({ context: contextOf(link) })),
    ...(startMs !== undefined && { startTime: startMs }),
  };
}

function parentOf(traceparent: string | undefined) {
  return traceparent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(traceparent));
}

function contextOf(traceparent: string): SpanContext {
  const [, traceId = '', spanId = ''] = traceparent.split('-');
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

/** The last 32 bits of our ids are random. */
const isSampled = (traceId: string, share: number): boolean => Number.parseInt(traceId.slice(-8), 16) / 2 ** 32 < share;
