import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { nowMs, pause } from './clock.ts';
import { repeatChore } from './repeat-chore.ts';

const log = pino({ level: 'silent' });

/** When a chore that takes 20 ms began, for as long as it is let. */
async function beginnings(forMs: number, times: { readonly everyMs: number; readonly restFactor?: number }): Promise<number[]> {
  const beganMs: number[] = [];
  const chore = async () => {
    beganMs.push(nowMs());
    await pause(20);
  };
  const repeating = repeatChore({ name: 'measured', log, chore, ...times });
  await pause(forMs);
  await repeating.stop();
  return beganMs;
}

describe('a chore', () => {
  test('is done at once and again', async () => {
    expect((await beginnings(400, { everyMs: 20 })).length).toBeGreaterThanOrEqual(4);
  });

  test('that takes long rests as many times as long as it took', async () => {
    const [first = NaN, second = NaN] = await beginnings(600, { everyMs: 20, restFactor: 10 });
    expect(second - first).toBeGreaterThanOrEqual(215);
  });

  test('that fails is tried again', async () => {
    let tries = 0;
    const repeating = repeatChore({ name: 'failing', everyMs: 10, log, chore: () => Promise.reject(new Error(`try ${++tries}`)) });
    await pause(200);
    await repeating.stop();
    expect(tries).toBeGreaterThanOrEqual(2);
  });
});
