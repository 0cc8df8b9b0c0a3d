import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isOwnOrigin } from './check-origin.ts';
import { CONSOLE_PARTS, type ConsoleParts } from './console-parts.ts';
import { RefusedRequest } from './refusal.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { FoundSession } from './sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the guard. */
    consoleSession?: FoundSession;
  }
}

/** Lets nobody in who is not signed in, and no request that another site's page made. */
@Injectable()
export class SessionGuard implements CanActivate {
  readonly #parts: ConsoleParts;

  constructor(@Inject(CONSOLE_PARTS) parts: ConsoleParts) {
    this.#parts = parts;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { headers } = request;
    const fetchSite = headers['sec-fetch-site'];
    const from = { host: headers.host, origin: headers.origin, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined };
    if (!isOwnOrigin(from, this.#parts.hosts)) throw new RefusedRequest('origin_refused');
    const answer = await this.#parts.sessions.find(readSessionCookie(headers.cookie, this.#parts.cookie));
    if (answer.kind === 'unavailable') throw new RefusedRequest('session_store_away');
    if (answer.kind === 'missing') throw new RefusedRequest('session_missing');
    request.consoleSession = answer;
    return true;
  }
}
