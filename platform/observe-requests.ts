import type { Logger } from './log.ts';
import { metrics } from './metrics.ts';
import { traceRequests, type WatchedServer } from './trace-requests.ts';

/** Counts and times every request of an HTTP server by route, method and status; at debug each of them is a line in the log. */
export function observeRequests(http: WatchedServer, log: Pick<Logger, 'debug'>): void {
  traceRequests(http);
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
