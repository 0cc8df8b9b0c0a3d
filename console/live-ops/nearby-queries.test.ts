import type { DecisionLine } from '@trancendos/contracts/archive';
import { describe, expect, test } from '@jest/globals';
import { nearbyQueries, takeNearby } from './nearby-queries.ts';

const lines = (...ids: string[]) => ids.map((decision_id) => ({ decision_id }) as DecisionLine);
const idsOf = (decisions: readonly DecisionLine[]) => decisions.map(({ decision_id }) => decision_id).join('');

describe('payments around a payment', () => {
  test('are asked for on both sides, and none twice: what ends before the next millisecond, and what begins with it', () => {
    const { before, after } = nearbyQueries('account', '2026-05-01T16:04:11.482Z');
    expect(before).toMatchObject({ from: '2026-04-30T16:04:11.482Z', to: '2026-05-01T16:04:11.483Z' });
    expect(after).toMatchObject({ from: before['to'], to: '2026-05-02T16:04:11.482Z' });
  });

  test('are the nearest ones of those that came later, newest first', () => {
    const later = { decisions: lines('h', 'g', 'f', 'e', 'd', 'c'), next_cursor: null };
    expect(idsOf(takeNearby(lines('b', 'a'), later))).toBe('gfedcba');
    expect(idsOf(takeNearby(lines('b', 'a'), undefined))).toBe('ba');
  });

  test('are not those of another hour where the nearest did not fit the page', () => {
    expect(idsOf(takeNearby(lines('b', 'a'), { decisions: lines('z'), next_cursor: 'more' }))).toBe('ba');
  });
});
