import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { KEY_SCOPES } from '@trancendos/contracts/api-key';
import { PROBLEMS } from '@trancendos/contracts/http';
import { MERCHANT_OPERATIONS } from '@trancendos/contracts/merchant-operations';
import { renderOpenApi } from '@trancendos/contracts/render-openapi';
import { allowedMethods, scopeOf } from './routes.ts';

describe('the OpenAPI document', () => {
  const text = renderOpenApi();

  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(text)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('begins bodies with examples that are taken', () => {
    for (const { id, body, example } of MERCHANT_OPERATIONS) {
      if (example) expect([id, body?.[1].safeParse(example).error]).toEqual([id, undefined]);
    }
  });

  test('names every operation once, and every problem somewhere', () => {
    const ids = MERCHANT_OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const told = Object.keys(PROBLEMS).filter((code) => text.includes(`\`${code}\``));
    const ofNoAddress = ['malformed_request', 'headers_too_large', 'request_too_slow', 'not_found', 'method_not_allowed'];
    expect(Object.keys(PROBLEMS).filter((code) => !told.includes(code))).toEqual(ofNoAddress);
  });
});

describe('a route', () => {
  test('needs the scope that the document says, and every scope is needed somewhere', () => {
    expect(scopeOf('HEAD', '/v1/transactions/:id')).toBe('transactions:read');
    expect(scopeOf('POST', '/v1/nothing')).toBeUndefined();
    expect(new Set(MERCHANT_OPERATIONS.map(({ scope }) => scope))).toEqual(new Set(KEY_SCOPES));
  });

  test('that is asked with another method is told which it takes', () => {
    expect(allowedMethods('/v1/transactions')).toBe('POST');
    expect(allowedMethods('/v1/keys/key_1')).toBe('DELETE');
    expect(allowedMethods('/v1/transactions/order-1')).toBe('GET, HEAD');
    expect(allowedMethods('/v1/nothing')).toBeUndefined();
  });
});
