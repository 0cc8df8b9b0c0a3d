import 'reflect-metadata';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@trancendos/platform/log';
import { observeRequests } from '@trancendos/platform/observe-requests';
import { newId } from '@trancendos/platform/new-id';
import type { Resource } from '@trancendos/platform/run';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.ts';
import { isOwnHost } from './check-origin.ts';
import type { ConsoleParts } from './console-parts.ts';
import { RefusedRequest } from './refusal.ts';
import { serveConsole } from './serve-console.ts';
import { RefusalFilter, sendRefusal } from './serve-refusals.ts';

export interface GatewayOptions {
  /** On which address. */
  readonly host: string;
  readonly port: number;
  readonly parts: ConsoleParts;
  readonly log: Logger;
}

export interface Gateway extends Resource {
  readonly port: number;
  /** For the socket server, which shares the port. */
  readonly server: HttpServer;
}

/** Nothing that the console sends has a body worth the name. */
const BODY_BYTES_MAX = 1_024;
/** A failed start is told by `run`. */
const SHELL: Pick<NestApplicationOptions, 'logger' | 'abortOnError'> = { logger: false, abortOnError: false };
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Serves the console's page, sign-in and what it may read of other services, on one port that the socket server shares. */
export async function serveGateway({ host, port, parts, log }: GatewayOptions): Promise<Gateway> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: 10_000,
    genReqId: () => newId('req'),
    forceCloseConnections: true,
    skipMiddie: true,
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      void sendRefusal(log, new RefusedRequest('not_found'), request, reply),
  });
  const http = adapter.getInstance();
  addHeaders(http);
  observeRequests(http, log);
  refuseForeignHosts(http, parts.hosts, log);
  await serveConsole(http, parts, log);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, SHELL);
  app.useGlobalFilters(new RefusalFilter(log));
  await app.listen(port, host);
  const server = app.getHttpServer();
  return { port: (server.address() as AddressInfo).port, server, stop: () => app.close() };
}

function addHeaders(http: FastifyInstance): void {
  http.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store', ...SECURITY_HEADERS });
    done();
  });
}

function refuseForeignHosts(http: FastifyInstance, hosts: readonly string[], log: Logger): void {
  http.addHook('onRequest', async (request, reply) => {
    if (!isOwnHost(request.headers.host, hosts)) await sendRefusal(log, new RefusedRequest('origin_refused'), request, reply);
  });
}
