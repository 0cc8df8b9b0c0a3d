import { metrics } from './metrics.ts';

interface AnsweredRequest {
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

/** Counts and times every request of an HTTP server by route, method and status. */
export function observeRequests(http: HttpServer): void {
  http.addHook('onResponse', (request, reply, done) => {
    const labels = { route: request.routeOptions.url ?? 'none', method: request.method, status: String(reply.statusCode) };
    metrics.httpSeconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}
