import type { Capability } from '@trancendos/contracts/session';
import { FORWARDED_ROUTES, gatewayPath } from '../forward/forwarded-routes.ts';

/** Who may ask for an address: anybody, whoever is signed in, or who has the capability. */
export type Access = 'anybody' | 'signed_in' | Capability;

/** Every address of the gateway, as `METHOD route`, with who may ask for it. HEAD goes with GET. What is not here is served to nobody. */
export const ROUTE_ACCESS: Readonly<Record<string, Access>> = {
  'GET /*': 'anybody',
  'GET /assets/*': 'anybody',
  'GET /apps.json': 'anybody',
  'GET /login': 'anybody',

  'GET /api/session/ways': 'anybody',
  'POST /api/session': 'anybody',
  'POST /api/session/demo': 'anybody',
  'POST /api/session/link': 'anybody',
  'POST /api/session/set-up': 'anybody',
  'GET /api/session': 'signed_in',
  'DELETE /api/session': 'signed_in',
  'PUT /api/session/password': 'signed_in',
  'POST /api/session/presence': 'signed_in',

  'GET /api/sessions/own': 'signed_in',
  'DELETE /api/sessions/own': 'signed_in',
  'DELETE /api/sessions/own/:id': 'signed_in',
  'GET /api/sessions': 'sessions:read',
  'DELETE /api/sessions/:id': 'sessions:revoke',

  'GET /api/accounts': 'accounts:manage',
  'POST /api/accounts': 'accounts:manage',
  'PATCH /api/accounts/:id': 'accounts:manage',
  'POST /api/accounts/:id/link': 'accounts:manage',
  'DELETE /api/accounts/:id/lock': 'accounts:manage',
  'DELETE /api/accounts/:id/sessions': 'sessions:revoke',

  'GET /api/audit': 'audit:read',

  ...Object.fromEntries(FORWARDED_ROUTES.map((route) => [`${route.method} ${gatewayPath(route)}`, route.capability])),
};

/** Who may ask for a registered route; undefined where nobody has decided that. */
export function accessOf(method: string, route: string): Access | undefined {
  return ROUTE_ACCESS[`${method === 'HEAD' ? 'GET' : method} ${route}`];
}
