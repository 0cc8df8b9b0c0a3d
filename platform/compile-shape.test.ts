import { describe, expect, test } from '@jest/globals';
import { Text } from '@trancendos/contracts/text';
import { topics, type TopicKey } from '@trancendos/contracts/topics';
import { TransactionRequest } from '@trancendos/contracts/transaction';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { compileShape } from './compile-shape.ts';
import { readMessage, Unreadable } from './read-message.ts';

const AT = '2026-05-01T16:04:11.482Z';
const uuid = (digit: string) => `0196a5b0-0000-7000-8000-00000000000${digit}`;

const payment = {
  kind: 'payment',
  transaction_id: 'tx-1',
  occurred_at: AT,
  amount_minor: 1249,
  currency: 'EUR',
  payer: { account_id: 'ACC-1', card_token: 'tok-1' },
  terminal_id: 'T-1',
  payee: { account_id: 'ACC-2', country: 'DE' },
  instrument: { bin: '411111', last4: '1111', kind: 'debit' },
  device: { id: 'dev-1' },
  ip: '192.0.2.1',
  geo: { country: 'DE', latitude: 52.5, longitude: 13.4 },
  channel: 'pos',
  category_code: '5411',
  metadata: { till: 'four 😀' },
  capture: 'manual',
  merchant_id: 'books-03',
  request_id: `req_${uuid('1')}`,
  received_at: AT,
};
const decision = {
  decision_id: `dec_${uuid('2')}`,
  actor: 'luminous',
  action: 'approve',
  score: 12,
  probability: 0.0123,
  band: 'low',
  cutoffs: { review: 0.2, decline: null },
  indeterminate_rules: ['amount@1'],
  reasons: [
    { code: 'amount_as_usual', category: 'amount', effect: 'lowers', message: '12.49, usually 11.20', weight: -0.4 },
    { code: 'listed', category: 'rule', effect: 'blocks', message: 'on a list', weight: null, rule: 'stolen-cards' },
  ],
  versions: { model: 'luminous-1', ruleset: 'rules-1', features: 'book-15', lists: 'abc', policy: 'def' },
  features: [12.49, 0, -1.5e-7],
  degraded: true,
  degraded_causes: ['deadline'],
  decided_at: AT,
  timings_ms: { ingest: 2.5, scoring: 0 },
  transaction: payment,
};
const balance = {
  account_id: 'customer:ACC-1:EUR',
  kind: 'customer',
  currency: 'EUR',
  debits_posted: '0',
  credits_posted: '100000',
  debits_pending: '0',
  credits_pending: '0',
  available: '-100',
  overdraft: null,
  status: 'open',
  version: 3,
  ledger_seq: 9,
  committed_at: AT,
};
const money = { state: 'posted', transfer_id: `tr_${uuid('3')}`, expires_at: null };

const label = {
  transaction_id: 'tx-1',
  fraud: true,
  source: 'bank',
  kind: 'chargeback',
  maturity: 'final',
  known_at: AT,
  label_id: `lab_${uuid('4')}`,
  merchant_id: 'books-03',
  request_id: `req_${uuid('1')}`,
  subject: 'ACC-1',
  terminal_id: null,
  occurred_at: AT,
  received_at: AT,
};
const commandOutcome = {
  event_id: 'ledger-9',
  command_id: `cmd_${uuid('5')}`,
  kind: 'capture',
  status: 'applied',
  code: null,
  detail: null,
  field: '/amount_minor',
  repeated: false,
  requested_by: 'ledger-team',
  approved_by: null,
  reason: 'delivered',
  transfers: [
    {
      transfer_id: `tr_${uuid('6')}`,
      kind: 'capture',
      seq: 3,
      debit_account_id: 'customer:ACC-1:EUR',
      credit_account_id: 'merchant:books-03:EUR',
      amount_minor: '1249',
      currency: 'EUR',
      related_to: `tr_${uuid('3')}`,
      effective_at: AT,
    },
  ],
  hold: {
    hold_id: `tr_${uuid('3')}`,
    status: 'captured',
    amount_minor: '1249',
    remaining_minor: '0',
    captured_minor: '1249',
    expires_at: AT,
    merchant_id: 'books-03',
    transaction_id: null,
  },
  ledger_seq: 9,
  committed_at: AT,
};
const deadLetter = {
  topic: 'outcomes.v1',
  partition: 0,
  offset: '17',
  key: null,
  group: 'ingest',
  code: 'not_json',
  detail: 'not JSON',
  payload_base64: 'ew==',
  failed_at: AT,
};

/** Messages as they travel, with every field, of every topic that is compiled. */
const SAMPLES: readonly (readonly [TopicKey, object])[] = [
  ['transactions', payment],
  ['transactions', { ...omit(payment, 'capture'), kind: 'history', label: { fraud: true, known_at: AT } }],
  ['decisions', decision],
  ['outcomes', { ...decision, money, ledger_seq: 9, committed_at: AT }],
  ['lateDecisions', decision],
  ['balances', balance],
  ['labels', label],
  ['commandOutcomes', commandOutcome],
  ['deadLetters', deadLetter],
];

function omit(value: object, name: string): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

