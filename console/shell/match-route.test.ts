import { describe, expect, test } from '@jest/globals';
import { matchRoute } from './match-route.ts';

describe('a route', () => {
  test.each([
    ['/ledger', '/ledger', {}],
    ['/ledger', '/ledger/', {}],
    ['/ledger/accounts/:id', '/ledger/accounts/customer%3AACC-1%3AEUR', { id: 'customer:ACC-1:EUR' }],
    ['/entity/:type/:id', '/entity/card/c_1', { type: 'card', id: 'c_1' }],
  ])('%s takes %s', (pattern, path, params) => {
    expect(matchRoute(pattern, path)).toEqual(params);
  });

  test.each([
    ['/ledger', '/ledger/holds'],
    ['/ledger/accounts/:id', '/ledger/accounts'],
    ['/ledger/accounts/:id', '/ledger/accounts/%E0%A4%A'],
  ])('%s does not take %s', (pattern, path) => {
    expect(matchRoute(pattern, path)).toBeUndefined();
  });
});
