import { beforeEach, describe, expect, test } from '@jest/globals';
import { toInstant } from '@trancendos/platform/clock';
import { AnswerPace } from './answer-pace.ts';

let now: number;
let pace: AnswerPace;

beforeEach(() => {
  now = 1_764_219_600_000;
  pace = new AnswerPace(60, () => now);
});

const take = (tookMs: number, times: number) => {
  for (let index = 0; index < times; index++) pace.note(toInstant(now - tookMs));
};
const later = (ms: number) => (now += ms);

describe('the margin before a deadline', () => {
  test('is the least where nothing is known, and where answers are quick', () => {
    expect(pace.marginMs()).toBe(60);
    take(5, 200);
    later(100);
    expect(pace.marginMs()).toBe(60);
  });

  test('grows with what all but a hundredth of the answers take', () => {
    take(20, 980);
    take(100, 20);
    expect(pace.marginMs()).toBe(150);
    take(20, 1_020);
    later(100);
    expect(pace.marginMs()).toBe(60);
  });

  test('is not moved by a few slow answers', () => {
    take(2_000, 10);
    expect(pace.marginMs()).toBe(60);
    take(20, 1_014);
    later(100);
    expect(pace.marginMs()).toBe(60);
  });

  test('forgets what was slow after ten seconds', () => {
    take(100, 100);
    expect(pace.marginMs()).toBe(150);
    later(10_001);
    expect(pace.marginMs()).toBe(60);
  });

  test('is looked at ten times a second, not with every request', () => {
    expect(pace.marginMs()).toBe(60);
    take(100, 100);
    later(99);
    expect(pace.marginMs()).toBe(60);
    later(1);
    expect(pace.marginMs()).toBe(150);
  });

  test('takes an answer before its decision, as clocks that differ make it, for no time at all', () => {
    take(-500, 100);
    expect(pace.marginMs()).toBe(60);
  });
});
