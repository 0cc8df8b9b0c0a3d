import { timingSafeEqual } from 'node:crypto';
import { BACKGROUND_HEADER, capabilitiesOf, CSRF_HEADER, type Capability } from '@trancendos/contracts/session';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Visitor } from '../accounts/sign-in-desk.ts';
import type { Actor } from '../audit/write-audit.ts';
import { isOwnOrigin } from '../check-origin.ts';
import { RefusedRequest } from '../refusal.ts';
import { readSessionCookie, type CookieOptions } from '../session-cookie.ts';
import type { FoundSession, SessionAnswer, Sessions } from '../sessions.ts';
import { accessOf } from './route-access.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler of an address that is not for anybody. */
    consoleSession?: FoundSession;
  }
}

export interface AccessParts {
  readonly sessions: Sessions;
  readonly cookie: CookieOptions;
  /** Names that the console is reached by. */
  readonly hosts: readonly string[];
}

type Refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<void>;

const CHANGES_NOTHING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets a request through to its handler only where `ROUTE_ACCESS` says so: signed in, with the capability, from the console's own page, and
 * with the token of its session where it changes something. A route of `/api`, or one that changes something, which is not in the table ends
 * the start. Gives the routes as they are registered.
 */
export function guardRoutes(http: FastifyInstance, parts: AccessParts, refuse: Refuse): readonly string[] {
  const registered: string[] = [];
  http.addHook('onRoute', ({ method, url }) => {
    for (const verb of [method].flat()) {
      registered.push(`${verb} ${url}`);
      const isOpenFile = CHANGES_NOTHING.has(verb) && !url.startsWith('/api');
      if (!isOpenFile && accessOf(verb, url) === undefined) throw new Error(`${verb} ${url} is not in ROUTE_ACCESS`);
    }
  });
  http.addHook('onRequest', async (request, reply) => {
    try {
      await admit(parts, request);
    } catch (error) {
      await refuse(error, request, reply);
    }
  });
  return registered;
}

async function admit(parts: AccessParts, request: FastifyRequest): Promise<void> {
  const { url } = request.routeOptions;
  if (url === undefined) return; // there is no such route, and the shell says so
  const access = accessOf(request.method, url);
  if (access === undefined) return; // a file: the start has made sure that nothing else is without an entry
  const changes = !CHANGES_NOTHING.has(request.method);
  if (access === 'anybody' && !changes) return;
  if (!isFromConsole(request, parts.hosts)) throw new RefusedRequest('origin_refused');
  if (access === 'anybody') {
    // A page elsewhere cannot send a header of its own without asking first, and is not answered.
    if (request.headers[CSRF_HEADER] === undefined) throw new RefusedRequest('csrf_refused');
    return;
  }
  await admitSession(parts, request, { access, changes });
}

async function admitSession(
  parts: AccessParts,
  request: FastifyRequest,
  { access, changes }: { readonly access: Capability | 'signed_in'; readonly changes: boolean },
): Promise<void> {
  const session = found(await findSession(parts, request), request, parts.cookie);
  if (changes && !isSame(request.headers[CSRF_HEADER], session.session.csrf)) throw new RefusedRequest('csrf_refused');
  request.consoleSession = session;
  if (access !== 'signed_in') requireCapability(request, access);
}

/** The session that a request comes with, which is thereby in use; unless the page only reads, and by itself. */
export function findSession({ sessions, cookie }: AccessParts, { method, headers }: FastifyRequest): Promise<SessionAnswer> {
  const id = readSessionCookie(headers.cookie, cookie);
  const isUse = headers[BACKGROUND_HEADER] === undefined || !CHANGES_NOTHING.has(method);
  return isUse ? sessions.find(id) : sessions.look(id);
}

/** The session of a request that has come through the guard. */
export function sessionOf({ consoleSession }: FastifyRequest): FoundSession {
  if (!consoleSession) throw new Error('the guard has let a request through without a session');
  return consoleSession;
}

/** Throws `forbidden` where whoever asks lacks the capability. */
export function requireCapability(request: FastifyRequest, capability: Capability): void {
  if (!capabilitiesOf(sessionOf(request).session.roles).includes(capability)) throw new RefusedRequest('forbidden', { capability });
}

/** Who is in front of the browser, for whatever begins a session. `sessionKey` is of the session that it comes with, where that lives. */
export async function visitorOf(parts: AccessParts, request: FastifyRequest): Promise<Visitor> {
  const answer = request.consoleSession ?? (await findSession(parts, request));
  const userAgent = request.headers['user-agent'] ?? '';
  return { address: request.ip, userAgent, requestId: request.id, sessionKey: answer.kind === 'found' ? answer.key : undefined };
}

/** Who asks, for the audit log. */
export function actorOf(request: FastifyRequest): Actor {
  const { key, session } = sessionOf(request);
  return { id: session.user_id, name: session.name, session_id: key, address: request.ip, request_id: request.id };
}

function found(answer: SessionAnswer, { headers }: FastifyRequest, cookie: CookieOptions): FoundSession {
  if (answer.kind === 'found') return answer;
  if (answer.kind === 'unavailable') throw new RefusedRequest('session_store_away');
  throw new RefusedRequest(readSessionCookie(headers.cookie, cookie) === undefined ? 'unauthenticated' : 'session_expired');
}

function isFromConsole({ headers }: FastifyRequest, hosts: readonly string[]): boolean {
  const fetchSite = headers['sec-fetch-site'];
  return isOwnOrigin(
    { host: headers.host, origin: headers.origin, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined },
    hosts,
  );
}

/** Compares in a time that tells nothing about where two texts differ. */
function isSame(given: string | string[] | undefined, expected: string): boolean {
  return typeof given === 'string' && given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
