import { describe, expect, test } from '@jest/globals';
import { keepAnswer } from './keep-answer.ts';

describe('a kept answer', () => {
  test('is computed once for all who ask while it is fresh, and anew afterwards', async () => {
    let [computed, now] = [0, 0];
    const ask = keepAnswer(
      () => Promise.resolve(++computed),
      30,
      () => now,
    );
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    now = 29;
    expect(await ask()).toBe(1);
    now = 30;
    expect(await ask()).toBe(2);
  });

  test('that is slow to compute is kept for twenty times as long as it took', async () => {
    let [computed, now] = [0, 0];
    const slow = () => {
      now += 100;
      return Promise.resolve(++computed);
    };
    const ask = keepAnswer(slow, 1, () => now);
    expect(await ask()).toBe(1);
    now = 2_099;
    expect(await ask()).toBe(1);
    now = 2_100;
    expect(await ask()).toBe(2);
  });

  test('is not a failure: the next who asks has it tried again', async () => {
    let tries = 0;
    const ask = keepAnswer(() => (++tries === 1 ? Promise.reject(new Error('away')) : Promise.resolve('here')), 10_000);
    await expect(Promise.all([ask(), ask()])).rejects.toThrow('away');
    expect(await ask()).toBe('here');
    expect(tries).toBe(2);
  });
});
