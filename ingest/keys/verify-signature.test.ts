import { describe, expect, test } from '@jest/globals';
import { signTestRequest, type SignAs, type Unsigned } from './sign-test-request.ts';
import { verifySignature, type Signer } from './verify-signature.ts';

const NOW_S = 1_777_651_452;
const SECRET = Buffer.alloc(32, 9);
const SIGNER: Signer = { keyId: 'key_1', signingSecret: SECRET };
const REQUEST: Unsigned = {
  method: 'POST',
  url: 'https://api.example.com/v1/transactions?x=1',
  body: '{"transaction_id":"order-1"}',
  idempotencyKey: 'order-1',
};
const AS: SignAs = { keyId: 'key_1', secret: SECRET.toString('base64'), nonce: 'abcdefgh', created: NOW_S };

function verify(
  changes: { request?: Partial<Unsigned>; as?: Partial<SignAs>; headers?: Record<string, string | undefined>; signer?: Signer } = {},
) {
  const signed = signTestRequest(REQUEST, { ...AS, ...changes.as });
  const received = { ...REQUEST, ...changes.request };
  return verifySignature(
    {
      method: received.method,
      targetUri: received.url,
      headers: { 'content-type': 'application/json', ...signed, ...changes.headers },
      body: Buffer.from(received.body ?? ''),
    },
    changes.signer ?? SIGNER,
    NOW_S,
  );
}

describe('a signature', () => {
  test('of the request as it was received holds, with its nonce', () => {
    expect(verify()).toEqual({ nonce: 'abcdefgh' });
    expect(verify({ as: { created: NOW_S - 299 } })).toEqual({ nonce: 'abcdefgh' });
  });

  test.each([
    ['another method', { request: { method: 'PUT' } }],
    ['another address', { request: { url: 'https://api.example.com/v1/transactions?x=2' } }],
    ['another body', { request: { body: '{"transaction_id":"order-2"}' } }],
    ['another idempotency key', { headers: { 'idempotency-key': 'order-2' } }],
    ['another secret', { as: { secret: Buffer.alloc(32, 8).toString('base64') } }],
    ["another key's id", { as: { keyId: 'key_2' } }],
    ['a time too long ago', { as: { created: NOW_S - 301 } }],
    ['a time too far ahead', { as: { created: NOW_S + 301 } }],
    ['a nonce too short to be one', { as: { nonce: 'abc' } }],
    ['a key that signs nothing', { signer: { keyId: 'key_1', signingSecret: undefined } }],
    ['a digest that was taken away', { headers: { 'content-digest': undefined } }],
    ['a cut signature', { headers: { signature: 'sig=:AAAA:' } }],
  ])('with %s does not', (_, changes) => {
    expect(verify(changes)).toMatchObject({ refused: 'signature_invalid' });
  });

  test('that leaves out what has to be covered does not hold, and the field is named', () => {
    const signed = signTestRequest({ method: 'POST', url: REQUEST.url }, AS);
    const verdict = verifySignature(
      { method: 'POST', targetUri: REQUEST.url, headers: { ...signed, 'idempotency-key': 'order-1' }, body: undefined },
      SIGNER,
      NOW_S,
    );
    expect(verdict).toMatchObject({ refused: 'signature_invalid', detail: expect.stringContaining('idempotency-key') as unknown });
  });

  test.each(['', 'sig=()', 'sig=("@method");created=x', 'sig1=("@method" "@target-uri");created=1', `sig=(${'"a" '.repeat(1_000)})`])(
    'that cannot be read (%s) is missing',
    (input) => {
      expect(verify({ headers: { 'signature-input': input } })).toMatchObject({ refused: 'signature_missing' });
    },
  );
});
