import { Command, InvalidArgumentError } from 'commander';

/** What `npm start` was asked for. */
export interface StartOptions {
  /** One line of JSON on standard output once everything is ready, instead of a text. */
  readonly json: boolean;
  /** Payments a second of demo traffic; undefined without traffic. */
  readonly trafficRate: number | undefined;
  /** Also what operators look at: the search for logs, metrics and alerts. */
  readonly observe: boolean;
}

const RATE_DEFAULT = 20;
const RATE_MAX = 5_000;

/**
 * Reads the arguments of `npm start`. Prints the help, or what is wrong with them, and ends the process, as commands do; without `exit`
 * it throws instead.
 */
export function readStartOptions(argv: readonly string[], { exit = true } = {}): StartOptions {
  const command = new Command('npm start --');
  if (!exit) command.exitOverride().configureOutput({ writeErr: () => undefined });
  const { json, traffic, rate, observe } = command
    .description('Runs the whole platform on this machine, with demo traffic, until Ctrl-C.')
    .option(
      '--json',
      'print one line of JSON with all addresses on standard output when everything is ready; logs go to standard error',
      false,
    )
    .option('--rate <n>', 'payments a second of demo traffic', readRate, RATE_DEFAULT)
    .option('--no-traffic', 'no demo traffic')
    .option('--observe', 'also start Elasticsearch with the logs, Prometheus and Alertmanager', false)
    .parse(argv)
    .opts<{ json: boolean; traffic: boolean; rate: number; observe: boolean }>();
  return { json, trafficRate: traffic ? rate : undefined, observe };
}

function readRate(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= RATE_MAX)) throw new InvalidArgumentError(`a number above 0, at most ${RATE_MAX}`);
  return rate;
}
