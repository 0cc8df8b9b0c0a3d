import { Command, InvalidArgumentError, Option } from 'commander';
import type { BackendChoice } from './use-backend.ts';

/** What the command line asks for. */
export interface TrainArguments {
  /** Transaction file; undefined: the simulator makes the data. */
  readonly data: string | undefined;
  /** Folder in which the versions are written. */
  readonly out: string | undefined;
  /** Numbers of the champion and the fallback. */
  readonly champion: number;
  readonly fallback: number;
  /** First day of the training week, `2018-07-25`. */
  readonly start: string;
  readonly seed: number;
  readonly backend: BackendChoice;
}

/**
 * Reads the arguments of `npm run model:train` (without the program's name).
 *
 * Throws a `CommanderError`, with its exit code, after help or what is wrong has been written to `write`.
 */
export function parseTrainArguments(argv: readonly string[], write: (text: string) => void): TrainArguments {
  const command = new Command('npm run model:train --')
    .description('Trains the champion and the fallback by the committed recipes and checks them as the service does when it loads them.')
    .option('--data <FILE.csv.gz>', 'transactions to train on; without it the simulator makes the published data of the handbook')
    .option('--out <DIR>', 'folder to write the versions in; those of the same number are replaced (default: models/versions)')
    .option('--champion <N>', 'number of the champion: luminous-<N>', parseCount, 2)
    .option('--fallback <N>', 'number of the fallback', parseCount, 4)
    .option('--start <DATE>', 'first day of the training week, with which the 28 days of fitting end', parseDate, '2018-07-25')
    .option('--seed <N>', 'another seed gives other first weights and another order of the rows', parseWhole, 1)
    .addOption(describeBackend())
    .addHelpText('after', '\nThe same data, options and backend give the same bytes.')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write });
  command.parse(argv, { from: 'user' });
  const { data, out, champion, fallback, start, seed, backend } = command.opts<TrainArguments>();
  return { data, out, champion, fallback, start, seed, backend };
}

/** `--backend`, as training and evaluation take it. */
export function describeBackend(): Option {
  return new Option('--backend <NAME>', 'what computes: fastest is native where npm run tfjs:native has built it')
    .choices(['wasm', 'native', 'fastest'])
    .default('wasm');
}

export function parseDate(text: string): string {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError('It is not a date like 2018-07-25.');
  }
  return text;
}

export function parseWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

function parseCount(text: string): number {
  const count = parseWhole(text);
  if (count < 1 || count > 9_999) throw new InvalidArgumentError('It is not between 1 and 9999.');
  return count;
}
