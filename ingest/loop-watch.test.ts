import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LoopWatch } from './loop-watch.ts';

let now: number;
let watch: LoopWatch;

beforeEach(() => {
  now = 1_000;
  watch = new LoopWatch(() => now);
});

afterEach(() => watch.stop());

function tickAfter(...delaysMs: number[]): boolean {
  for (const delayMs of delaysMs) {
    now += delayMs;
    watch.tick();
  }
  return watch.isSwamped();
}

describe('a process is swamped', () => {
  test('when six ticks in a row come more than 50 ms late', () => {
    expect(tickAfter(100, 80, 80, 200, 80)).toBe(false);
    expect(tickAfter(80)).toBe(true);
  });

  test('no longer when one comes in time', () => {
    tickAfter(80, 80, 80, 80, 80, 80, 80);
    expect(tickAfter(30)).toBe(false);
    expect(tickAfter(80, 80, 80, 80, 80)).toBe(false);
  });

  test('never by one long pause, nor by ticks that are somewhat late', () => {
    expect(tickAfter(60_000)).toBe(false);
    expect(tickAfter(25, 70, 70, 70, 70, 70, 70, 70)).toBe(false);
  });
});
