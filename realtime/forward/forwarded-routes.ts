import type { ForwardAudience } from '@trancendos/contracts/caller';
import type { Capability } from '@trancendos/contracts/session';

/** One address of a service that the console may ask for, and what for. */
export interface ForwardedRoute {
  readonly service: ForwardAudience;
  readonly method: 'GET' | 'POST';
  /** Behind `/api/<service>/v1` here; parameters as Fastify writes them. */
  readonly path: string;
  /** What stands for `/api/<service>/v1` at the service. */
  readonly below: string;
  readonly capability: Capability;
  /** Needed besides, and noted in the audit log, where the query asks for another format than JSON. */
  readonly exportCapability?: Capability;
}

const get = (service: ForwardAudience, capability: Capability, below: string, paths: readonly string[]): ForwardedRoute[] =>
  paths.map((path) => ({ service, method: 'GET', path, below, capability }));

/** All that is passed on. What changes money or decisions is not among it. */
export const FORWARDED_ROUTES: readonly ForwardedRoute[] = [
  ...get('ledger', 'ledger:read', '/ledger', [
    '/accounts',
    '/accounts/:id',
    '/accounts/:id/balance',
    '/balances',
    '/transfers',
    '/transfers/:id',
    '/transfers/:id/proof',
    '/batches/newest',
    '/batches/:seq',
    '/holds',
    '/holds/:id',
    '/transactions/:merchant/:transaction/trail',
    '/trial-balance',
    '/summary',
    '/invariants',
    '/reconciliation/files',
    '/reconciliation/files/:id',
    '/reconciliation/files/:id/lines',
    '/reconciliation/report',
  ]),
  {
    service: 'ledger',
    method: 'GET',
    path: '/accounts/:id/statement',
    below: '/ledger',
    capability: 'ledger:read',
    exportCapability: 'ledger:export',
  },
  ...get('ledger', 'ledger:read', '/v1', ['/accounts/:id/transfers', '/commands/:id']),
  ...get('scoring', 'decisions:read', '/v1', ['/reason-codes', '/features']),
  ...get('scoring', 'governance:read', '/v1', ['/model', '/drift', '/rules', '/lists', '/control', '/challengers', '/reports/:name']),
  // Both answer a question and change nothing.
  { service: 'scoring', method: 'POST', path: '/previews', below: '/v1', capability: 'governance:read' },
  { service: 'scoring', method: 'POST', path: '/rulesets/check', below: '/v1', capability: 'governance:read' },
  ...get('review', 'decisions:read', '/v1', ['/decisions', '/decisions/:id', '/transactions/:merchant/:id', '/entities/:type/:id']),
  {
    service: 'review',
    method: 'GET',
    path: '/insights',
    below: '/v1',
    capability: 'insights:read',
    exportCapability: 'insights:export',
  },
];

/** Where the console asks for a forwarded route. */
export function gatewayPath({ service, path }: Pick<ForwardedRoute, 'service' | 'path'>): string {
  return `/api/${service}/v1${path}`;
}

/**
 * Where the service is asked for it, with the query as it came; undefined for an address that names a folder upwards, because parts between
 * here and there might follow it. `url` is path and query as the browser sent them.
 */
export function servicePath({ service, below }: ForwardedRoute, url: string): string | undefined {
  const rest = url.slice(`/api/${service}/v1`.length);
  const [path = ''] = rest.split('?', 1);
  const isClimbing = path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment)) || path.includes('\\');
  return isClimbing ? undefined : below + rest;
}
