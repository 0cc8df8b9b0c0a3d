import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CallerKey } from '@trancendos/platform/caller-identity';
import type { Logger } from '@trancendos/platform/log';
import { newId } from '@trancendos/platform/new-id';
import { observeRequests } from '@trancendos/platform/observe-requests';
import { isTransient } from '@trancendos/platform/postgres';
import type { Resource } from '@trancendos/platform/run';
import { verifyCallers } from '@trancendos/platform/verify-callers';
import { send } from '@trancendos/platform/render-reply';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule, type ReviewParts } from './app.module.ts';
import { checkCapability } from './check-capability.ts';
import { problemReply, type Refusal } from './problem-reply.ts';

export interface ReviewApiOptions {
  /** 127.0.0.1 where nothing else is said. */
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly parts: ReviewParts;
  /** With which the gateway signs for whom it asks. Operators and other services ask without it. */
  readonly callerKeys: readonly CallerKey[];
  readonly log: Logger;
}

/** The longest id, with every character escaped. */
const PARAMETER_LENGTH_MAX = 200;
const NO_SUCH_ADDRESS: Refusal = { code: 'not_found', detail: 'Check the address.' };
/** PostgreSQL's code of a statement that was ended, here by its timeout. */
const QUERY_CANCELED = '57014';
/** A failed start is told by `run`. */
const SHELL: Pick<NestApplicationOptions, 'bodyParser' | 'logger' | 'abortOnError'> = {
  bodyParser: false,
  logger: false,
  abortOnError: false,
};

/** Serves review's API. `stop` takes no new connection and resolves when the requests under way are answered. */
export async function serveReviewApi(options: ReviewApiOptions): Promise<Resource & { readonly port: number }> {
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
  addHooks(adapter.getInstance(), options);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(options.parts), adapter, SHELL);
  app.useGlobalFilters(new ProblemFilter(options.log));
  await app.listen(options.port, options.host ?? '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { port, stop: () => app.close() };
}

function addHooks(http: FastifyInstance, { callerKeys, log }: ReviewApiOptions): void {
  http.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
    done();
  });
  observeRequests(http, log);
  verifyCallers(http, { keys: callerKeys, audience: 'review', mayBeMissing: () => true });
  http.addHook('onRequest', (request, reply, done) => {
    const refusal = checkCapability(request);
    if (refusal) send(reply, problemReply(refusal, request.id));
    else done();
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
    const refusal = refusalOf(error, request);
    if (refusal.code === 'internal')
      this.#log.error({ err: error, correlationId: request.id, route: request.routeOptions.url }, 'a request failed');
    send(host.switchToHttp().getResponse<FastifyReply>(), problemReply(refusal, request.id));
  }
}

function refusalOf(error: unknown, { method }: Pick<FastifyRequest, 'method'>): Refusal {
  if (method !== 'GET' && method !== 'HEAD') {
    return { code: 'method_not_allowed', detail: 'The archive is read only.', headers: { allow: 'GET, HEAD' } };
  }
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return NO_SUCH_ADDRESS;
  if ((error as { code?: unknown }).code === QUERY_CANCELED) {
    return {
      code: 'unavailable',
      detail: 'It took longer than five seconds to read. Ask for a shorter time, or name an account, card or merchant.',
    };
  }
  if (isTransient(error)) return { code: 'unavailable', detail: 'The database does not answer. Wait for Retry-After seconds and repeat.' };
  return { code: 'internal', detail: 'Repeat the request; report the request id if it goes on.' };
}
