import { describe, expect, test } from '@jest/globals';
import { readStartOptions } from './read-start-options.ts';

const read = (...args: string[]) => readStartOptions(['node', 'main.js', ...args], { exit: false });

describe('the arguments of npm start', () => {
  test('are none by default: a text for people, and 20 payments a second', () => {
    expect(read()).toEqual({ json: false, trafficRate: 20, observe: false });
  });

  test('choose the output and the traffic', () => {
    expect(read('--json', '--rate', '0.5')).toEqual({ json: true, trafficRate: 0.5, observe: false });
    expect(read('--no-traffic', '--rate', '50', '--observe')).toEqual({ json: false, trafficRate: undefined, observe: true });
  });

  test.each([['--rate', '0'], ['--rate', 'many'], ['--rate', '-3'], ['--rate', '5001'], ['--rate'], ['--unknown'], ['word']])(
    '%s %s are refused',
    (...args) => {
      expect(() => read(...args)).toThrow();
    },
  );
});
