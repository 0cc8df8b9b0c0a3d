import type { KeyScope } from '@trancendos/contracts/api-key';
import { MERCHANT_OPERATIONS, type MerchantOperation } from '@trancendos/contracts/merchant-operations';

/** Needs no key. */
export const OPENAPI_PATH = '/v1/openapi.json';

/** An address of the merchant API with what a key needs for it. */
export interface Route {
  readonly method: MerchantOperation['method'];
  /** As the router writes it. */
  readonly path: string;
  readonly scope: KeyScope;
}

/** Every address under `/v1` that needs a key: those of the document, so that nothing is served that is not documented. */
export const ROUTES: readonly Route[] = MERCHANT_OPERATIONS.map(({ method, path, scope }) => ({
  method,
  path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
  scope,
}));

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