/** JSON texts that a field may be replaced by: what is near the limits of our shapes, and what JSON can say and JavaScript cannot keep. */
const STRANGE = [
  ...'null true -1 0 1 1.5 1e3 1e400 -1e400 9007199254740991 9007199254740992 1000 1001 90 90.1 "" [] {}'.split(' '),
  ...['{"__proto__":{}}', '{"account_id":"A"}', '{"card_token":"t"}', '{"x":1}', '[null]', '[1,"2"]', `[${'0,'.repeat(256)}0]`],
  ...[0, 1, 21].map((count) => JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v'])))),
  ...[
    'a',
    'A',
    'tx 1',
    'EUR',
    'ZZZ',
    'pos',
    'payment',
    'history',
    '12',
    '5411',
    AT,
    '2026-02-30T00:00:00.000Z',
    '2026-05-01T16:04:11Z',
  ].map(quote),
  ...[
    '\0',
    '\ud800',
    'a\nb',
    '😀'.repeat(80),
    '😀'.repeat(160),
    '😀'.repeat(161),
    '👩‍🚀'.repeat(60),
    'x'.repeat(64),
    'x'.repeat(65),
    'x'.repeat(160),
    'x'.repeat(161),
  ].map(quote),
  ...['1.2.3.4', '1.2.3.256', '::1', '1::2::3', 'fe80::1%eth0', `dec_${uuid('2')}`, `DEC_${uuid('2')}`, 'dec_', '-0', '01'].map(quote),
];

function quote(text: string): string {
  return JSON.stringify(text);
}

interface Change {
  readonly place: number;
  readonly how: 'replaced' | 'removed' | 'joined';
  readonly by: string;
}

const change = fc.record<Change>({
  place: fc.nat({ max: 200 }),
  how: fc.constantFrom('replaced', 'removed', 'joined'),
  by: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...STRANGE) }, { weight: 1, arbitrary: fc.json() }),
});

/** The text of `value` with one field replaced, left out, or given a strange neighbour. */
function changed(value: object, { place, how, by }: Change): string {
  const holes: string[] = [];
  let left = place % countFields(value);
  const mark = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map(mark);
    return Object.fromEntries(
      Object.entries(node).flatMap(([name, field]): [string, unknown][] => {
        if (left-- !== 0) return [[name, mark(field)]];
        if (how === 'removed') return [];
        holes.push(by);
        return how === 'replaced'
          ? [[name, '<hole>']]
          : [
              [name, field],
              ['unknown_field', '<hole>'],
            ];
      }),
    );
  };
  return JSON.stringify(mark(value)).replace('"<hole>"', () => holes[0] ?? 'null');
}

function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, field) => sum + countFields(field), own);
}

describe('a compiled shape', () => {
  test('is made of every topic but those that say more than JSON Schema can', () => {
    const keys = Object.keys(topics) as TopicKey[];
    const uncompiled = keys.filter((key) => compileShape(topics[key].schema) === undefined);
    expect(uncompiled).toEqual(['ledgerCommands', 'control']);
    expect(new Set([...SAMPLES.map(([topic]) => topic), ...uncompiled])).toEqual(new Set(keys));
  });

  test.each(SAMPLES)('of %s takes a message that has every field', (topic, value) => {
    expect(compileShape(topics[topic].schema)?.(value)).toBe(true);
  });

  test.each(SAMPLES)('of %s takes and refuses what zod takes and refuses, and changes nothing of it', (topic, value) => {
    const { schema } = topics[topic];
    const fits = compileShape(schema);
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(change, (how) => {
        const text = changed(value, how);
        const json: unknown = JSON.parse(text);
        const parsed = schema.safeParse(json);
        seen[parsed.success ? 'taken' : 'refused']++;
        // What zod would change is left to zod.
        const isTaken = parsed.success && isDeepStrictEqual(parsed.data, json);
        expect({ text, fits: fits?.(json) }).toEqual({ text, fits: isTaken });
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(20);
  });

  test('measures texts as zod does', () => {
    const letters = fc.array(fc.constantFrom('a', '😀', '\ud83d', '\ude00'), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(letters, fc.nat({ max: 5 }), fc.nat({ max: 5 }), (text, least, more) => {
        const shape = z
          .string()
          .min(least)
          .max(least + more);
        expect(compileShape(shape)?.(text)).toBe(shape.safeParse(text).success);
      }),
      { numRuns: 300 },
    );
  });

  test('is not made of a refinement that JSON Schema is not told of, be it on top of one that it is', () => {
    expect(compileShape(Text)).toBeDefined();
    expect(compileShape(Text.max(3))).toBeDefined();
    expect(compileShape(Text.refine((text) => text !== 'x'))).toBeUndefined();
    expect(compileShape(z.strictObject({ inner: z.string().refine((text) => text !== 'x') }))).toBeUndefined();
    expect(compileShape(TransactionRequest)).toBeDefined();
  });

  test('is not made of what changes its input', () => {
    expect(compileShape(z.object({ a: z.string() }))).toBeUndefined();
    expect(compileShape(z.strictObject({ a: z.string().default('') }))).toBeUndefined();
    expect(compileShape(z.strictObject({ a: z.string().trim() }))).toBeUndefined();
    expect(compileShape(z.strictObject({ a: z.coerce.number() }))).toBeUndefined();
    expect(compileShape(z.strictObject({ a: z.string().transform(Number) }))).toBeUndefined();
  });
});

describe('a message', () => {
  test('that is compiled more narrowly than zod means it is taken all the same', () => {
    const mapped = { ...payment, ip: '::ffff:192.0.2.1' };
    expect(compileShape(topics.transactions.schema)?.(mapped)).toBe(false);
    expect(readMessage('transactions', JSON.stringify(mapped))).toEqual(mapped);
  });

  test('that does not fit is told by its paths, without values', () => {
    const misread = readMessage('balances', JSON.stringify({ ...balance, version: 0, status: 'secret' }));
    expect(misread).toBeInstanceOf(Unreadable);
    expect(misread).toMatchObject({ code: 'schema_mismatch', detail: '/status invalid_value; /version too_small' });
    expect(readMessage('balances', '{')).toMatchObject({ code: 'not_json' });
  });
});
