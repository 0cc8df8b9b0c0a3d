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
import { guardRoutes } from './access/serve-access.ts';
import { AppModule } from './app.module.ts';
import { writeAudit } from './audit/write-audit.ts';
import { isOwnHost } from './check-origin.ts';
import type { ConsoleParts } from './console-parts.ts';
import { serveForwarding } from './forward/serve-forwarding.ts';
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
  /** Every route that is served, as `METHOD route`. */
  readonly routes: readonly string[];
}

/** Consoles that may connect at once, as after a restart; the system takes less where it is set up so. */
const CONNECTING_MAX = 4_096;
/** Names, passwords and roles. What is passed on to services has a limit of its own. */
const BODY_BYTES_MAX = 8_192;
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
    trustProxy: parts.proxies ?? false,
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
  const routes = guardRoutes(http, parts, (error, request, reply) => sendRefusal(log, error, request, reply));
  await serveConsole(http, parts, log);
  serveForwarding(http, { ...parts.forwarding, writeAudit: (event) => writeAudit(parts.postgres.pool, event), log });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, SHELL);
  app.useGlobalFilters(new RefusalFilter(log));
  await app.listen({ port, host, backlog: CONNECTING_MAX });
  const server = app.getHttpServer();
  return { port: (server.address() as AddressInfo).port, server, routes, stop: () => app.close() };
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
