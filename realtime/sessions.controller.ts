import { Controller, Delete, Get, Inject, Param, Req } from '@nestjs/common';
import type { RevocationAnswer, SessionList } from '@trancendos/contracts/session';
import type { FastifyRequest } from 'fastify';
import { actorOf, sessionOf } from './access/serve-access.ts';
import { writeAudit } from './audit/write-audit.ts';
import { CONSOLE_PARTS, type ConsoleParts } from './console-parts.ts';
import { RefusedRequest } from './refusal.ts';
import { renderListed } from './render-session.ts';
import type { FoundSession } from './sessions.ts';

/** Which sessions there are, and ending them: one's own, and by admins anybody's. */
@Controller('api')
export class SessionsController {
  readonly #parts: ConsoleParts;

  constructor(@Inject(CONSOLE_PARTS) parts: ConsoleParts) {
    this.#parts = parts;
  }

  @Get('sessions/own')
  async own(@Req() request: FastifyRequest): Promise<SessionList> {
    const { key } = sessionOf(request);
    return { sessions: (await this.#ownSessions(request)).map((session) => renderListed(session, key)) };
  }

  /** All of one's own but the one that asks. */
  @Delete('sessions/own')
  async endOthers(@Req() request: FastifyRequest): Promise<RevocationAnswer> {
    const { key } = sessionOf(request);
    return this.#end(
      request,
      (await this.#ownSessions(request)).filter((session) => session.key !== key),
    );
  }

  @Delete('sessions/own/:id')
  async endOwn(@Req() request: FastifyRequest, @Param('id') id: string): Promise<RevocationAnswer> {
    return this.#endNamed(request, await this.#ownSessions(request), id);
  }

  @Get('sessions')
  async all(@Req() request: FastifyRequest): Promise<SessionList> {
    const { key } = sessionOf(request);
    return { sessions: (await this.#list()).map((session) => renderListed(session, key)) };
  }

  @Delete('sessions/:id')
  async endAny(@Req() request: FastifyRequest, @Param('id') id: string): Promise<RevocationAnswer> {
    return this.#endNamed(request, await this.#list(), id);
  }

  @Delete('accounts/:id/sessions')
  async endOfAccount(@Req() request: FastifyRequest, @Param('id') accountId: string): Promise<RevocationAnswer> {
    return this.#end(request, await this.#list(accountId));
  }

  /** Demo sessions have one user between all of them, so each sees itself alone. */
  async #ownSessions(request: FastifyRequest): Promise<FoundSession[]> {
    const own = sessionOf(request);
    return own.session.account_version === 0 ? [own] : this.#list(own.session.user_id);
  }

  async #list(userId?: string): Promise<FoundSession[]> {
    const sessions = await this.#parts.sessions.list(userId);
    if (!sessions) throw new RefusedRequest('session_store_away');
    return sessions;
  }

  #endNamed(request: FastifyRequest, among: readonly FoundSession[], id: string): Promise<RevocationAnswer> {
    const named = among.filter(({ key }) => key === id);
    if (named.length === 0) throw new RefusedRequest('session_unknown');
    return this.#end(request, named);
  }

  /** Written down first: what cannot be is not done. */
  async #end(request: FastifyRequest, sessions: readonly FoundSession[]): Promise<RevocationAnswer> {
    const actor = actorOf(request);
    for (const { key, session } of sessions)
      await writeAudit(this.#parts.postgres.pool, {
        kind: 'session_revoked',
        actor,
        subject: session.user_id,
        before: { session_id: key },
      });
    const answers = await Promise.all(sessions.map(({ key }) => this.#parts.sessions.end(key)));
    if (answers.includes('unavailable')) throw new RefusedRequest('session_store_away');
    return { ended: answers.filter((answer) => answer === 'ended').length };
  }
}
