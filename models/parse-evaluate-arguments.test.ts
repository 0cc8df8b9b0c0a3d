import { describe, expect, test } from '@jest/globals';
import { parseEvaluateArguments } from './parse-evaluate-arguments.ts';

const parse = (...argv: string[]) => parseEvaluateArguments(argv, () => undefined);

describe('the arguments of evaluation', () => {
  test("mean the handbook's test folds where nothing is said", () => {
    const { folds, trainStarts, featuresOnly } = parse('--out', 'report.json');
    expect({ folds, featuresOnly }).toEqual({ folds: 'test', featuresOnly: false });
    expect(trainStarts).toEqual(['2018-07-25', '2018-08-01', '2018-08-08', '2018-08-15']);
  });

  test('take validation folds, and folds of your own', () => {
    expect(parse('--out', 'r', '--folds', 'validation').trainStarts[0]).toBe('2018-06-20');
    const own = parse('--out', 'r', '--train-start', '2018-06-01', '--train-start', '2018-06-08');
    expect(own).toMatchObject({ folds: 'own', trainStarts: ['2018-06-01', '2018-06-08'] });
  });

  test('measure everybody unless some are named', () => {
    expect(parse('--out', 'r').only).toHaveLength(5);
    expect(parse('--only', 'champion', 'fallback', '--out', 'r').only).toEqual(['champion', 'fallback']);
  });

  test.each([
    [['--folds', 'test'], '--out'],
    [['--out', 'r', '--protocol', 'random'], 'Allowed choices'],
    [['--out', 'r', '--train-start', 'June'], 'not a date'],
    [['--out', 'r', '--only', 'winner'], 'Allowed choices'],
  ])('are refused for %j', (argv, message) => {
    let written = '';
    expect(() => parseEvaluateArguments(argv, (text) => (written += text))).toThrow();
    expect(written).toContain(message);
  });
});
