import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { afterDeath, RESTART_POLICY } from './restart-policy.ts';

const policy = { quickMs: 1_000, firstDelayMs: 100, longestDelayMs: 700, quickDeathsMax: 5 };

describe('after a death', () => {
  test('the delay doubles with every quick death in a row, up to the longest', () => {
    const delays: number[] = [];
    let quickDeaths = 0;
    for (let death = 0; death < 5; death++) {
      const next = afterDeath(policy, quickDeaths, 10);
      quickDeaths = next.quickDeaths;
      delays.push(next.delayMs);
    }
    expect(delays).toEqual([100, 200, 400, 700, 700]);
    expect(quickDeaths).toBe(5);
  });

  test('a long life makes up for the quick deaths before it', () => {
    expect(afterDeath(policy, 4, 1_000)).toEqual({ quickDeaths: 0, delayMs: 100 });
  });

  test('the delay is never shorter than the first nor longer than the longest', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(1_000_000), (quickDeaths, livedMs) => {
        const { delayMs } = afterDeath(RESTART_POLICY, quickDeaths, livedMs);
        expect(delayMs).toBeGreaterThanOrEqual(RESTART_POLICY.firstDelayMs);
        expect(delayMs).toBeLessThanOrEqual(RESTART_POLICY.longestDelayMs);
      }),
    );
  });
});
