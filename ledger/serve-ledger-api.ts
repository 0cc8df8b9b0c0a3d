import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CallerKey } from '@trancendos/platform/caller-identity';
import type { Logger } from '@trancendos/platform/log';
import { observeRequests } from '@trancendos/platform/observe-requests';
import { newId } from '@trancendos/platform/new-id';
import { isTransient } from '@trancendos/platform/postgres';
import type { Resource } from '@trancendos/platform/run';
import { verifyCallers } from '@trancendos/platform/verify-callers';
import { send } from '@trancendos/platform/render-reply';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule, type LedgerParts } from './app.module.ts';
import { problemReply, type Refusal } from './problem-reply.ts';

export interface LedgerApiOptions {
  /** 127.0.0.1 where nothing else is said. */
  readonly host?: string;
  /** By which the gateway is known. Whoever asks for nobody, as operators and other services do, needs none. */
  readonly callerKeys?: readonly CallerKey[] | undefined;
  /** 0 picks a free one. */
  readonly port: number;
  readonly parts: LedgerParts;
  readonly log: Logger;
}

/** The longest account id, with every character escaped. */
const PARAMETER_LENGTH_MAX = 300;
const BODY_MAX_BYTES = 65_536;
const COMMANDS = '/v1/commands';
/** What may be posted to. */
const CHANGING = /^\/(v1\/commands|ledger\/reconciliation\/(files|match))(\?|$)/;
const NO_SUCH_ADDRESS: Refusal = { code: 'not_found', detail: 'Check the address.' };
/** Fastify itself parses the bodies, which are JSON; a failed start is told by `run`. */
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
    bodyLimit: BODY_MAX_BYTES,
    exposeHeadRoutes: true,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    skipMiddie: true,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void reply.header('x-request-id', request.id);
      send(reply, problemReply(NO_SUCH_ADDRESS, request.id));
    },
  });
  addHeaders(adapter.getInstance());
  observeRequests(adapter.getInstance(), options.log);
  verifyCallers(adapter.getInstance(), { keys: options.callerKeys ?? [], audience: 'ledger', mayBeMissing: () => true });
  // Handed on as it arrives: a file is read line by line and never held whole.
  adapter.getInstance().addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(options.parts), adapter, SHELL);
  app.useGlobalFilters(new ProblemFilter(options.log));
  await app.listen(options.port, options.host ?? '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { port, stop: () => app.close() };
}

function addHeaders(http: FastifyInstance): void {
  http.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
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
    const refusal = refusalOf(error, request);
    if (refusal.code === 'internal')
      this.#log.error({ err: error, correlationId: request.id, route: request.routeOptions.url }, 'a request failed');
    send(host.switchToHttp().getResponse<FastifyReply>(), problemReply(refusal, request.id));
  }
}

function refusalOf(error: unknown, { method, url }: Pick<FastifyRequest, 'method' | 'url'>): Refusal {
  if (method !== 'GET' && method !== 'HEAD' && !(method === 'POST' && CHANGING.test(url))) {
    return { code: 'method_not_allowed', detail: `The ledger is only changed by POST ${COMMANDS}.`, headers: { allow: 'GET, HEAD' } };
  }
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return (method === 'POST' && BODY_REFUSALS[status]) || NO_SUCH_ADDRESS;
  if (isTransient(error)) return { code: 'unavailable', detail: 'The database does not answer. Wait for Retry-After seconds and repeat.' };
  return { code: 'internal', detail: 'Repeat the request; report the request id if it goes on.' };
}

/** What the HTTP server finds wrong with a body, by its status. */
const BODY_REFUSALS: Readonly<Record<number, Refusal>> = {
  400: { code: 'malformed_json', detail: 'Send one JSON object.' },
  413: { code: 'body_too_large', detail: `A command has at most ${BODY_MAX_BYTES} bytes.` },
  415: { code: 'unsupported_media_type', detail: 'Send application/json.' },
};
