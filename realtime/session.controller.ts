import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { toInstant } from '@trancendos/platform/clock';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONSOLE_PARTS, type ConsoleParts } from './console-parts.ts';
import { RefusedRequest } from './refusal.ts';
import { sendPage } from './serve-console.ts';
import { renderSessionCookie } from './session-cookie.ts';
import { SessionGuard } from './session.guard.ts';

/** Signing in and out. */
@Controller()
export class SessionController {
  readonly #parts: ConsoleParts;

  constructor(@Inject(CONSOLE_PARTS) parts: ConsoleParts) {
    this.#parts = parts;
  }

  /** The link that the start of the platform prints. A wrong token gets the page, which says what to do. */
  @Get('login')
  async login(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { token } = request.query as { token?: unknown };
    if (typeof token !== 'string' || !isSame(token, this.#parts.loginToken)) {
      await sendPage(reply, this.#parts.appFolder, 401);
      return;
    }
    const id = await this.#parts.sessions.open('login_link');
    if (id === undefined) {
      await sendPage(reply, this.#parts.appFolder, 503);
      return;
    }
    await reply.header('set-cookie', renderSessionCookie(id, this.#parts.cookie)).redirect('/', 303);
  }

  @Post('logout')
  @UseGuards(SessionGuard)
  async logout(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const key = request.consoleSession?.key ?? '';
    if (!(await this.#parts.sessions.close(key))) throw new RefusedRequest('session_store_away');
    this.#parts.endConnections(key);
    await reply.code(204).header('set-cookie', renderSessionCookie(undefined, this.#parts.cookie)).send();
  }

  @Get('api/session')
  @UseGuards(SessionGuard)
  session(@Req() request: FastifyRequest): { origin: string; role: string; opened_at: string } {
    const session = request.consoleSession?.session;
    if (session === undefined) throw new RefusedRequest('session_missing');
    return { origin: session.origin, role: session.role, opened_at: toInstant(session.opened_at_ms) };
  }
}

/** Compares in a time that tells nothing about where two texts differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
