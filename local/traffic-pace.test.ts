import { describe, expect, test } from '@jest/globals';
import { sendOpenLoop } from './traffic-open-loop.ts';
import { Pace } from './traffic-pace.ts';

/** Half-way through the distribution of gaps: every gap is ln 2 of the mean. */
const median = () => 0.5;

describe('the pace', () => {
  test('is the rate, whatever happens in between', () => {
    const pace = new Pace(100, 0);
    let dueMs = 0;
    for (let row = 0; row < 20_000; row++) dueMs = pace.nextDueMs(0);
    expect(dueMs / 20_000).toBeGreaterThan(9.5);
    expect(dueMs / 20_000).toBeLessThan(10.5);
  });

  test('makes up for a hold-up of a second, and for no more', () => {
    const pace = new Pace(1_000, 0, median);
    pace.nextDueMs(0);
    expect(pace.nextDueMs(60_000)).toBe(59_000);
    expect(pace.nextDueMs(60_000)).toBeCloseTo(59_000 + Math.LN2, 6);
  });
});

describe('an open loop', () => {
  const rows = [1, 2, 3, 4, 5];

  test('does not wait for answers before it sends the next row', async () => {
    const sent: number[] = [];
    let answerAll: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answerAll = resolve));
    const send = (row: number) => {
      sent.push(row);
      if (row === 5) answerAll();
      return answered;
    };
    await sendOpenLoop(rows, { pace: new Pace(10_000, 0, median), send, inFlightMax: 10, signal: new AbortController().signal });
    expect(sent).toEqual(rows);
  });

  test('waits when too many are without an answer, and starts nothing after it is stopped', async () => {
    const stop = new AbortController();
    const sent: number[] = [];
    const answers: (() => void)[] = [];
    const send = (row: number) => {
      sent.push(row);
      return new Promise<void>((resolve) => answers.push(resolve));
    };
    const sending = sendOpenLoop(rows, { pace: new Pace(10_000, 0, median), send, inFlightMax: 2, signal: stop.signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toEqual([1, 2]);
    stop.abort();
    for (const answer of answers) answer();
    await sending;
    expect(sent).toEqual([1, 2]);
  });
});
