import { describe, expect, test } from '@jest/globals';
import { type Arguments, parseArguments } from './parse-arguments.ts';
import { WorldOptions } from './world.ts';

/** What was asked for, or what was written instead. */
function parse(line: string): Arguments | string {
  let written = '';
  const write = (text: string): void => void (written += text);
  try {
    return parseArguments(line.split(' '), { writeOut: write, writeErr: write });
  } catch {
    return written;
  }
}

describe('the arguments of data:simulate', () => {
  test('need only a file, and give the published world', () => {
    expect(parse('--out x.csv.gz')).toEqual({ out: 'x.csv.gz', world: WorldOptions.parse({}), withLabels: false });
  });

  test('reach every option of a world', () => {
    const people = '--seed 9 --customers 200 --terminals 400 --radius 7.5 --start 2020-02-29 --days 120 --per-day 6 --label-delay 3.5';
    const frauds = '--over-limit 500 --compromised-terminals 1 --terminal-spell 56 --compromised-customers 0 --customer-spell 7';
    expect(parse(`--out x.csv.gz ${people} ${frauds} --thief-factor 2.5`)).toEqual({
      out: 'x.csv.gz',
      withLabels: true,
      world: {
        seed: 9,
        customers: 200,
        terminals: 400,
        radius: 7.5,
        startMs: Date.UTC(2020, 1, 29),
        days: 120,
        transactionsPerDayMax: 6,
        overLimitMinor: 500,
        compromisedTerminalsPerDay: 1,
        terminalSpellDays: 56,
        compromisedCustomersPerDay: 0,
        customerSpellDays: 7,
        thiefAmountFactor: 2.5,
        labelDelayDays: 3.5,
      },
    });
  });

  test.each([
    ['--days 5', "required option '--out <FILE.csv.gz>' not specified"],
    ['--out x.csv', 'The name must end in .csv.gz.'],
    ['--out x.csv.gz --days many', 'It is not a number.'],
    ['--out x.csv.gz --start 2019-02-29', 'It is not a date like 2018-04-01.'],
    ['--out x.csv.gz --start tomorrow', 'It is not a date like 2018-04-01.'],
    ['--out x.csv.gz --days 0 --customers 2.5', 'error: --customers: not a whole number\n       --days: less than 1'],
    ['--out x.csv.gz --terminals 3 --compromised-terminals 4', '--compromised-terminals: more than there are terminals'],
    ['--out x.csv.gz --day 5', "unknown option '--day'"],
  ])('that say %s are answered with what is wrong', (line, problem) => {
    expect(parse(line)).toContain(problem);
  });

  test('explain themselves with the published defaults', () => {
    expect(parse('--help')).toMatch(/--customers <N> +number of customers \(default: 5000\)/);
    expect(parse('--help')).toMatch(/--start <DATE> +first day, YYYY-MM-DD \(default: 2018-04-01\)/);
  });
});
