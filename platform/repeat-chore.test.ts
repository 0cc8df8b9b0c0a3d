import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { nowMs, pause } from './clock.ts';
import { repeatChore } from './repeat-chore.ts';
import type { Resource } from './run.ts';

const log = pino({ level: 'silent' });

/** A timer may end this much before its time: Node counts whole milliseconds. */
const TIMER_EARLY_MS = 2;

interface Doing {
  readonly beganMs: number;
  readonly endedMs: number;
}

/** When a chore that takes about 20 ms began and ended, the first two times. */
async function firstTwo(times: { readonly everyMs: number; readonly restFactor?: number }): Promise<[Doing, Doing]> {
  let first: Doing | undefined;
  let repeating: Resource | undefined;
  const twice = await new Promise<[Doing, Doing]>((resolve) => {
    const chore = async () => {
      const beganMs = nowMs();
      await pause(20);
      const doing = { beganMs, endedMs: nowMs() };
      if (first === undefined) first = doing;
      else resolve([first, doing]);
    };
    repeating = repeatChore({ name: 'measured', log, chore, ...times });
  });
  await repeating?.stop();
  return twice;
}

describe('a chore', () => {
  test('is done at once, and again after its time', async () => {
    const calledMs = nowMs();
    const [first, second] = await firstTwo({ everyMs: 50 });
    expect(first.beganMs - calledMs).toBeLessThan(50);
    expect(second.beganMs - first.endedMs).toBeGreaterThanOrEqual(50 - TIMER_EARLY_MS);
  });

  test('that takes long rests as many times as long as it took', async () => {
    const [first, second] = await firstTwo({ everyMs: 20, restFactor: 10 });
    expect(second.beganMs - first.endedMs).toBeGreaterThanOrEqual(10 * (first.endedMs - first.beganMs) - TIMER_EARLY_MS);
  });

  test('that fails is tried again', async () => {
    let tries = 0;
    const repeating = repeatChore({ name: 'failing', everyMs: 10, log, chore: () => Promise.reject(new Error(`try ${++tries}`)) });
    await pause(200);
    await repeating.stop();
    expect(tries).toBeGreaterThanOrEqual(2);
  });
});
