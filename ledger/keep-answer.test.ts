import { describe, expect, test } from '@jest/globals';
import { pause } from '@trancendos/platform/clock';
import { keepAnswer } from './keep-answer.ts';

describe('a kept answer', () => {
  test('is computed once for all who ask while it is fresh, and anew afterwards', async () => {
    let computed = 0;
    const ask = keepAnswer(() => Promise.resolve(++computed), 30);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    await pause(45);
    expect(await ask()).toBe(2);
  });

  test('that is slow to compute is kept for longer', async () => {
    let computed = 0;
    const ask = keepAnswer(async () => {
      await pause(20);
      return ++computed;
    }, 1);
    await ask();
    await pause(50);
    expect(await ask()).toBe(1);
  });

  test('is not a failure: the next who asks has it tried again', async () => {
    let tries = 0;
    const ask = keepAnswer(() => (++tries === 1 ? Promise.reject(new Error('away')) : Promise.resolve('here')), 10_000);
    await expect(Promise.all([ask(), ask()])).rejects.toThrow('away');
    expect(await ask()).toBe('here');
    expect(tries).toBe(2);
  });
});
