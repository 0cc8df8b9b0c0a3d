import { enterSpan, isTracing, readTraceparent, startSpan, TRACEPARENT, type OpenSpan } from './trace.ts';
import { traceIdOf } from './trace-id.ts';

interface HttpRequest {
  /** The correlation id of all that follows from it. */
  readonly id: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly routeOptions: { readonly url?: string | undefined };
}
interface HttpReply {
  readonly statusCode: number;
  /** Milliseconds. */
  readonly elapsedTime: number;
}
type Hook = (request: HttpRequest, reply: HttpReply, done: () => void) => void;

/** What is needed of a Fastify server to watch its requests. */
export interface WatchedServer {
  addHook(name: 'onRequest', hook: Hook): unknown;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- Fastify's own are overloads by name, which fit overloads only
  addHook(name: 'onResponse', hook: Hook): unknown;
}

/**
 * A span for every request, which begins the trace of all that follows from it; the trace's id is the one in the request's id. A caller's
 * own trace is linked and not continued: a merchant decides neither on our trace ids nor on what we record.
 */
export function traceRequests(http: WatchedServer): void {
  if (!isTracing()) return;
  const open = new WeakMap<HttpRequest, OpenSpan>();
  http.addHook('onRequest', (request, _reply, done) => {
    const caller = readTraceparent(request.headers[TRACEPARENT]);
    const route = request.routeOptions.url ?? 'none';
    const span = startSpan({
      name: `${request.method} ${route}`,
      kind: 'server',
      traceId: traceIdOf(request.id),
      links: caller === undefined ? [] : [caller],
      attributes: { 'http.request.method': request.method, 'http.route': route, 'http.request.id': request.id },
    });
    enterSpan(request.id, span);
    if (span) open.set(request, span);
    done();
  });
  http.addHook('onResponse', (request, reply, done) => {
    open.get(request)?.end({ 'http.response.status_code': reply.statusCode });
    done();
  });
}
