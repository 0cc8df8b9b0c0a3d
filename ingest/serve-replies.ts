import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '@trancendos/platform/log';
import { newId } from '@trancendos/platform/new-id';
import { isTransient } from '@trancendos/platform/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from './refusal.ts';
import { problemReply, type Reply } from './reply.ts';
import { allowedMethods } from './routes.ts';

/** Sends an answer as it is. Does nothing when the caller is gone. */
export function sendReply(reply: FastifyReply, answer: Reply): void {
  if (reply.raw.destroyed) return;
  void reply.code(answer.status).headers(answer.headers).send(answer.body);
}

const UNREADABLE: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { refused: 'headers_too_large' },
  ERR_HTTP_REQUEST_TIMEOUT: { refused: 'request_too_slow' },
};

/** Answers bytes that are no request, which no route ever sees, and ends the connection: nothing after them can be trusted. */
export function tellUnreadableRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (socket.writable) {
    const requestId = newId('req');
    const { status, headers, body } = problemReply(UNREADABLE[error.code ?? ''] ?? { refused: 'malformed_request' }, requestId);
    const told = { ...headers, 'x-request-id': requestId, 'content-length': Buffer.byteLength(body), connection: 'close' };
    const lines = Object.entries(told).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  }
  socket.destroySoon();
}

export function idempotencyKeyOf(request: FastifyRequest): string | string[] | undefined {
  return request.headers['idempotency-key'];
}

/** Answers a request with what `serve` makes of its JSON body, which is empty where there is none; with 503 while a database is away. */
export async function serveGuarded(
  request: FastifyRequest,
  reply: FastifyReply,
  serve: (body: Uint8Array) => Promise<Reply>,
): Promise<void> {
  const body = request.body ?? new Uint8Array();
  if (!(body instanceof Uint8Array)) {
    sendReply(reply, problemReply({ refused: 'unsupported_media_type' }, request.id));
    return;
  }
  try {
    sendReply(reply, await serve(body));
  } catch (error) {
    if (!isTransient(error)) throw error;
    sendReply(reply, problemReply({ refused: 'unavailable' }, request.id));
  }
}

/** Turns whatever the HTTP shell refuses, and whatever goes wrong unexpectedly, into a problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendReply(http.getResponse<FastifyReply>(), this.#render(error, http.getRequest<FastifyRequest>()));
  }

  #render(error: unknown, request: FastifyRequest): Reply {
    if (error instanceof HttpException && error.getStatus() === 404) return missingReply(request);
    const refusal = refusalOf(error);
    if (refusal.refused === 'internal') {
      // Neither path nor body: they are not known to be free of card numbers.
      this.#log.error({ err: error, correlationId: request.id, route: request.routeOptions.url }, 'a request failed');
    }
    return problemReply(refusal, request.id);
  }
}

function missingReply(request: FastifyRequest): Reply {
  const path = request.url.split('?', 1)[0] ?? '';
  const allow = allowedMethods(path);
  if (allow === undefined) return problemReply({ refused: 'not_found' }, request.id);
  return problemReply({ refused: 'method_not_allowed' }, request.id, { allow });
}

/** What an error of the shell, which has a status, means to the sender; Nest wraps Fastify's own. */
function refusalOf(error: unknown): Refusal {
  if (isCallerGone(error)) return { refused: 'malformed_json' };
  const status = error instanceof HttpException ? error.getStatus() : 500;
  if (status === 413) return { refused: 'body_too_large' };
  if (status === 415) return { refused: 'unsupported_media_type' };
  return { refused: status < 500 ? 'malformed_json' : 'internal' };
}

/** A connection that ended within the body: nobody is left to answer, and nothing is wrong here. */
function isCallerGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}
