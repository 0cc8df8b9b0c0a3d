import { CALLER_HEADER, type ForwardAudience } from '@trancendos/contracts/caller';
import { capabilitiesOf } from '@trancendos/contracts/session';
import { signCaller, type CallerKey } from '@trancendos/platform/caller-identity';
import { nowMs } from '@trancendos/platform/clock';
import type { Logger } from '@trancendos/platform/log';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Agent, request as ask, type Dispatcher } from 'undici';
import { requireCapability, sessionOf, actorOf } from '../access/serve-access.ts';
import { RefusedRequest } from '../refusal.ts';
import type { Audited } from '../audit/write-audit.ts';
import { FORWARDED_ROUTES, gatewayPath, servicePath, type ForwardedRoute } from './forwarded-routes.ts';

export interface Forwarding {
  readonly targets: Readonly<Record<ForwardAudience, string>>;
  /** Signs for whom is asked. */
  readonly key: CallerKey;
  readonly writeAudit: (event: Audited) => Promise<void>;
  readonly log: Logger;
}

/** What of a request and of an answer is passed on; everything else stays here, above all cookies and a caller that a browser made up. */
const ASKED_HEADERS = ['accept', 'accept-language', 'if-none-match', 'range', 'traceparent', 'tracestate'] as const;
const ANSWERED_HEADERS = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'etag',
  'last-modified',
  'retry-after',
] as const;
const BODY_BYTES_MAX = 65_536;
const CONNECTIONS_A_SERVICE = 32;
const CONNECT_TIMEOUT_MS = 1_000;
/** Until an answer begins, and between two pieces of it. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Serves `/api/<service>/v1/...`: asks the service for whoever is signed in, and hands on the answer as it comes. */
export function serveForwarding(http: FastifyInstance, forwarding: Forwarding): void {
  const agent = new Agent({
    connections: CONNECTIONS_A_SERVICE,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  http.addHook('onClose', () => agent.close());
  for (const route of FORWARDED_ROUTES) {
    http.route({
      method: route.method,
      url: gatewayPath(route),
      bodyLimit: BODY_BYTES_MAX,
      handler: (request, reply) => forward({ ...forwarding, agent, route }, request, reply),
    });
  }
}

type Exchange = Forwarding & { readonly agent: Agent; readonly route: ForwardedRoute };

async function forward(exchange: Exchange, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { route, targets, log } = exchange;
  const path = servicePath(route, request.url);
  if (path === undefined) throw new RefusedRequest('not_found');
  await admitExport(exchange, request);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const answer = await send(exchange, request, { url: new URL(targets[route.service] + path), signal: gone.signal });
  if (answer.statusCode === 401) {
    await answer.body.dump();
    log.error({ correlationId: request.id }, `${route.service} does not believe this gateway: compare CALLER_KEYS and the clocks`);
    throw new RefusedRequest('service_away');
  }
  answer.body.on('error', () => undefined); // the reply is torn off, which tells the browser
  for (const name of ANSWERED_HEADERS) {
    const value = answer.headers[name];
    if (value !== undefined) void reply.header(name, value);
  }
  return reply.code(answer.statusCode).send(answer.body);
}

/** An export takes more than looking, and leaves a note of who took what. */
async function admitExport({ route, writeAudit }: Exchange, request: FastifyRequest): Promise<void> {
  const { format } = request.query as { readonly format?: unknown };
  if (route.exportCapability === undefined || format === undefined || format === 'json') return;
  requireCapability(request, route.exportCapability);
  await writeAudit({
    kind: 'data_exported',
    actor: actorOf(request),
    subject: request.url.slice(0, 256),
    after: { format: typeof format === 'string' ? format : 'several' },
  });
}

async function send(
  { route, key, agent }: Exchange,
  request: FastifyRequest,
  { url, signal }: { readonly url: URL; readonly signal: AbortSignal },
): Promise<Dispatcher.ResponseData> {
  const { session } = sessionOf(request);
  const caller = signCaller(
    {
      user_id: session.user_id,
      name: session.name,
      roles: session.roles,
      capabilities: capabilitiesOf(session.roles),
      audience: route.service,
      request_id: request.id,
    },
    key,
    nowMs(),
  );
  const passedOn = Object.fromEntries(
    ASKED_HEADERS.flatMap((name) => (typeof request.headers[name] === 'string' ? [[name, request.headers[name]]] : [])),
  );
  const hasBody = route.method !== 'GET';
  try {
    return await ask(url, {
      method: request.method,
      headers: { ...passedOn, ...(hasBody && { 'content-type': 'application/json' }), [CALLER_HEADER]: caller },
      body: hasBody ? JSON.stringify(request.body ?? {}) : null,
      dispatcher: agent,
      signal,
    });
  } catch (error) {
    throw new RefusedRequest((error as { code?: unknown }).code === 'UND_ERR_HEADERS_TIMEOUT' ? 'service_slow' : 'service_away');
  }
}
