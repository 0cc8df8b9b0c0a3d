import type { Logger } from './log.ts';
import { metrics } from './metrics.ts';

interface AnsweredRequest {
  /** The correlation id of all that follows from it. */
  readonly id: string;
  readonly method: string;
  readonly routeOptions: { readonly url?: string | undefined };
}
interface SentReply {
  readonly statusCode: number;
  /** Milliseconds. */
  readonly elapsedTime: number;
}
/** What is needed of a Fastify server. */
interface HttpServer {
  addHook(name: 'onResponse', hook: (request: AnsweredRequest, reply: SentReply, done: () => void) => void): unknown;
}

/** Counts and times every request of an HTTP server by route, method and status; at debug each of them is a line in the log. */
export function observeRequests(http: HttpServer, log: Pick<Logger, 'debug'>): void {
  http.addHook('onResponse', (request, reply, done) => {
    const labels = { route: request.routeOptions.url ?? 'none', method: request.method, status: String(reply.statusCode) };
    metrics.httpSeconds.observe(labels, reply.elapsedTime / 1000);
    const { route } = labels;
    log.debug(
      { correlationId: request.id, event: 'request-answered', route, status: reply.statusCode, tookMs: reply.elapsedTime },
      'answered',
    );
    done();
  });
}
