import { Command, Option } from 'commander';
import { CONTENDERS, type Contender } from './contenders.ts';
import { describeBackend, parseDate, parseWhole } from './parse-train-arguments.ts';
import { HANDBOOK_FOLDS } from './published-results.ts';
import type { BackendChoice } from './use-backend.ts';

/** What the command line asks for. */
export interface EvaluateArguments {
  readonly data: string | undefined;
  /** First days of the training weeks. */
  readonly trainStarts: readonly string[];
  /** `test`, `validation`, or `own` for days of one's own. */
  readonly folds: 'test' | 'validation' | 'own';
  readonly model: string | undefined;
  readonly out: string;
  readonly featuresOnly: boolean;
  readonly only: readonly Contender[];
  readonly seed: number;
  readonly backend: BackendChoice;
}

interface Options {
  readonly data?: string;
  readonly folds: 'test' | 'validation';
  readonly trainStart: readonly string[];
  readonly model?: string;
  readonly out: string;
  readonly featuresOnly?: boolean;
  readonly only: readonly Contender[];
  readonly seed: number;
  readonly backend: BackendChoice;
}

/**
 * Reads the arguments of `npm run model:evaluate` (without the program's name).
 *
 * Throws a `CommanderError`, with its exit code, after help or what is wrong has been written to `write`.
 */
export function parseEvaluateArguments(argv: readonly string[], write: (text: string) => void): EvaluateArguments {
  const command = new Command('npm run model:evaluate --')
    .description('Trains the committed recipes on folds of a transaction file and measures them beside baselines and published results.')
    .option('--data <FILE.csv.gz>', 'transactions; without it the simulator makes the published data of the handbook')
    .addOption(new Option('--protocol <NAME>', 'how folds are laid out and test rows chosen').choices(['handbook']).default('handbook'))
    .addOption(new Option('--folds <NAME>', "which of the handbook's folds").choices(['test', 'validation']).default('test'))
    .option('--train-start <DATE>', 'a fold of your own by the first day of its training week; repeatable', collectDate, [])
    .option('--model <DIR>', 'scores with this model version instead of training')
    .option('--features-only', "writes the handbook's features of every row as CSV to --out, and trains nothing")
    .addOption(new Option('--only <NAMES...>', 'who is trained and measured').choices(CONTENDERS).default(CONTENDERS, 'all'))
    .requiredOption('--out <FILE>', 'report.json, or features.csv.gz with --features-only')
    .option('--seed <N>', 'seed of the training', parseWhole, 1)
    .addOption(describeBackend())
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write });
  command.parse(argv, { from: 'user' });
  const { folds, trainStart, featuresOnly, data, model, ...rest } = command.opts<Options>();
  const own = trainStart.length > 0;
  return {
    ...rest,
    data,
    model,
    featuresOnly: featuresOnly ?? false,
    folds: own ? 'own' : folds,
    trainStarts: own ? trainStart : HANDBOOK_FOLDS[folds],
  };
}

function collectDate(text: string, before: readonly string[]): readonly string[] {
  return [...before, parseDate(text)];
}
