import { describe, expect, test } from '@jest/globals';
import { CURRENCY_EXPONENT } from '@trancendos/contracts/currency-exponent';
import type { Currency } from '@trancendos/contracts/money';
import { currencyDigits } from './currency-digits.ts';
import { formatMoney } from './format-money.ts';
import { formatMs, formatShare, formatSigned } from './format-number.ts';
import { formatClockMs, formatDayClock, formatDuration } from './format-time.ts';

describe('money', () => {
  test('has the digits of its currency, for every currency of the contract', () => {
    const currencies = Object.keys(CURRENCY_EXPONENT) as Currency[];
    expect(Object.fromEntries(currencies.map((currency) => [currency, currencyDigits(currency)]))).toEqual(CURRENCY_EXPONENT);
  });

  test.each([
    [124_900, 'EUR', '€1,249.00'],
    [5, 'EUR', '€0.05'],
    [0, 'EUR', '€0.00'],
    [1_249, 'JPY', '¥1,249'],
    ['-12', 'GBP', '−£0.12'],
    ['-90071992547409931234', 'EUR', '−€900,719,925,474,099,312.34'],
  ] as const)('%s minor units of %s read %s', (minor, currency, expected) => {
    expect(formatMoney(minor, currency)).toBe(expected);
  });

  test('of a currency with thousandths shows all three', () => {
    expect(formatMoney(1_249, 'KWD')).toMatch(/1\.249$/);
  });
});

describe('time', () => {
  test('is shown in the reader’s zone, to the millisecond', () => {
    const moment = new Date(2026, 4, 1, 6, 4, 9, 42);
    expect(formatClockMs(moment.toISOString())).toBe('06:04:09.042');
    expect(formatDayClock(moment.toISOString())).toBe('2026-05-01 06:04:09');
  });

  test.each([
    [-5, '0 s'],
    [41_999, '41 s'],
    [22 * 60_000, '22 min'],
    [86_280_000, '23 h 58 min'],
    [7_200_000, '2 h'],
    [3 * 86_400_000, '3 d'],
  ])('a length of %d ms reads %s', (durationMs, expected) => {
    expect(formatDuration(durationMs)).toBe(expected);
  });
});

describe('numbers', () => {
  test.each([
    [0.4211, '0.42'],
    [14.23, '14.2'],
    [141.4, '141'],
    [1_204.4, '1,204'],
  ])('%d ms reads %s', (ms, expected) => {
    expect(formatMs(ms)).toBe(expected);
  });

  test('a share of nothing is no number', () => {
    expect([formatShare(0, 0), formatShare(941, 1_000)]).toEqual(['–', '94.1 %']);
  });

  test('a contribution carries its sign', () => {
    expect([formatSigned(2.94), formatSigned(-0.5), formatSigned(-0.04)]).toEqual(['+2.9', '−0.5', '−0.04']);
  });
});
