import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import { newId } from '@trancendos/platform/new-id';
import { isTransient } from '@trancendos/platform/postgres';
import type { Resource } from '@trancendos/platform/run';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.ts';
import { send } from './ledger-api.controller.ts';
import type { LedgerReads } from './ledger-reads.ts';
import { problemReply, type Refusal } from './problem-reply.ts';

export interface LedgerApiOptions {
  /** On 127.0.0.1; 0 picks a free one. */
  readonly port: number;
  readonly reads: LedgerReads;
  readonly log: Logger;
}

const HOST = '127.0.0.1';
/** The longest account id, with every character escaped. */
const PARAMETER_LENGTH_MAX = 300;
const NO_SUCH_ADDRESS: Refusal = { code: 'not_found', detail: 'Check the address.' };
/** There are no bodies to parse; a failed start is told by `run`. */
const SHELL: Pick<NestApplicationOptions, 'bodyParser' | 'logger' | 'abortOnError'> = {
  bodyParser: false,
  logger: false,
  abortOnError: false,
};

/** Serves the ledger's API. `stop` takes no new connection and resolves when the requests under way are answered. */
export async function serveLedgerApi(options: LedgerApiOptions): Promise<Resource & { readonly port: number }> {
  const adapter = new FastifyAdapter({
    genReqId: () => newId('req'),
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    exposeHeadRoutes: true,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    skipMiddie: true,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void reply.header('x-request-id', request.id);
      send(reply, problemReply(NO_SUCH_ADDRESS, request.id));
    },
  });
  observeRequests(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(options.reads), adapter, SHELL);
  app.useGlobalFilters(new ProblemFilter(options.log));
  await app.listen(options.port, HOST);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { port, stop: () => app.close() };
}

function observeRequests(http: FastifyInstance): void {
  http.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
    done();
  });
  http.addHook('onResponse', (request, reply, done) => {
    const labels = { route: request.routeOptions.url ?? 'none', method: request.method, status: String(reply.statusCode) };
    metrics.httpSeconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}

/** Turns what the HTTP shell refuses, and what goes wrong, into a problem. */
@Catch()
class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const refusal = refusalOf(error, request.method);
    if (refusal.code === 'internal') this.#log.error({ err: error, request_id: request.id, path: request.url }, 'a request failed');
    send(host.switchToHttp().getResponse<FastifyReply>(), problemReply(refusal, request.id));
  }
}

function refusalOf(error: unknown, method: string): Refusal {
  if (method !== 'GET' && method !== 'HEAD') {
    return { code: 'method_not_allowed', detail: 'The ledger is only read here.', headers: { allow: 'GET, HEAD' } };
  }
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return { code: 'not_found', detail: 'Check the address.' };
  if (isTransient(error)) return { code: 'unavailable', detail: 'The database does not answer. Wait for Retry-After seconds and repeat.' };
  return { code: 'internal', detail: 'Repeat the request; report the request id if it goes on.' };
}
