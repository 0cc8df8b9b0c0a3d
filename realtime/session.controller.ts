import { createHash, timingSafeEqual } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put, Req, Res } from '@nestjs/common';
import {
  LinkQuestion,
  PASSWORD_LENGTH,
  PasswordChange,
  SetUpRequest,
  SignInRequest,
  type LinkAnswer,
  type SessionAnswer,
  type SignInWays,
} from '@trancendos/contracts/session';
import { toInstant } from '@trancendos/platform/clock';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorOf, sessionOf, visitorOf } from './access/serve-access.ts';
import type { SignInAnswer, SignInRefusal } from './accounts/sign-in-desk.ts';
import { countAccounts } from './accounts/store-accounts.ts';
import { writeAudit } from './audit/write-audit.ts';
import { CONSOLE_PARTS, type ConsoleParts } from './console-parts.ts';
import { readInput } from './read-input.ts';
import { RefusedRequest } from './refusal.ts';
import { renderSession } from './render-session.ts';
import { sendPage } from './serve-console.ts';
import { renderSessionCookie } from './session-cookie.ts';

/** Signing in and out, and one's own password. */
@Controller()
export class SessionController {
  readonly #parts: ConsoleParts;

  constructor(@Inject(CONSOLE_PARTS) parts: ConsoleParts) {
    this.#parts = parts;
  }

  /** The link that the start of a demo prints. A wrong token gets the page, which says what to do. */
  @Get('login')
  async login(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { token } = request.query as { token?: unknown };
    const { loginToken, appFolder, signIn, cookie } = this.#parts;
    if (loginToken === undefined) throw new RefusedRequest('demo_refused');
    if (typeof token !== 'string' || !isSame(token, loginToken)) {
      await sendPage(reply, appFolder, 401);
      return;
    }
    const opened = await signIn.openDemo('link', await visitorOf(this.#parts, request));
    if (opened.kind === 'signed_in') await reply.header('set-cookie', renderSessionCookie(opened.id, cookie)).redirect('/', 303);
    else await sendPage(reply, appFolder, 503);
  }

  @Get('api/session/ways')
  async ways(): Promise<SignInWays> {
    return {
      ways: [{ kind: 'password' }, ...(this.#parts.demoSession ? [{ kind: 'demo' as const }] : [])],
      needs_set_up: (await countAccounts(this.#parts.postgres.pool)) === 0,
      password_length: PASSWORD_LENGTH,
    };
  }

  @Get('api/session')
  session(@Req() request: FastifyRequest): SessionAnswer {
    return renderSession(sessionOf(request));
  }

  @Post('api/session')
  @HttpCode(200)
  async signIn(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<SessionAnswer> {
    const asked = readInput(SignInRequest, body);
    return this.#enter(await this.#parts.signIn.signIn(asked, await visitorOf(this.#parts, request)), reply);
  }

  @Post('api/session/demo')
  @HttpCode(200)
  async demo(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionAnswer> {
    if (!this.#parts.demoSession) throw new RefusedRequest('demo_refused');
    return this.#enter(await this.#parts.signIn.openDemo('demo', await visitorOf(this.#parts, request)), reply);
  }

  @Post('api/session/link')
  @HttpCode(200)
  async link(@Body() body: unknown): Promise<LinkAnswer> {
    const link = await this.#parts.signIn.question(readInput(LinkQuestion, body).token);
    if (!link) throw new RefusedRequest('link_refused');
    return { kind: link.kind, name: link.name, expires_at: toInstant(link.expires_at.getTime()) };
  }

  @Post('api/session/set-up')
  @HttpCode(200)
  async setUp(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<SessionAnswer> {
    const asked = readInput(SetUpRequest, body);
    return this.#enter(await this.#parts.signIn.useLink(asked, await visitorOf(this.#parts, request)), reply);
  }

  @Put('api/session/password')
  async password(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<SessionAnswer> {
    const asked = readInput(PasswordChange, body);
    const visitor = await visitorOf(this.#parts, request);
    return this.#enter(await this.#parts.signIn.changePassword(asked, sessionOf(request), visitor), reply);
  }

  /** The page has seen somebody move, press or type; the guard has thereby used the session. */
  @Post('api/session/presence')
  @HttpCode(200)
  presence(@Req() request: FastifyRequest): SessionAnswer {
    return renderSession(sessionOf(request));
  }

  @Delete('api/session')
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { key } = sessionOf(request);
    if (!(await this.#parts.sessions.close(key))) throw new RefusedRequest('session_store_away');
    void reply.header('set-cookie', renderSessionCookie(undefined, this.#parts.cookie));
    await writeAudit(this.#parts.postgres.pool, { kind: 'signed_out', actor: actorOf(request) });
  }

  #enter(answer: SignInAnswer, reply: FastifyReply): SessionAnswer {
    if (answer.kind !== 'signed_in') throw toRefusal(answer);
    void reply.header('set-cookie', renderSessionCookie(answer.id, this.#parts.cookie));
    return renderSession(answer.session);
  }
}

function toRefusal(answer: SignInRefusal): RefusedRequest {
  if (answer.kind === 'locked_out') return new RefusedRequest('locked_out', { retry_after: Math.ceil(answer.waitMs / 1000) });
  if (answer.kind === 'weak_password') return new RefusedRequest('weak_password', { weakness: answer.weakness });
  if (answer.code === 'name_missing')
    return new RefusedRequest('invalid_field', { errors: [{ pointer: '/name', detail: 'the name of the first account' }] });
  return new RefusedRequest(answer.code);
}

/** Compares in a time that tells nothing about where two texts differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
