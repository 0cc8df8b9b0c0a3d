import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeFeedItem } from './make-feed-item.ts';
import { sampleOutcome } from './sample-outcome.ts';
import { sampleRows } from './sample-rows.ts';

const rows = (actions: readonly ('approve' | 'review' | 'decline')[]) =>
  actions.map((action, index) => makeFeedItem(sampleOutcome(index + 1, { action }), index + 1));
const actions = fc.array(fc.constantFrom('approve', 'approve', 'approve', 'review', 'decline'), { maxLength: 400 });

describe('a frame with more rows than may be sent', () => {
  test('keeps every review and decline, keeps the order, and is filled up to the limit', () => {
    fc.assert(
      fc.property(actions, fc.integer({ min: 1, max: 80 }), (made, max) => {
        const all = rows(made);
        const sent = sampleRows(all, max);
        const alarming = all.filter(({ action }) => action !== 'approve');
        expect(sent.filter(({ action }) => action !== 'approve')).toEqual(alarming);
        expect(sent.map(({ seq }) => seq)).toEqual([...sent.map(({ seq }) => seq)].sort((a, b) => a - b));
        expect(sent).toHaveLength(Math.min(all.length, Math.max(max, alarming.length)));
      }),
    );
  });

  test('takes approvals from all over it', () => {
    const sent = sampleRows(rows(Array.from({ length: 500 }, () => 'approve' as const)), 50);
    expect(sent.map(({ seq }) => Math.ceil(seq / 10))).toEqual(Array.from({ length: 50 }, (_, tenth) => tenth + 1));
  });
});
