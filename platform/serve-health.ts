import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { METRICS_CONTENT_TYPE, renderMetrics, watchProcess } from './metrics.ts';
import type { Resource } from './run.ts';

export interface HealthOptions {
  readonly service: string;
  /** On 127.0.0.1 unless `host` says otherwise. 0 picks a free one. */
  readonly port: number;
  readonly host?: string;
  /** Names of the parts that are not ready; empty when work can be taken. */
  readonly ready: () => Promise<string[]>;
}

/**
 * Serves `/live` (the event loop turns), `/ready` (200, or 503 with what is missing) and `/metrics` on a port of its own,
 * so that probes and scrapes neither wait behind traffic nor are reachable where traffic is.
 */
export async function serveHealth(options: HealthOptions): Promise<Resource & { readonly port: number }> {
  watchProcess(options.service);
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string) => response.writeHead(status, { 'content-type': type }).end(body);
    const fail = () => answer(500, 'text/plain', 'failed');
    if (request.url === '/live') answer(200, 'application/json', '{"live":true}');
    else if (request.url === '/metrics') renderMetrics().then((text) => answer(200, METRICS_CONTENT_TYPE, text), fail);
    else if (request.url === '/ready')
      options
        .ready()
        .then(
          (missing) =>
            answer(missing.length === 0 ? 200 : 503, 'application/json', JSON.stringify({ ready: missing.length === 0, missing })),
          fail,
        );
    else answer(404, 'text/plain', 'try /live, /ready or /metrics');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
