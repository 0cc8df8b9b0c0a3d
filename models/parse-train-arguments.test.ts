import { describe, expect, test } from '@jest/globals';
import { parseTrainArguments } from './parse-train-arguments.ts';

function refuse(...argv: string[]): string {
  let written = '';
  expect(() => parseTrainArguments(argv, (text) => (written += text))).toThrow();
  return written;
}

describe('the arguments of training', () => {
  test('have defaults that train the committed version', () => {
    const { data, out, ...rest } = parseTrainArguments([], () => undefined);
    expect([data, out]).toEqual([undefined, undefined]);
    expect(rest).toEqual({ start: '2018-06-27', seed: 1, epochs: 12 });
  });

  test('are explained by --help', () => {
    expect(refuse('--help')).toMatch(/--data[\s\S]*--out[\s\S]*--start[\s\S]*--seed[\s\S]*--epochs/);
  });

  test.each([
    ['--start', '2018-13-45', 'not a date'],
    ['--epochs', '0', 'not between'],
    ['--seed', '-1', 'not a whole number'],
    ['--out', '/tmp/model', 'does not end in a name'],
    ['--nonsense', '1', 'unknown option'],
  ])('are refused for %s %s', (flag, value, message) => {
    expect(refuse(flag, value)).toContain(message);
  });
});
