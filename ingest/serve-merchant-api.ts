import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { renderOpenApi } from '@trancendos/contracts/render-openapi';
import { DEADLINE_MS, TransactionRequest } from '@trancendos/contracts/transaction';
import type { Logger } from '@trancendos/platform/log';
import { observeRequests } from '@trancendos/platform/observe-requests';
import { newId } from '@trancendos/platform/new-id';
import type { Resource } from '@trancendos/platform/run';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptBulk, type BulkParts } from './accept-bulk.ts';
import { acceptTransaction, type MerchantRequest } from './accept-transaction.ts';
import { AppModule } from './app.module.ts';
import type { OperationParts } from './operations/accept-operation.ts';
import type { KeysParts } from './keys/serve-keys.ts';
import type { ControllerParts } from './merchant-api.controller.ts';
import { Patience } from './patience.ts';
import { prepareBody } from './read-body.ts';
import { jsonReply, problemReply, type Reply } from './reply.ts';
import { OPENAPI_PATH } from './routes.ts';
import { idempotencyKeyOf, ProblemFilter, sendReply, tellUnreadableRequest } from './serve-replies.ts';
import type { WebhookParts } from './webhooks/serve-webhooks.ts';
import { serveDocs } from './serve-docs.ts';
import { recogniseSenders, type SenderParts } from './serve-senders.ts';

export interface MerchantApiOptions {
  /** On which address. */
  readonly host: string;
  readonly port: number;
  readonly parts: BulkParts & Omit<ControllerParts, 'stopping'>;
  readonly senders: SenderParts;
  readonly keys: KeysParts;
  readonly webhooks: WebhookParts;
  readonly operations: OperationParts;
  /** How many proxies of ours stand before this service: the sender's address is that many hops back in `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** How long before a deadline the merchant's policy is asked. */
  readonly fallBackMarginMs: () => number;
  readonly log: Logger;
}

/** Bodies are parsed by ourselves, and a failed start is told by `run`. */
const SHELL: Pick<NestApplicationOptions, 'bodyParser' | 'logger' | 'abortOnError'> = {
  bodyParser: false,
  logger: false,
  abortOnError: false,
};
const BODY_BYTES_MAX = 65_536;
/** How long a caller may take to send a request; a long history takes its time. */
const REQUEST_TIMEOUT_MS = 300_000;
const DRAIN_MARGIN_MS = 2_000;
/** Connections that may come at once; the system takes less where it is set up so. Whoever does not get in tries again after 1, 3, 7 s. */
const CONNECTING_MAX = 4_096;

/**
 * Serves the merchant API. Every answer has an `x-request-id`; everything under `/v1` needs an API key.
 * `stop` takes no new connection, resolves when the requests under way are answered, and cuts off what takes longer than the longest deadline.
 */
export async function serveMerchantApi(options: MerchantApiOptions): Promise<Resource & { readonly port: number }> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => newId('req'),
    exposeHeadRoutes: true,
    trustProxy: options.trustedProxies > 0 && ((_address: string, hop: number) => hop < options.trustedProxies),
    return503OnClosing: false,
    skipMiddie: true,
    frameworkErrors: tellUnreadableAddress,
    clientErrorHandler: tellUnreadableRequest,
  });
  const http = adapter.getInstance();
  takeBodiesAsBytes(http);
  recogniseSenders(http, options.senders);
  observeRequests(http, options.log);
  const stop = new AbortController();
  closeConnectionsWhen(stop.signal, http);
  const document = jsonReply(200, renderOpenApi());
  http.get(OPENAPI_PATH, (_request, reply) => sendReply(reply, document));
  serveDocs(http);
  prepareBody(TransactionRequest);
  http.post('/v1/transactions', (request, reply) => serveTransaction(options, request, reply));
  http.post('/v1/transactions/bulk', (request, reply) => serveBulk(options, request, reply));
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ ...options, api: { ...options.parts, stopping: stop.signal } }),
    adapter,
    SHELL,
  );
  app.useGlobalFilters(new ProblemFilter(options.log));
  await app.listen({ port: options.port, host: options.host, backlog: CONNECTING_MAX });
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    port,
    async stop() {
      stop.abort();
      const cutOff = setTimeout(() => http.server.closeAllConnections(), DEADLINE_MS.max + DRAIN_MARGIN_MS);
      await app.close();
      clearTimeout(cutOff);
    },
  };
}

/** An address that the router cannot read is answered before any hook has run. */
function tellUnreadableAddress(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id);
  sendReply(reply, problemReply({ refused: 'not_found' }, request.id));
}

/** JSON is parsed by ourselves, strictly; NDJSON is read as it comes; anything else is not taken. */
function takeBodiesAsBytes(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  http.addContentTypeParser('application/x-ndjson', (request, _stream, done) => done(null, request.raw));
}

/** While stopping, every answer is the last one on its connection; else callers that keep theirs open would hold up the stop. */
function closeConnectionsWhen(stopping: AbortSignal, http: FastifyInstance): void {
  http.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping.aborted) void reply.header('connection', 'close');
    done();
  });
}

async function serveTransaction(options: MerchantApiOptions, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { body } = request;
  if (!(body instanceof Uint8Array)) {
    sendReply(reply, problemReply({ refused: 'unsupported_media_type' }, request.id));
    return;
  }
  const idempotencyKey = idempotencyKeyOf(request);
  await withPatience(options, request, reply, (caller) => acceptTransaction(options.parts, { ...caller, idempotencyKey, body }));
}

async function serveBulk(options: MerchantApiOptions, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.body !== request.raw) {
    sendReply(reply, problemReply({ refused: 'unsupported_media_type' }, request.id));
    return;
  }
  const body: AsyncIterable<Uint8Array> = request.raw.iterator({ destroyOnReturn: false });
  await withPatience(options, request, reply, (caller) => acceptBulk(options.parts, { ...caller, body }));
  request.raw.resume(); // a sender that is refused half-way still gets to read why
}

type Caller = Pick<MerchantRequest, 'merchantId' | 'requestId' | 'arrivedAtMs' | 'keyMode'> & Pick<Patience, 'waitFor'>;

/** Answers a request while its caller is there. */
async function withPatience(
  options: MerchantApiOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  serve: (caller: Caller) => Promise<Reply>,
): Promise<void> {
  const { merchantId, keyMode, id: requestId, arrivedAtMs } = request;
  const patience = new Patience(arrivedAtMs, options.fallBackMarginMs());
  const onGone = () => patience.leave();
  reply.raw.once('close', onGone);
  try {
    sendReply(reply, await serve({ merchantId, keyMode, requestId, arrivedAtMs, waitFor: (...wait) => patience.waitFor(...wait) }));
  } finally {
    patience.done();
    reply.raw.off('close', onGone);
  }
}
