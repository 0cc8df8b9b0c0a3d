import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CallerKey } from '@trancendos/platform/caller-identity';
import type { Logger } from '@trancendos/platform/log';
import { observeRequests } from '@trancendos/platform/observe-requests';
import { newId } from '@trancendos/platform/new-id';
import type { Resource } from '@trancendos/platform/run';
import { verifyCallers } from '@trancendos/platform/verify-callers';
import { send } from '@trancendos/platform/render-reply';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.ts';
import { problemReply, type Refusal } from './problem-reply.ts';
import type { ApiParts } from './scoring-api.controller.ts';

export interface ScoringApiOptions extends ApiParts {
  /** 127.0.0.1 where nothing else is said. */
  readonly host?: string;
  /** By which the gateway is known. Whoever asks for nobody, as operators and other services do, needs none. */
  readonly callerKeys?: readonly CallerKey[] | undefined;
  /** 0 picks a free one. */
  readonly port: number;
  readonly log: Logger;
}

/** A list of 2,000 entries or a ruleset of 200 rules, and what the broker takes as one message. */
const BODY_BYTES_MAX = 900_000;
/** A failed start is told by `run`. */
const SHELL: Pick<NestApplicationOptions, 'logger' | 'abortOnError'> = { logger: false, abortOnError: false };

/** Serves scoring's API to operators and the other services. */
export async function serveScoringApi(options: ScoringApiOptions): Promise<Resource & { readonly port: number }> {
  const adapter = new FastifyAdapter({
    genReqId: () => newId('req'),
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: 'idle',
    skipMiddie: true,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      send(reply, problemReply({ code: 'not_found', detail: 'Check the address.' }, request.id));
    },
  });
  addHeaders(adapter.getInstance());
  observeRequests(adapter.getInstance(), options.log);
  verifyCallers(adapter.getInstance(), { keys: options.callerKeys ?? [], audience: 'scoring', mayBeMissing: () => true });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(options), adapter, SHELL);
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
    const refusal = refusalOf(error);
    if (refusal.code === 'internal')
      this.#log.error({ err: error, correlationId: request.id, route: request.routeOptions.url }, 'a request failed');
    send(host.switchToHttp().getResponse<FastifyReply>(), problemReply(refusal, request.id));
  }
}

const OF_STATUS: Readonly<Record<number, Refusal>> = {
  400: { code: 'malformed_json', detail: 'Send JSON, and nothing behind it.' },
  404: { code: 'not_found', detail: 'Check the address.' },
  413: { code: 'body_too_large', detail: `At most ${BODY_BYTES_MAX} bytes; split the list.` },
  415: { code: 'unsupported_media_type', detail: 'Send content-type: application/json.' },
};

function refusalOf(error: unknown): Refusal {
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  const known = typeof status === 'number' ? OF_STATUS[status] : undefined;
  return known ?? { code: 'internal', detail: 'Repeat the request; report the request id if it goes on.' };
}
