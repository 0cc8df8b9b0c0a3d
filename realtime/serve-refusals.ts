import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isTransient } from '@trancendos/platform/postgres';
import { RefusedRequest, renderProblem } from './refusal.ts';

/** Sends the problem that `error` means. What is unexpected is logged, and told to nobody else. */
export async function sendRefusal(log: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const refusal = refusalOf(error);
  const { code, details } = refusal;
  if (code === 'internal') log.error({ err: error, correlationId: request.id, route: request.routeOptions.url }, 'a request failed');
  metrics.problems.inc({ code });
  const problem = renderProblem(refusal, request.id);
  if (problem.status === 503 || details.retry_after !== undefined) void reply.header('retry-after', String(details.retry_after ?? 1));
  await reply.code(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}

const OF_STATUS: Readonly<Record<number, RefusedRequest>> = {
  400: new RefusedRequest('malformed_json'),
  413: new RefusedRequest('body_too_large'),
  415: new RefusedRequest('unsupported_media_type'),
};

function refusalOf(error: unknown): RefusedRequest {
  if (error instanceof RefusedRequest) return error;
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status < 500) return OF_STATUS[status] ?? new RefusedRequest('not_found');
  return new RefusedRequest(isTransient(error) ? 'accounts_away' : 'internal');
}

/** Turns whatever guards, controllers and the shell refuse into a problem. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    await sendRefusal(this.#log, error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
