import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { measureScores } from '@trancendos/models/measure-scores';
import { samplePayment } from '../sample-messages.ts';
import { LabelWatch } from './label-watch.ts';
import { rankScores } from './rank-scores.ts';

const onDay = (day: number) => new Date(Date.UTC(2026, 0, day, 12)).toISOString();
const decide = (watch: LabelWatch, id: string, day: number, score: number) =>
  watch.noteDecision({
    transaction: samplePayment(id, { occurred_at: onDay(day), amount_minor: 1_000 }),
    score,
    action: score >= 500 ? 'review' : 'approve',
  });
const label = (watch: LabelWatch, id: string, fraud = true) => watch.noteLabel({ merchant_id: 'books-03', transaction_id: id, fraud });

describe('decisions with mature labels', () => {
  test('are counted once they are a week old, and not before', () => {
    const watch = new LabelWatch();
    decide(watch, 'a', 1, 900);
    label(watch, 'a');
    expect(watch.report().payments).toBe(0);
    decide(watch, 'b', 7, 0);
    expect(watch.report().payments).toBe(0);
    decide(watch, 'c', 8, 0);
    expect(watch.report()).toMatchObject({ payments: 1, frauds: 1, alertRecall: 1, alertPrecision: 1, moneyStopped: 1 });
  });

  test('say what share of the frauds was stopped, and what share of the stopped was fraud', () => {
    const watch = new LabelWatch();
    [900, 800, 700, 100, 50].forEach((score, index) => decide(watch, `t${index}`, 1, score));
    decide(watch, 'now', 20, 0);
    for (const id of ['t0', 't1', 't3']) label(watch, id);
    expect(watch.report()).toMatchObject({ payments: 5, frauds: 3, alertPrecision: 2 / 3, alertRecall: 2 / 3 });
    label(watch, 't1', false);
    expect(watch.report()).toMatchObject({ frauds: 2, alertPrecision: 1 / 3, alertRecall: 1 / 2 });
  });

  test('are forgotten after five weeks, and count once however often they come', () => {
    const watch = new LabelWatch();
    decide(watch, 'a', 1, 900);
    decide(watch, 'a', 1, 900);
    decide(watch, 'b', 30, 0);
    expect(watch.report().payments).toBe(1);
    decide(watch, 'c', 37, 0);
    expect(watch.report().payments).toBe(1);
    label(watch, 'a');
    expect(watch.report().frauds).toBe(0);
  });

  test('whose label nobody asked for changes nothing', () => {
    const watch = new LabelWatch();
    label(watch, 'unknown');
    expect(watch.report()).toMatchObject({ payments: 0, frauds: 0 });
  });
});

describe('a ranking by score', () => {
  test('is that of the evaluation', () => {
    const rows = fc.array(fc.record({ score: fc.nat({ max: 20 }), fraud: fc.boolean() }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(rows, (given) => {
        fc.pre(given.some(({ fraud }) => fraud) && given.some(({ fraud }) => !fraud));
        const countOf = (fraud: boolean) =>
          Array.from({ length: 21 }, (_, score) => given.filter((row) => row.score === score && row.fraud === fraud).length);
        const ranking = rankScores(countOf(false), countOf(true));
        const measured = measureScores({
          fraud: Uint8Array.from(given, ({ fraud }) => Number(fraud)),
          day: new Uint32Array(given.length),
          customer: given.map((_, index) => `C${index}`),
          probability: Float64Array.from(given, ({ score }) => score / 20),
        });
        expect(ranking.auc).toBeCloseTo(measured.auc, 10);
        expect(ranking.averagePrecision).toBeCloseTo(measured.average_precision, 10);
      }),
    );
  });
});
