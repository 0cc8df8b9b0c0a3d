import { RecentMap } from './keep-recent.ts';

/** What a span is, in the words of OpenTelemetry. */
export interface SpanStart {
  /** Few and closed, such as `decisions publish`: never an id. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** The span that it is a part of, as `traceparent`; without it, it begins a trace. */
  readonly parent?: string | undefined;
  /** The id of the trace that it begins: 32 hexadecimal digits. Default: a random one. */
  readonly traceId?: string | undefined;
  /** Milliseconds since the epoch. Default: now. */
  readonly startMs?: number | undefined;
  /** Spans that it follows from without being a part of them, each as `traceparent`. */
  readonly links?: readonly string[];
  readonly attributes?: SpanAttributes;
}
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A span that is under way. It is recorded when it ends. */
export interface OpenSpan {
  /** Names it to others: W3C Trace Context, level 1. */
  readonly traceparent: string;
  end(attributes?: SpanAttributes): void;
}

/** Begins a span; undefined for a trace that is not sampled. */
export type SpanStarter = (start: SpanStart) => OpenSpan | undefined;

/** The name of the header in HTTP and in messages. */
export const TRACEPARENT = 'traceparent';
const WELL_FORMED = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** More than are under way in one process. */
const CURRENT_MAX = 20_000;

let starter: SpanStarter | undefined;
const current = new RecentMap<string>(CURRENT_MAX);

/** Turns tracing on for this process, or off again. `platform/export-spans.ts` calls it; without it nothing here does anything. */
export function recordSpansWith(start: SpanStarter | undefined): void {
  starter = start;
  current.clear();
}

export function isTracing(): boolean {
  return starter !== undefined;
}

/** Begins a span; undefined where tracing is off or the trace is not sampled. */
export function startSpan(start: SpanStart): OpenSpan | undefined {
  return starter?.(start);
}

/** Records a part of what is done for `correlationId`, from `startMs` to now; nothing where its trace is not recorded. */
export function recordSpan(correlationId: string, start: SpanStart): void {
  if (starter === undefined) return;
  const parent = current.get(correlationId);
  if (parent !== undefined) starter({ ...start, parent })?.end();
}

/** Notes what is being done in this process for `correlationId`, so that spans of it and messages that follow find their parent. */
export function enterSpan(correlationId: string, span: OpenSpan | undefined): void {
  if (span === undefined) return;
  current.delete(correlationId);
  current.set(correlationId, span.traceparent);
}

/** What `enterSpan` has noted last for `correlationId`, as `traceparent`. */
export function spanOf(correlationId: string): string | undefined {
  return starter === undefined ? undefined : current.get(correlationId);
}

/** A `traceparent` from outside, if it is one; anything else is passed over. */
export function readTraceparent(value: unknown): string | undefined {
  const text = typeof value === 'string' || Buffer.isBuffer(value) ? String(value) : '';
  return WELL_FORMED.test(text) ? text : undefined;
}
