import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CAPABILITIES_OF_ROLE, CSRF_HEADER, ROLES, type Role } from '@trancendos/contracts/session';
import { pino } from 'pino';
import type { ConsoleParts } from '../console-parts.ts';
import { serveGateway, type Gateway } from '../serve-gateway.ts';
import { Sessions, type SessionStore, type StoredSession } from '../sessions.ts';
import { accessOf, ROUTE_ACCESS } from './route-access.ts';

/** A port of this machine that nothing listens on. */
const NOBODY = 'http://127.0.0.1:9';
const kept = new Map<string, StoredSession>();
const store: SessionStore = {
  put: (session) => Promise.resolve(void kept.set(session.key, session)),
  get: (key) => Promise.resolve(kept.get(key)),
  remove: (key) => Promise.resolve(kept.delete(key)),
  list: () => Promise.resolve([]), // so that no request of these ends the session of another
};
const sessions = new Sessions(store, () => Date.now());
const away = () => Promise.reject(new Error('there is no database here'));
const parts = {
  sessions,
  postgres: { pool: { query: away }, inTransaction: away, ping: away, stop: away },
  signIn: { openDemo: away, signIn: away, question: away, useLink: away, changePassword: away },
  accounts: { list: away, create: away, change: away, resetLink: away },
  cookie: { secure: false },
  hosts: ['127.0.0.1'],
  proxies: undefined,
  loginToken: undefined,
  demoSession: false,
  appFolder: import.meta.dirname,
  forwarding: { targets: { ledger: NOBODY, scoring: NOBODY, review: NOBODY }, key: { id: 'k1', secret: Buffer.alloc(32) } },
} as unknown as ConsoleParts;
let gateway: Gateway;

beforeAll(async () => {
  gateway = await serveGateway({ host: '127.0.0.1', port: 0, parts, log: pino({ level: 'silent' }) });
});
afterAll(() => gateway.stop());

const opening = { user_id: 'usr_1', name: 'ada', account_version: 1, opened_by: 'password' as const, address: '', user_agent: '' };
async function headersOf(role: Role): Promise<Record<string, string>> {
  const { id, session } = (await sessions.open({ ...opening, user_id: `usr_${role}`, roles: [role] }))!;
  return { cookie: `trancendos_session=${id}`, [CSRF_HEADER]: session.csrf };
}

/** Status and problem code; codes come from the gateway itself. */
async function ask(
  route: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; code: string | undefined; capability?: string }> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`http://127.0.0.1:${gateway.port}${path.replace('*', 'x').replaceAll(/:\w+/g, 'x')}`, { method, headers });
  const body = await response.text();
  const problem = response.headers.get('content-type')?.includes('problem')
    ? (JSON.parse(body) as { code: string; capability?: string })
    : undefined;
  return { status: response.status, code: problem?.code, ...(problem?.capability !== undefined && { capability: problem.capability }) };
}

const routes = Object.entries(ROUTE_ACCESS);
const closed = routes.filter(([, access]) => access !== 'anybody');

describe('every route', () => {
  test('that is served is in the table, and every one in the table is served', () => {
    const served = gateway.routes.filter((route) => !route.startsWith('HEAD '));
    expect(served.filter((route) => ROUTE_ACCESS[route] === undefined)).toEqual([]);
    expect(Object.keys(ROUTE_ACCESS).filter((route) => !served.includes(route))).toEqual([]);
    expect(
      gateway.routes.filter((route) => route.startsWith('HEAD ')).filter((route) => accessOf('HEAD', route.slice(5)) === undefined),
    ).toEqual([]);
  });

  test('that is not for anybody answers 401 to whoever is not signed in, in JSON and without a redirect', async () => {
    for (const [route] of closed) expect({ route, ...(await ask(route)) }).toEqual({ route, status: 401, code: 'unauthenticated' });
  });

  test('lets each role in exactly where the table of capabilities says so', async () => {
    for (const role of ROLES) {
      const asking = closed.map(async ([route, access]) => {
        const mayAsk = access === 'signed_in' || access === 'anybody' || CAPABILITIES_OF_ROLE[role].includes(access);
        const { status, capability } = await ask(route, await headersOf(role));
        const refused = status === 401 || status === 403;
        expect({ role, route, refused, capability }).toEqual({ role, route, refused: !mayAsk, capability: mayAsk ? undefined : access });
      });
      await Promise.all(asking);
    }
  }, 30_000);

  test('that changes something needs the token of its session, or any where there is none yet', async () => {
    for (const [route, access] of routes.filter(([name]) => !name.startsWith('GET '))) {
      const { cookie = '', ...token } = await headersOf('admin');
      const other = await headersOf('admin');
      const without =
        access === 'anybody' ? [{}] : [{ cookie }, { cookie, [CSRF_HEADER]: other[CSRF_HEADER] ?? '' }, { cookie, [CSRF_HEADER]: 'x' }];
      for (const headers of without)
        expect({ route, ...(await ask(route, headers)) }).toEqual({ route, status: 403, code: 'csrf_refused' });
      expect([route, (await ask(route, { cookie, ...token })).code]).not.toEqual([route, 'csrf_refused']);
    }
  });

  test('refuses what another site asks, even with a session and its token', async () => {
    const changing = routes.filter(([name, access]) => access !== 'anybody' || !name.startsWith('GET '));
    for (const [route] of changing) {
      const headers = await headersOf('admin');
      for (const foreign of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }])
        expect({ route, ...(await ask(route, { ...headers, ...foreign })) }).toEqual({ route, status: 403, code: 'origin_refused' });
    }
  });

  test('below /api that does not exist is none, signed in or not', async () => {
    for (const route of [
      'GET /api/none',
      'POST /api/none',
      'POST /api/ledger/v1/accounts',
      'GET /api/scoring/v1/control/model/champion',
      'DELETE /api/audit',
    ])
      expect({ route, ...(await ask(route, await headersOf('admin'))) }).toEqual({ route, status: 404, code: 'not_found' });
  });
});

test('a cookie whose session is gone is told apart from no cookie', async () => {
  expect(await ask('GET /api/session', { cookie: `trancendos_session=${'x'.repeat(43)}` })).toEqual({
    status: 401,
    code: 'session_expired',
  });
});
