import { BACKGROUND_HEADER, CAPABILITIES, PASSWORD_LENGTH, type LinkAnswer, type SignInWays } from '@trancendos/contracts/session';
import { answerAccountChange, answerAccounts, answerPasswordChange } from './answer-accounts.ts';
import { answerLedger } from './answer-ledger.ts';
import { answerAudit, answerScoring, answerSessions } from './answer-governance.ts';
import { answerReview } from './answer-review.ts';
import { found, missing, problem, type MockAnswer } from './mock-answer.ts';
import { readMockSwitch, stateAt, type MockState } from './mock-switch.ts';
import type { MockWorld } from './mock-world.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';

const SLOW_MS = 3_000;

/** Answers of one service, for the path behind `/api/<service>/v1/`; undefined where it has no such address. */
export type ServiceMock = (world: MockWorld, path: string, query: URLSearchParams, isEmpty: boolean) => MockAnswer | undefined;

/** One mock a service; a page that reads another one brings its mock here. */
const SERVICES: Readonly<Record<string, ServiceMock>> = {
  ledger: answerLedger,
  review: answerReview,
  scoring: answerScoring,
  sessions: answerSessions,
  audit: answerAudit,
  accounts: answerAccounts,
};

/** What answers with the session. */
const OPENING = ['/api/session', '/api/session/presence', '/api/session/set-up'];
const WAYS: SignInWays = { ways: [{ kind: 'password' }], needs_set_up: false, password_length: PASSWORD_LENGTH };
const LINK: LinkAnswer = { kind: 'password', name: 'newcomer-1', expires_at: '2100-01-01T00:00:00.000Z' };

/** Paths that were answered once already, by browser: what is stale was read before it could not be read any more. */
const answered = new Set<string>();

/** Answers `/api/...` and signing in and out; false where the request is for something else. */
export async function answerApi(world: MockWorld, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://mock');
  if (pathname === '/mock') return chooseState(searchParams, response);
  if (pathname === '/logout') return send(response, found({}));
  if (!pathname.startsWith('/api/')) return false;
  const state = stateAt(pathname, readMockSwitch(request));
  if (OPENING.includes(pathname)) return send(response, answerSession(request, state));
  const refused = await refuse(state, `${request.headers.cookie ?? ''} ${pathname}`);
  if (refused === 'never') return true;
  if (refused === 'cut') {
    request.socket.destroy();
    return true;
  }
  return send(response, refused ?? (await answerPart(world, request, state === 'empty')));
}

async function answerPart(world: MockWorld, request: IncomingMessage, isEmpty: boolean): Promise<MockAnswer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://mock');
  if (pathname === '/api/session/ways') return found(WAYS);
  if (pathname === '/api/session/link') return found(LINK);
  if (pathname === '/api/session/password') return await answerPasswordChange(request);
  if (request.method !== 'GET' && pathname.startsWith('/api/accounts')) return await answerAccountChange(request, pathname);
  return answerService(world, pathname, searchParams, isEmpty);
}

function answerService(world: MockWorld, pathname: string, query: URLSearchParams, isEmpty: boolean): MockAnswer {
  const [, service = '', path = ''] = /^\/api\/([a-z]+)(?:\/(?:v1\/)?(.*))?$/.exec(pathname) ?? [];
  return SERVICES[service]?.(world, path, query, isEmpty) ?? missing('not_found');
}

/** What stands in the way of an answer in this state, if anything does. */
async function refuse(state: MockState, key: string): Promise<MockAnswer | 'never' | 'cut' | undefined> {
  switch (state) {
    case 'ready':
    case 'empty':
    case 'expiring':
      return undefined;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      return undefined;
    case 'loading':
      return 'never';
    case 'offline':
      return 'cut';
    case 'error':
      return problem(503, 'service_away', 'The service does not answer');
    case 'denied':
      return problem(403, 'capability_missing', 'It takes a role that your account does not have');
    case 'signed-out':
      return problem(401, 'session_missing', 'Nobody is signed in');
    case 'stale': {
      const isFirst = !answered.has(key);
      answered.add(key);
      return isFirst ? undefined : problem(503, 'service_away', 'The service does not answer');
    }
  }
}

const minutesFromNow = (minutes: number) => Date.now() + minutes * 60_000;

/** When the session of the state `expiring` ends, unless somebody is present. Signing in again begins another one. */
let expiringAtMs = 0;

function answerSession({ method, headers }: IncomingMessage, state: MockState): MockAnswer {
  if (method === 'DELETE') return { status: 204, body: undefined };
  if (state === 'signed-out') return problem(401, 'session_missing', 'Nobody is signed in');
  if (state === 'expiring' && expiringAtMs < Date.now()) {
    if (headers[BACKGROUND_HEADER] !== undefined) return problem(401, 'session_expired', 'The session has ended');
    expiringAtMs = minutesFromNow(1.5);
  }
  if (method === 'POST' && state === 'expiring') expiringAtMs = minutesFromNow(15);
  const instant = (ms: number) => new Date(ms).toISOString();
  return found({
    user: { id: 'usr_01a20000-0000-7000-8000-000000000000', name: 'analyst-1', roles: ['analyst'] },
    capabilities: state === 'denied' ? ['live:read'] : CAPABILITIES,
    csrf: 'mock',
    idle_expires_at: instant(state === 'expiring' ? expiringAtMs : minutesFromNow(15)),
    expires_at: instant(minutesFromNow(480)),
    demo: state === 'empty',
  });
}

/** `/mock?state=error&under=/api/ledger` sets the cookie and goes back to the page. */
function chooseState(query: URLSearchParams, response: ServerResponse): boolean {
  const under = query.get('under');
  const value = encodeURIComponent(`${query.get('state') ?? 'ready'}${under ? `:${under}` : ''}`);
  response.writeHead(303, { location: query.get('to') ?? '/live', 'set-cookie': `mock=${value}; Path=/; SameSite=Lax` }).end();
  return true;
}

function send(response: ServerResponse, { status, body }: MockAnswer): boolean {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-request-id': 'req_mock-0001' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
  return true;
}
