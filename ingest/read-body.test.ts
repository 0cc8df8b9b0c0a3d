import { describe, expect, test } from '@jest/globals';
import { TransactionRequest } from '@trancendos/contracts/transaction';
import fc from 'fast-check';
import { readBody } from './read-body.ts';
import type { Refusal } from './refusal.ts';

const GOOD = {
  transaction_id: 'order-1',
  occurred_at: '2026-05-01T16:04:11.482Z',
  amount_minor: 1249,
  currency: 'EUR',
  payer: { account_id: 'ACC-00017' },
  terminal_id: 'T-00042',
};

const read = (body: unknown) => readBody(TransactionRequest, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const refusalOf = (body: unknown): Refusal => {
  const result = read(body);
  if (!('refused' in result)) throw new Error('was taken');
  return result;
};

describe('a transaction', () => {
  test('that fits is taken as it is', () => {
    expect(read(GOOD)).toEqual({ read: GOOD });
    expect(read({ ...GOOD, payer: { card_token: 'card_k3j' }, amount_minor: Number.MAX_SAFE_INTEGER })).toHaveProperty('read');
  });

  test.each([
    ['/amount_minor', { amount_minor: -1 }],
    ['/amount_minor', { amount_minor: 12.5 }],
    ['/amount_minor', { amount_minor: '1249' }],
    ['/amount_minor', { amount_minor: 2 ** 53 }],
    ['/currency', { currency: 'QQQ' }],
    ['/currency', { currency: 'eur' }],
    ['/occurred_at', { occurred_at: '2026-05-01T16:04:11Z' }],
    ['/occurred_at', { occurred_at: '2026-02-30T16:04:11.482Z' }],
    ['/occurred_at', { occurred_at: '2026-05-01T18:04:11.482+02:00' }],
    ['/payer/account_id', { payer: {} }],
    ['/payer', { payer: 'ACC-1' }],
    ['/transaction_id', { transaction_id: "'; DROP TABLE transactions; --" }],
    ['/transaction_id', { transaction_id: 'a'.repeat(65) }],
    ['/terminal_id', { terminal_id: null }],
  ])('is refused at %s', (pointer, change) => {
    expect(refusalOf({ ...GOOD, ...change })).toMatchObject({ refused: 'invalid_field', misfits: [{ pointer }] });
  });

  test.each(['1249.00000000000000001', '9007199254740990.6', '1e-400', '12490000000000000000001e-19'])(
    'of %s minor units is refused rather than rounded',
    (amount) => {
      const refusal = refusalOf(JSON.stringify(GOOD).replace('1249', amount));
      expect(refusal).toMatchObject({ refused: 'invalid_field', misfits: [{ pointer: '/amount_minor' }] });
    },
  );

  test.each(['1249.0', '1.249e3', '12490e-1', '0.0', '0e5'])('may write its amount as %s', (amount) => {
    expect(read(JSON.stringify(GOOD).replace('1249', amount))).toHaveProperty('read.amount_minor', Number(amount));
  });

  test('is told everything that is wrong at once', () => {
    const refusal = refusalOf({ transaction_id: 'order-1', amount_minor: 1.5, currency: 'EUR', payer: {}, colour: 'red' });
    expect(refusal.refused).toBe('invalid_field');
    expect(refusal.misfits?.map(({ pointer }) => pointer).sort()).toEqual([
      '/amount_minor',
      '/colour',
      '/occurred_at',
      '/payer/account_id',
    ]);
    expect(refusal.misfits?.find(({ pointer }) => pointer === '/occurred_at')?.detail).toMatch(/^missing: /);
  });

  test('with unknown fields and nothing else wrong is told their names, where they are names', () => {
    expect(refusalOf({ ...GOOD, payer: { account_id: 'A', iban: 1 }, 'my secret pass-phrase': 1 })).toEqual({
      refused: 'unknown_field',
      misfits: expect.arrayContaining([
        { pointer: '/payer/iban', detail: 'not a field of this request' },
        { pointer: '', detail: 'not a field of this request' },
      ]) as unknown,
    });
  });

  test.each([[[]], ['text'], [null], [1]])('that is %j instead of an object is refused', (body) => {
    expect(refusalOf(JSON.stringify(body)).refused).toBe('invalid_field');
  });

  test('is never quoted in its refusal', () => {
    const refusal = refusalOf({ ...GOOD, currency: 'hunter2-currency', payer: { account_id: 'hunter2 account' }, occurred_at: 'hunter2' });
    expect(JSON.stringify(refusal)).not.toContain('hunter2');
  });
});

describe('a card number', () => {
  test.each([
    ['in a value', { transaction_id: 'pay-4111111111111111' }, '/transaction_id'],
    ['in groups', { payer: { account_id: '4111-1111-1111-1111' } }, '/payer/account_id'],
    ['with spaces', { terminal_id: '4111 1111 1111 1111' }, '/terminal_id'],
    ['as a number', { terminal_id: 4111111111111111 }, '/terminal_id'],
    ['as the amount', { amount_minor: 4111111111111111 }, '/amount_minor'],
    ['as a field name', { '4111111111111111': 1 }, ''],
    ['in an unknown field', { note: { deep: ['4111111111111111'] } }, '/note/deep/0'],
  ])('%s is refused and not repeated', (_where, change, pointer) => {
    const refusal = refusalOf({ ...GOOD, ...change });
    expect(refusal).toMatchObject({ refused: 'card_number_refused', misfits: [{ pointer }] });
    expect(JSON.stringify(refusal)).not.toContain('1111');
  });

  test('that is written with escapes or an exponent is seen too', () => {
    expect(refusalOf(JSON.stringify({ ...GOOD, transaction_id: 'X' }).replace('"X"', '"\\u0034111111111111111"')).refused).toBe(
      'card_number_refused',
    );
    expect(refusalOf(JSON.stringify(GOOD).replace('1249', '4.111111111111111e15')).refused).toBe('card_number_refused');
    expect(refusalOf(JSON.stringify(GOOD).replace('1249', '4111111111111111.0')).refused).toBe('card_number_refused');
  });
});

test('a card number is found in any field of a body, beside what looks like one', () => {
  const fields = ['transaction_id', 'currency', 'terminal_id', 'channel', 'note'] as const;
  const card = fc.constantFrom('4111111111111111', '4111 1111 1111 1111', '4111-1111-1111-1111', '378282246310005', 'x5555.5555.5555.4444');
  fc.assert(
    fc.property(fc.constantFrom(...fields), card, fc.string({ maxLength: 20 }), (name, number, around) => {
      const refusal = refusalOf({ ...GOOD, metadata: { other: around }, [name]: number });
      expect(refusal.refused).toBe('card_number_refused');
    }),
  );
});

describe('a body that its compiled shape takes', () => {
  test('is what zod would have made of it, of every shape that is read', () => {
    const full = {
      ...GOOD,
      payer: { account_id: 'ACC-1', card_token: 'tok-1' },
      payee: { account_id: 'ACC-2', country: 'DE' },
      instrument: { bin: '411111', last4: '1111', kind: 'debit' },
      device: { id: 'dev-1' },
      ip: '192.0.2.1',
      geo: { country: 'DE', latitude: 52.5, longitude: 13.4 },
      channel: 'pos',
      category_code: '5411',
      metadata: { till: 'four 😀' },
      capture: 'manual',
      mode: 'dry_run',
      deadline_ms: 250,
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(full)),
        fc.constantFrom('left out', 'changed', 'doubled'),
        fc.json(),
        (name, how, json) => {
          const changed = { ...full, [how === 'doubled' ? `${name}_too` : name]: JSON.parse(json) as unknown };
          if (how === 'left out') Reflect.deleteProperty(changed, name);
          const result = read(changed);
          const parsed = TransactionRequest.safeParse(JSON.parse(JSON.stringify(changed)));
          if ('read' in result) expect(parsed).toEqual({ success: true, data: result.read });
          else if (parsed.success) expect(result.refused).not.toMatch(/^invalid|^unknown/);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
