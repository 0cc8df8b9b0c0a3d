import { describe, expect, test } from '@jest/globals';
import { filterQuery, readFilter } from './decision-filter.ts';

describe('the filter of a list of decisions', () => {
  test('is what the address names, of what can be chosen', () => {
    expect(readFilter(new URLSearchParams('action=decline&score=300&time=week&label=fraud'))).toEqual({
      action: 'decline',
      score: '300',
      time: 'week',
      label: 'fraud',
    });
    expect(readFilter(new URLSearchParams('action=delete&score=-1&time=ever&other=1'))).toEqual({});
  });

  test('asks the archive for the entity, looking back from now', () => {
    const nowMs = Date.parse('2026-05-08T12:00:00.000Z');
    expect(filterQuery('terminal', 'T-1', { time: 'week', score: '300' }, nowMs)).toEqual({
      terminal: 'T-1',
      score_min: '300',
      from: '2026-05-01T12:00:00.000Z',
    });
    expect(filterQuery('card', 'c-1', {}, nowMs)).toEqual({ card: 'c-1' });
  });
});
