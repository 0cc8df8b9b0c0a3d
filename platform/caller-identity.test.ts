import { describe, expect, test } from '@jest/globals';
import { FORWARD_AUDIENCES } from '@trancendos/contracts/caller';
import fc from 'fast-check';
import { createHmac, randomBytes } from 'node:crypto';
import { CALLER_LIFE_MS, CLOCK_SKEW_MS, signCaller, verifyCaller, type CallerKey, type CallerVerification } from './caller-identity.ts';

const key: CallerKey = { id: 'k1', secret: randomBytes(32) };
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
const NOW_MS = 1_790_000_000_000;
const ada = {
  user_id: 'usr_01999999-0000-7000-8000-000000000001',
  name: 'ada',
  roles: ['analyst'],
  capabilities: ['live:read', 'ledger:read'],
  audience: 'ledger' as const,
  request_id: 'req_01999999-0000-7000-8000-000000000002',
};
const verify = (header: string, { keys = [key], audience = 'ledger', nowMs = NOW_MS }: Partial<CallerVerification> = {}) =>
  verifyCaller(header, { keys, audience, nowMs });

describe('a signed caller', () => {
  test('is who the gateway said, for any name, roles and capabilities', () => {
    const identities = fc.record({
      user_id: fc.string({ maxLength: 64 }),
      name: fc.string({ maxLength: 64 }),
      roles: fc.array(fc.string({ maxLength: 32 }), { maxLength: 6 }),
      capabilities: fc.array(fc.string({ maxLength: 64 }), { maxLength: 12 }),
      audience: fc.constantFrom(...FORWARD_AUDIENCES),
      request_id: fc.uuid().map((id) => `req_${id}`),
    });
    fc.assert(
      fc.property(identities, (identity) => {
        const answer = verify(signCaller(identity, key, NOW_MS), { audience: identity.audience });
        expect(answer).toMatchObject({ kind: 'verified', caller: identity });
      }),
      { numRuns: 200 },
    );
  });

  test('is refused when any one character of it is another', () => {
    const header = signCaller(ada, key, NOW_MS);
    const characters = fc.nat(64).map((index) => ALPHABET.charAt(index));
    fc.assert(
      fc.property(fc.nat(header.length - 1), characters, (place, character) => {
        fc.pre(header[place] !== character);
        const changed = header.slice(0, place) + character + header.slice(place + 1);
        expect(verify(changed).kind).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });

  test('is refused when a payload of one stands before the signature of another', () => {
    const admin = signCaller({ ...ada, roles: ['admin'] }, { id: 'k1', secret: randomBytes(32) }, NOW_MS).split('.');
    const own = signCaller(ada, key, NOW_MS).split('.');
    expect(verify([own[0], admin[1], own[2]].join('.'))).toEqual({ kind: 'refused', reason: 'forged' });
  });

  test('is refused under a key that is not known, or another of the same name', () => {
    const stranger = { id: 'k1', secret: randomBytes(32) };
    expect(verify(signCaller(ada, stranger, NOW_MS))).toEqual({ kind: 'refused', reason: 'forged' });
    expect(verify(signCaller(ada, { ...stranger, id: 'k2' }, NOW_MS))).toEqual({ kind: 'refused', reason: 'key_unknown' });
    expect(verify(signCaller(ada, key, NOW_MS), { keys: [] })).toEqual({ kind: 'refused', reason: 'key_unknown' });
  });

  test('holds under the old and the new key while they are changed', () => {
    const next = { id: 'k2', secret: randomBytes(32) };
    for (const signing of [key, next]) expect(verify(signCaller(ada, signing, NOW_MS), { keys: [next, key] }).kind).toBe('verified');
  });

  test('is good for one service only', () => {
    expect(verify(signCaller(ada, key, NOW_MS), { audience: 'scoring' })).toEqual({ kind: 'refused', reason: 'other_audience' });
  });

  test('is good for half a minute, give or take what clocks may differ', () => {
    const header = signCaller(ada, key, NOW_MS);
    const at = (differenceMs: number) => verify(header, { nowMs: NOW_MS + differenceMs });
    expect(at(-CLOCK_SKEW_MS).kind).toBe('verified');
    expect(at(-CLOCK_SKEW_MS - 1)).toEqual({ kind: 'refused', reason: 'not_yet' });
    expect(at(CALLER_LIFE_MS + CLOCK_SKEW_MS - 1).kind).toBe('verified');
    expect(at(CALLER_LIFE_MS + CLOCK_SKEW_MS)).toEqual({ kind: 'refused', reason: 'expired' });
  });

  test('cannot be made to last by whoever has a key but not the code', () => {
    const payload = Buffer.from(JSON.stringify({ ...ada, issued_at_ms: NOW_MS, expires_at_ms: NOW_MS + 10 * CALLER_LIFE_MS })).toString(
      'base64url',
    );
    const mac = createHmac('sha256', key.secret).update(`trx-caller-v1\nk1.${payload}`).digest('base64url');
    const header = `k1.${payload}.${mac}`;
    expect(verify(header).kind).toBe('verified');
    expect(verify(header, { nowMs: NOW_MS + 2 * CALLER_LIFE_MS })).toEqual({ kind: 'refused', reason: 'expired' });
  });

  test('never makes the check throw, whatever is sent', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (header) => expect(verify(header).kind).toBe('refused')));
    for (const payload of [
      '',
      'bm90IGpzb24',
      Buffer.from('null').toString('base64url'),
      Buffer.from('{"user_id":1}').toString('base64url'),
    ]) {
      const mac = createHmac('sha256', key.secret).update(`trx-caller-v1\nk1.${payload}`).digest('base64url');
      expect(verify(`k1.${payload}.${mac}`)).toEqual({ kind: 'refused', reason: 'malformed' });
    }
    expect(verify('x'.repeat(100_000))).toEqual({ kind: 'refused', reason: 'malformed' });
  });
});
