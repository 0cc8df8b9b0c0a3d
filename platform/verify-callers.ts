import { CALLER_HEADER, type Caller } from '@trancendos/contracts/caller';
import { verifyCaller, type CallerKey } from './caller-identity.ts';
import { nowMs } from './clock.ts';
import { metrics } from './metrics.ts';

interface AskedRequest {
  readonly id: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
interface ProblemReply {
  code(status: number): ProblemReply;
  type(contentType: string): ProblemReply;
  send(body: string): unknown;
}
/** What is needed of a Fastify server. */
interface HttpServer<R extends AskedRequest, A extends ProblemReply> {
  addHook(name: 'onRequest', hook: (request: R, reply: A, done: () => void) => void): unknown;
}

export interface CallerCheck<R> {
  /** What counts at the moment; none: nobody is believed. */
  readonly keys: readonly CallerKey[];
  readonly audience: Caller['audience'];
  /** Whether a request may come without a caller, as operators and other services do. */
  readonly mayBeMissing: (request: R) => boolean;
}

const callers = new WeakMap<object, Caller>();

/**
 * Makes an HTTP server check for whom the gateway asks. An identity that does not hold is answered 401, and so is a missing one where it
 * may not be missing. `callerOf` gives the one that holds.
 */
export function verifyCallers<R extends AskedRequest, A extends ProblemReply>(
  http: HttpServer<R, A>,
  { keys, audience, mayBeMissing }: CallerCheck<R>,
): void {
  http.addHook('onRequest', (request, reply, done) => {
    const header = request.headers[CALLER_HEADER];
    if (header === undefined && mayBeMissing(request)) {
      done();
      return;
    }
    const verified = verifyCaller(typeof header === 'string' ? header : '', { keys, audience, nowMs: nowMs() });
    if (verified.kind === 'verified') {
      callers.set(request, verified.caller);
      done();
      return;
    }
    const code = header === undefined ? 'caller_missing' : 'caller_refused';
    metrics.problems.inc({ code });
    reply.code(401).type('application/problem+json; charset=utf-8').send(renderProblem(code, request.id));
  });
}

/** For whom a request is made, where that was checked by `verifyCallers`; undefined for those that came without a caller. */
export function callerOf(request: object): Caller | undefined {
  return callers.get(request);
}

/** The detail names no cause: whoever forges would learn from it. The gateway and its services share CALLER_KEYS and, nearly, their clocks. */
function renderProblem(code: 'caller_missing' | 'caller_refused', requestId: string): string {
  const detail = 'Ask through the console. Where it is the console that asks, compare CALLER_KEYS and the clocks of both machines.';
  const title = code === 'caller_missing' ? 'Nobody is named for whom this is asked' : 'For whom this is asked does not hold';
  return JSON.stringify({ type: `/problems/${code.replace('_', '-')}`, title, status: 401, code, detail, request_id: requestId });
}
