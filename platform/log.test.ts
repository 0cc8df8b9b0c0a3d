import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildLog, type Logger } from './log.ts';
import { metrics } from './metrics.ts';

/** A log, and the lines that it has written. */
function recordingLog(): { log: Logger; lines: string[]; last: () => Record<string, unknown> } {
  const lines: string[] = [];
  const log = buildLog('test', 'info', { sink: { write: (line) => void lines.push(line) }, names: 'ecs' });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

async function counted(counter: { get: () => Promise<{ values: { value: number }[] }> }): Promise<number> {
  return (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
}

describe('a line', () => {
  test('is one object of the Elastic Common Schema, found by the id of the request and by its trace', () => {
    const { log, last } = recordingLog();
    log.info({ correlationId: 'req_0198a000-aaaa-7000-8000-00000000000b', transactionId: 'tx-1', score: 12.34567 }, 'payment decided');
    expect(last()).toMatchObject({
      'log.level': 'info',
      message: 'payment decided',
      'service.name': 'test',
      'http.request.id': 'req_0198a000-aaaa-7000-8000-00000000000b',
      'trace.id': '0198a000aaaa7000800000000000000b',
      'trancendos.transaction_id': 'tx-1',
      'trancendos.score': 12.346,
    });
  });

  test('has no field that is not on the list, and none that holds an object; both are counted', async () => {
    const { log, last } = recordingLog();
    const before = await counted(metrics.logFieldsDropped);
    const unlisted = { body: { card: 'x' }, payer_name: 'somebody', detail: { nested: 'body' }, code: 'kept' };
    log.warn(unlisted as unknown as { code: string }, 'refused');
    expect(last()).toMatchObject({ 'trancendos.code': 'kept' });
    expect(JSON.stringify(last())).not.toMatch(/somebody|nested|payer/);
    expect((await counted(metrics.logFieldsDropped)) - before).toBe(3);
  });

  test('tells an error with its causes, and nothing that a driver has put on it', () => {
    const { log, last } = recordingLog();
    const cause = Object.assign(new Error('broken pipe'), { parameters: ['payer-1'] });
    log.error({ err: new Error('not published', { cause }) }, 'failed');
    expect(last()).toMatchObject({ 'error.type': 'Error', 'error.message': 'not published' });
    expect(last()['error.stack_trace']).toContain('caused by Error: broken pipe');
    expect(JSON.stringify(last())).not.toContain('payer-1');
  });

  test('of a child says its fields too', () => {
    const { log, last } = recordingLog();
    log.child({ group: 'scoring' }).info({ topic: 'labels' }, 'read');
    expect(last()).toMatchObject({ 'trancendos.group': 'scoring', 'trancendos.topic': 'labels' });
  });

  test('that is cut keeps no half of a secret', () => {
    const { log, lines } = recordingLog();
    for (let length = 940; length < 1_010; length++) {
      log.info({ detail: `${'x'.repeat(length / 2)} ${'y'.repeat(length / 2)} 4111 1111 1111 1111 postgres://a:hunter2222@db` }, 'long');
    }
    expect(lines.join('')).not.toMatch(/1111|hunter|4111/);
  });
});

const DIGITS = Array.from('0123456789');
const luhnDigit = (body: string) => DIGITS.find((digit) => passes(body + digit)) ?? '';
function passes(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, char, place) => {
      const digit = Number(char) * (place % 2 === 1 ? 2 : 1);
      return total + (digit > 9 ? digit - 9 : digit);
    }, 0);
  return sum % 10 === 0;
}

const cardDigits = fc
  .tuple(
    fc.constantFrom('4', '51', '34', '6011', '2221'),
    fc.integer({ min: 13, max: 19 }),
    fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }),
  )
  .map(([prefix, length, digits]) => {
    const body = (prefix + digits.join('')).slice(0, length - 1);
    return body + luhnDigit(body);
  });
const card = fc
  .tuple(cardDigits, fc.constantFrom('', ' ', '-', '.'))
  .map(([digits, separator]) => digits.replace(/(\d{4})(?=\d{2,})/g, `$1${separator}`));
const opaque = fc.string({ unit: fc.constantFrom(...Array.from('abcdefXYZ0123456789-_')), minLength: 24, maxLength: 48 });
/** The secret itself, and the text in which it appears. */
const secrets = fc.oneof(
  card.map((secret) => ({ secret, text: secret })),
  fc.tuple(fc.constantFrom('trn_live_', 'trn_test_', 'whsec_'), opaque).map(([prefix, key]) => ({ secret: key, text: prefix + key })),
  opaque.map((secret) => ({ secret, text: `Bearer ${secret}` })),
  opaque.map((secret) => ({ secret, text: `authorization: bearer ${secret}` })),
  opaque.map((secret) => ({ secret, text: `postgres://trancendos:${secret}@127.0.0.1:5432/db` })),
  opaque.map((secret) => ({ secret, text: `/login?token=${secret}&next=/` })),
  opaque.map((secret) => ({ secret, text: `{"password": "${secret}"}` })),
);
const around = fc.constantFrom('', ' ', '"', '\n', ' (', 'refused: ', '\t', ' | ', 'é', '{"a":"');

describe('no secret leaves the process', () => {
  test('whatever it is, and wherever in a line it stands', () => {
    const { log, lines } = recordingLog();
    fc.assert(
      fc.property(secrets, around, around, ({ secret, text }, before, after) => {
        lines.length = 0;
        const words = `${before}${text}${after === 'é' ? ' ' : after}`;
        log.info(words);
        log.info({ detail: words, errors: [words, `twice ${words} ${words}`], transactionId: words }, 'fields');
        log.child({ cause: words }).info('child');
        log.error({ err: new Error(words, { cause: new TypeError(words) }) }, words);
        log.error({ err: Object.assign(new Error('outer'), { name: words, sql: words }) }, 'named');
        for (const line of lines) {
          JSON.parse(line);
          expect(line).not.toContain(secret);
        }
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  test('not even as a number, and the line stays JSON', () => {
    const { log, last } = recordingLog();
    log.info({ ledgerSeq: 4111111111111111, port: 8080 }, 'a number');
    expect(last()).toMatchObject({ 'trancendos.ledger_seq': 0, 'trancendos.port': 8080 });
  });

  test('and each is counted by its kind', async () => {
    const { log } = recordingLog();
    const before = await counted(metrics.logScrubbed);
    log.info('4111 1111 1111 1111 and trn_live_abcdefghijklmnop');
    expect((await counted(metrics.logScrubbed)) - before).toBe(2);
  });
});

describe('what is no secret stays as it is', () => {
  test('ids, trace ids, addresses, times and figures', () => {
    const { log, lines } = recordingLog();
    const before = fc.sample(fc.uuid({ version: 7 }), { numRuns: 2_000, seed: 7 });
    for (const id of before) {
      log.info(
        { correlationId: `req_${id}`, decisionId: `dec_${id}`, detail: `from 192.168.100.200:19092 at 2026-11-26T05:00:07.123Z` },
        'seen',
      );
    }
    expect(lines.join('')).not.toContain('[card]');
    expect(lines.join('')).not.toContain('[secret]');
    log.info({ detail: 'the token is 12 hours old, see http://127.0.0.1:8080/docs?a=b@c' }, 'x');
    expect(lines.at(-1)).toContain('the token is 12 hours old, see http://127.0.0.1:8080/docs?a=b@c');
  });
});
