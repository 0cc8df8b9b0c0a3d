import type { KeyScope } from '@trancendos/contracts/api-key';

/** An address of the merchant API with what a key needs for it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As the router writes it. */
  readonly path: string;
  readonly scope: KeyScope;
}

/** Every address under `/v1` that needs a key. What is not in this table is not served. */
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: '/v1/transactions', scope: 'transactions:write' },
  { method: 'POST', path: '/v1/transactions/bulk', scope: 'transactions:write' },
  { method: 'GET', path: '/v1/transactions/:id', scope: 'transactions:read' },
  { method: 'POST', path: '/v1/labels', scope: 'labels:write' },
  { method: 'POST', path: '/v1/history', scope: 'history:write' },
  { method: 'GET', path: '/v1/keys', scope: 'keys:write' },
  { method: 'POST', path: '/v1/keys', scope: 'keys:write' },
  { method: 'DELETE', path: '/v1/keys/:id', scope: 'keys:write' },
  { method: 'GET', path: '/v1/settings', scope: 'settings:write' },
  { method: 'PUT', path: '/v1/settings', scope: 'settings:write' },
  { method: 'GET', path: '/v1/webhooks', scope: 'webhooks:write' },
  { method: 'POST', path: '/v1/webhooks', scope: 'webhooks:write' },
  { method: 'DELETE', path: '/v1/webhooks/:id', scope: 'webhooks:write' },
  { method: 'POST', path: '/v1/webhooks/:id/enable', scope: 'webhooks:write' },
  { method: 'POST', path: '/v1/webhooks/:id/rotate-secret', scope: 'webhooks:write' },
  { method: 'GET', path: '/v1/webhooks/:id/deliveries', scope: 'webhooks:write' },
  { method: 'POST', path: '/v1/webhooks/:id/deliveries/:event/replay', scope: 'webhooks:write' },
];

const SCOPES = new Map(ROUTES.map(({ method, path, scope }) => [`${method} ${path}`, scope]));

/** The scope that a route needs; undefined for an address that is not served. */
export function scopeOf(method: string, path: string | undefined): KeyScope | undefined {
  return path === undefined ? undefined : SCOPES.get(`${method === 'HEAD' ? 'GET' : method} ${path}`);
}

const METHODS = new Map<string, Set<string>>();
for (const { method, path } of ROUTES) {
  const methods = METHODS.get(path) ?? new Set();
  METHODS.set(path, methods.add(method));
  if (method === 'GET') methods.add('HEAD');
}
const ADDRESSES = [...METHODS].map(([path, methods]) => ({
  pattern: new RegExp(`^${path.replaceAll(/:[a-z]+/g, '[^/]+')}$`),
  allow: [...methods].join(', '),
}));

/** The methods that an address takes, as the `Allow` header lists them; undefined where there is no such address. */
export function allowedMethods(path: string): string | undefined {
  return ADDRESSES.find(({ pattern }) => pattern.test(path))?.allow;
}
