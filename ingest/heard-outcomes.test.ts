import { describe, expect, test } from '@jest/globals';
import { HeardOutcomes } from './heard-outcomes.ts';
import { renderAnswer } from './render-answer.ts';
import { sampleOutcome, samplePayment } from './sample-outcome.ts';

const outcome = sampleOutcome(samplePayment(), 1);
const told = JSON.stringify(outcome);

describe('an announced outcome', () => {
  test('has its answer, and is recalled with it when the event log brings the same text', () => {
    const heard = new HeardOutcomes();
    expect(heard.hear(told)).toEqual({ outcome, answer: renderAnswer(outcome) });
    const recalled = heard.recall(told);
    expect(recalled).toEqual(outcome);
    expect(recalled && heard.knowsAnswer(recalled)).toBe(true);
    expect(recalled && heard.answerTo(recalled)).toBe(renderAnswer(outcome));
  });

  test('is recalled as well when others were committed at the same moment', () => {
    const heard = new HeardOutcomes();
    const texts = [1, 2, 3].map((ledgerSeq) => JSON.stringify({ ...outcome, ledger_seq: ledgerSeq }));
    for (const text of texts) heard.hear(text);
    expect(texts.map((text) => heard.recall(text)?.ledger_seq)).toEqual([1, 2, 3]);
  });

  test('is not recalled for a text that differs in a letter', () => {
    const heard = new HeardOutcomes();
    heard.hear(told);
    expect(heard.recall(told.replace('"ledger_seq":1', '"ledger_seq":2'))).toBeUndefined();
    expect(heard.recall(`${told} `)).toBeUndefined();
  });

  test('is recalled once: a text that comes again is read again', () => {
    const heard = new HeardOutcomes();
    heard.hear(told);
    heard.recall(told);
    expect(heard.recall(told)).toBeUndefined();
  });

  test('that is none has no answer and is not recalled', () => {
    const heard = new HeardOutcomes();
    for (const text of ['', '{', 'null', '{"action":"approve"}']) {
      expect([heard.hear(text), heard.recall(text)]).toEqual([undefined, undefined]);
    }
  });

  test('is forgotten when thousands have come since', () => {
    const heard = new HeardOutcomes();
    heard.hear(told);
    for (let index = 0; index < 5_000; index++) heard.hear(told.replace(/"ledger_seq":1\b/, `"ledger_seq":${index + 2}`));
    expect(heard.recall(told)).toBeUndefined();
  });
});

test('the answer to an outcome that was not heard is rendered', () => {
  const heard = new HeardOutcomes();
  expect(heard.knowsAnswer(outcome)).toBe(false);
  expect(heard.answerTo(outcome)).toBe(renderAnswer(outcome));
});
