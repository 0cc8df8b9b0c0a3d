import { Command, InvalidArgumentError, Option, type OutputConfiguration } from 'commander';
import { type WorldInput, WorldOptions } from './world.ts';

/** What the command line asks for. */
export interface Arguments {
  readonly out: string;
  readonly world: WorldOptions;
  /** Whether a label delay was asked for, which adds its column to the file. */
  readonly withLabels: boolean;
}

type WorldKey = keyof WorldInput;

const BOOK = WorldOptions.parse({});

/** A flag for every option of a world: its name, its argument and what it does. */
const FLAGS: Readonly<Record<WorldKey, readonly [flag: string, argument: string, help: string]>> = {
  seed: ['--seed', 'N', 'another seed gives another world; 0 gives the published data'],
  customers: ['--customers', 'N', 'number of customers'],
  terminals: ['--terminals', 'N', 'number of terminals'],
  radius: ['--radius', 'LENGTH', 'how far a customer goes to pay, on a map of 100 x 100'],
  startMs: ['--start', 'DATE', 'first day, YYYY-MM-DD'],
  days: ['--days', 'N', 'number of days'],
  transactionsPerDayMax: ['--per-day', 'N', "a customer's mean number of transactions a day is uniform from 0 to this"],
  overLimitMinor: ['--over-limit', 'MINOR', 'amounts above this, in minor units, are fraud'],
  compromisedTerminalsPerDay: ['--compromised-terminals', 'N', 'terminals that are compromised every day'],
  terminalSpellDays: ['--terminal-spell', 'DAYS', 'for how long a terminal stays compromised'],
  compromisedCustomersPerDay: ['--compromised-customers', 'N', 'customers whose cards are stolen every day'],
  customerSpellDays: ['--customer-spell', 'DAYS', 'for how long a stolen card is used'],
  thiefAmountFactor: ['--thief-factor', 'FACTOR', "what a thief multiplies the card holder's amounts by"],
  labelDelayDays: ['--label-delay', 'DAYS', 'adds the column label_known_at: so long after the transaction'],
};
const WORLD_KEYS = Object.keys(FLAGS) as WorldKey[];

/**
 * Reads the arguments of `npm run data:simulate` (without the program's name).
 *
 * Throws a `CommanderError`, with its exit code, after help or what is wrong has been written to `output`, by default the process's own.
 */
export function parseArguments(argv: readonly string[], output: OutputConfiguration = {}): Arguments {
  // The type is spelled out because the compiler only then knows that `error` does not return.
  const command: Command = describeCommand(output);
  command.parse(argv, { from: 'user' });
  const given = command.opts<{ out: string } & Partial<Record<string, number>>>();
  const world = WorldOptions.safeParse(
    Object.fromEntries(WORLD_KEYS.map((key) => [key, given[attributeOf(key)]]).filter(([, value]) => value !== undefined)),
  );
  if (!world.success) {
    const problems = world.error.issues.map((issue) => `${FLAGS[issue.path[0] as WorldKey][0]}: ${issue.message}`);
    command.error(`error: ${problems.join('\n       ')}`, { exitCode: 1 });
  }
  return { out: given.out, world: world.data, withLabels: given[attributeOf('labelDelayDays')] !== undefined };
}

function describeCommand(output: OutputConfiguration): Command {
  const command = new Command('npm run data:simulate --')
    .description("Simulates card transactions with frauds after the Fraud Detection Handbook's simulator and writes them as CSV.")
    .requiredOption('--out <FILE.csv.gz>', 'file to write; one that is there is replaced', parseOut)
    .exitOverride()
    .configureOutput(output);
  for (const key of WORLD_KEYS) command.addOption(describeOption(key));
  return command.addHelpText('after', '\nThe defaults are those of the published data. The same options give the same file everywhere.');
}

function describeOption(key: WorldKey): Option {
  const [flag, argument, help] = FLAGS[key];
  const usual = key === 'startMs' ? isoDate(BOOK.startMs) : String(BOOK[key]);
  return new Option(`${flag} <${argument}>`, `${help} (default: ${usual})`).argParser(key === 'startMs' ? parseDate : parseNumber);
}

function attributeOf(key: WorldKey): string {
  return new Option(FLAGS[key][0]).attributeName();
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is not a number.');
  return value;
}

function parseDate(text: string): number {
  const timeMs = Date.parse(`${text}T00:00:00Z`);
  // Date.parse takes the 30th of February for the 1st of March.
  if (Number.isNaN(timeMs) || isoDate(timeMs) !== text) throw new InvalidArgumentError('It is not a date like 2018-04-01.');
  return timeMs;
}

function isoDate(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function parseOut(text: string): string {
  if (!text.endsWith('.csv.gz')) throw new InvalidArgumentError('The name must end in .csv.gz.');
  return text;
}
