import { describe, expect, test } from '@jest/globals';
import { parseTrainArguments } from './parse-train-arguments.ts';

function refuse(...argv: string[]): string {
  let written = '';
  expect(() => parseTrainArguments(argv, (text) => (written += text))).toThrow();
  return written;
}

describe('the arguments of training', () => {
  test('have defaults that train the committed versions', () => {
    const { data, out, ...rest } = parseTrainArguments([], () => undefined);
    expect([data, out]).toEqual([undefined, undefined]);
    expect(rest).toEqual({ champion: 2, fallback: 4, start: '2018-07-25', seed: 1, backend: 'wasm' });
  });

  test('are explained by --help', () => {
    expect(refuse('--help')).toMatch(/--data[\s\S]*--out[\s\S]*--start[\s\S]*--seed[\s\S]*--backend/);
  });

  test.each([
    ['--start', '2018-13-45', 'not a date'],
    ['--start', '2018-02-30', 'not a date'],
    ['--champion', '0', 'not between'],
    ['--seed', '-1', 'not a whole number'],
    ['--backend', 'webgl', 'Allowed choices'],
    ['--nonsense', '1', 'unknown option'],
  ])('are refused for %s %s', (flag, value, message) => {
    expect(refuse(flag, value)).toContain(message);
  });
});
