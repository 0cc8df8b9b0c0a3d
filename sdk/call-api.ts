import type { Problem } from '@trancendos/contracts/http';
import { pause, pauseBefore } from './pause.ts';
import { TrancendosError } from './problem-error.ts';

export interface ClientOptions {
  /** Scheme and host, e.g. `https://api.example.com`. */
  readonly baseUrl: string;
  /** `trn_live_...` or `trn_test_...`. */
  readonly apiKey: string;
  /** How often a request is tried before it is given up. Default 5. */
  readonly attemptsMax?: number;
  /** How long one attempt may take. Default 10,000. */
  readonly timeoutMs?: number;
  /** Told before every further attempt. */
  readonly onRetry?: (retry: { readonly attempt: number; readonly afterMs: number; readonly status: number | undefined }) => void;
  readonly fetch?: typeof globalThis.fetch;
}

/** One request; whatever its method, sending it again does nothing twice. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Instead of a body: JSON objects, one a line. */
  readonly lines?: readonly string[];
  /** The same at every attempt. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
}

const NDJSON = 'application/x-ndjson';
/** How often a request is tried where nothing else is said. */
export const ATTEMPTS_MAX = 5;
const TIMEOUT_MS = 10_000;

interface Attempt {
  readonly status: number | undefined;
  readonly body: unknown;
  /** What `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined;
  readonly failure?: unknown;
}

/**
 * Sends a request until it is answered: again after a broken connection, a time-out, 429, 503, a 409 with Retry-After, and a 202 whose
 * decision is on its way; never sooner than Retry-After says, with growing pauses that are a little random. A 202 that stays one is
 * returned as it is. Throws `TrancendosError`, and what `signal` was aborted with.
 */
export async function callApi<Answer>(options: ClientOptions, call: Call): Promise<Answer> {
  const { attemptsMax = ATTEMPTS_MAX, onRetry } = options;
  for (let attempt = 1; ; attempt++) {
    call.signal?.throwIfAborted();
    const made = await attemptOnce(options, call);
    const pauseMs = attempt < attemptsMax && mayPassLater(made) ? pauseBefore(attempt, made.retryAfterMs) : undefined;
    if (pauseMs === undefined) return readAnswer(made) as Answer;
    onRetry?.({ attempt: attempt + 1, afterMs: pauseMs, status: made.status });
    await pause(pauseMs, call.signal);
  }
}

async function attemptOnce(
  { baseUrl, apiKey, timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch }: ClientOptions,
  call: Call,
): Promise<Attempt> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(new URL(call.path, baseUrl), {
      method: call.method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...contentTypeOf(call),
        ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
      },
      body: bodyOf(call),
      redirect: 'error',
      signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
    });
    const text = await response.text();
    const isNdjson = response.headers.get('content-type')?.startsWith(NDJSON) === true;
    const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      status: response.status,
      body: isNdjson ? parseLines(text) : parse(text),
      retryAfterMs: Number.isFinite(retryAfterS) ? retryAfterS * 1000 : undefined,
    };
  } catch (failure) {
    call.signal?.throwIfAborted();
    return { status: undefined, body: undefined, retryAfterMs: undefined, failure };
  }
}

function contentTypeOf({ body, lines }: Call): Record<string, string> {
  if (lines !== undefined) return { 'content-type': NDJSON };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function bodyOf({ body, lines }: Call): string | null {
  if (lines !== undefined) return lines.map((line) => `${line}\n`).join('');
  return body === undefined ? null : JSON.stringify(body);
}

function mayPassLater({ status, retryAfterMs }: Attempt): boolean {
  if (status === undefined || status === 429 || status >= 502) return true;
  return (status === 409 || status === 202) && retryAfterMs !== undefined;
}

function readAnswer({ status, body, failure }: Attempt): unknown {
  if (status === undefined) throw new TrancendosError({ code: 'no_answer', cause: failure });
  if (status < 300 && body !== undefined) return body;
  throw isProblem(body) ? new TrancendosError({ status, problem: body }) : new TrancendosError({ status, code: 'unreadable_answer' });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Undefined where any line cannot be read. */
function parseLines(text: string): unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const read = lines.map(parse);
  return read.includes(undefined) ? undefined : read;
}
