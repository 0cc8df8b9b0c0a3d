import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Logger } from '@trancendos/platform/log';
import { metrics } from '@trancendos/platform/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { REFUSALS, RefusedRequest, renderProblem, type RefusalCode } from './refusal.ts';

/** Sends the problem that `error` means. What is unexpected is logged, and told to nobody else. */
export async function sendRefusal(log: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const code = codeOf(error);
  if (code === 'internal') log.error({ err: error, correlationId: request.id, route: request.routeOptions.url }, 'a request failed');
  metrics.problems.inc({ code });
  const { status } = REFUSALS[code];
  if (status === 503) void reply.header('retry-after', '1');
  await reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(renderProblem(code, request.id)));
}

function codeOf(error: unknown): RefusalCode {
  if (error instanceof RefusedRequest) return error.code;
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status < 500 ? 'not_found' : 'internal';
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
