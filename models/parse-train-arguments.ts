import { Command, InvalidArgumentError } from 'commander';

/** What the command line asks for. */
export interface TrainArguments {
  /** Transaction file; undefined: the simulator makes the data. */
  readonly data: string | undefined;
  /** Folder of the version; its last part is the version's name. */
  readonly out: string | undefined;
  /** First day of fitting, `2018-06-27`. */
  readonly start: string;
  readonly seed: number;
  readonly epochs: number;
}

/**
 * Reads the arguments of `npm run model:train` (without the program's name).
 *
 * Throws a `CommanderError`, with its exit code, after help or what is wrong has been written to `write`.
 */
export function parseTrainArguments(argv: readonly string[], write: (text: string) => void): TrainArguments {
  const command = new Command('npm run model:train --')
    .description('Trains a model version: 28 days for the weights, 7 for calibration, 7 of label delay for thresholds, 7 for the test.')
    .option('--data <FILE.csv.gz>', 'transactions to train on; without it the simulator makes the published data of the handbook')
    .option(
      '--out <DIR>',
      'folder to write, named <word>-<number>; replaced when it is there (default: models/versions/luminous-1)',
      parseFolder,
    )
    .option('--start <DATE>', 'first day of the weights', parseDate, '2018-06-27')
    .option('--seed <N>', 'another seed gives other first weights and another order of the rows', parseWhole, 1)
    .option('--epochs <N>', 'how often each row is seen', parseCount, 12)
    .addHelpText('after', '\nThe same data and options give the same bytes. Takes about a minute and a half.')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write });
  command.parse(argv, { from: 'user' });
  const { data, out, start, seed, epochs } = command.opts<TrainArguments>();
  return { data, out, start, seed, epochs };
}

function parseFolder(text: string): string {
  if (!/(^|\/)[a-z]+-\d+$/.test(text)) throw new InvalidArgumentError('It does not end in a name such as luminous-2.');
  return text;
}

function parseDate(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(`${text}T00:00:00Z`))) {
    throw new InvalidArgumentError('It is not a date like 2018-06-27.');
  }
  return text;
}

function parseWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

function parseCount(text: string): number {
  const count = parseWhole(text);
  if (count < 1 || count > 1_000) throw new InvalidArgumentError('It is not between 1 and 1000.');
  return count;
}
