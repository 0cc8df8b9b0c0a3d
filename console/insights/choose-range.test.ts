import { describe, expect, test } from '@jest/globals';
import { insightsPath, isRange, RANGE_NAMES } from './choose-range.ts';

const AT_MS = Date.parse('2026-11-26T06:30:42.000Z');

describe('the time that is looked at', () => {
  test('ends with the minute under way, so that the newest decisions are in it, and keeps its address within it', () => {
    const path = insightsPath('hour', AT_MS);
    expect(path).toBe('/api/review/v1/insights?from=2026-11-26T05%3A31%3A00.000Z&to=2026-11-26T06%3A31%3A00.000Z');
    expect(insightsPath('hour', AT_MS + 10_000)).toBe(path);
    expect(insightsPath('hour', AT_MS + 20_000)).not.toBe(path);
  });

  test('goes with the merchant, and with the table that is to be exported', () => {
    const query = new URL(insightsPath('week', AT_MS, { merchant: 'books & more', table: 'merchants' }), 'http://x').searchParams;
    expect(Object.fromEntries(query)).toMatchObject({ merchant: 'books & more', format: 'csv', table: 'merchants' });
  });

  test('is one of those that there are', () => {
    expect(RANGE_NAMES.every(isRange)).toBe(true);
    expect([null, '', 'century', 'toString'].some(isRange)).toBe(false);
  });
});
