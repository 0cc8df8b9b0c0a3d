import { describe, expect, test } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.ts';

describe('an endpoint that fails', () => {
  test('five times in a row is left alone, tried once after 30 s, and left alone for longer when that fails too', () => {
    const breaker = new CircuitBreaker();
    for (let failures = 0; failures < 4; failures++) breaker.note('a', false, 0);
    expect(breaker.room('a', 0, 4)).toBe(4);
    breaker.note('a', false, 0);
    expect([breaker.room('a', 29_999, 4), breaker.room('a', 30_000, 4), breaker.room('b', 0, 4)]).toEqual([0, 1, 4]);
    breaker.note('a', false, 30_000);
    expect([breaker.room('a', 89_999, 4), breaker.room('a', 90_000, 4), breaker.open(30_000)]).toEqual([0, 1, ['a']]);
    breaker.note('a', true, 90_000);
    expect(breaker.room('a', 90_000, 4)).toBe(4);
  });

  test('for ever is tried every 10 minutes', () => {
    const breaker = new CircuitBreaker();
    for (let failures = 0; failures < 100; failures++) breaker.note('a', false, 0);
    expect([breaker.room('a', 599_999, 4), breaker.room('a', 600_000, 4)]).toEqual([0, 1]);
  });
});
