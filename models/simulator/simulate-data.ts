import { CommanderError } from 'commander';
import { type Arguments, parseArguments } from './parse-arguments.ts';
import { showProgress } from './show-progress.ts';
import { simulateWorld } from './simulate-world.ts';
import { SCENARIO, type World } from './world.ts';
import { writeTransactions } from './write-transactions.ts';

/** `npm run data:simulate`: a simulated world as a transaction file. */
async function simulateData(request: Arguments): Promise<void> {
  const world = simulate(request);
  await write(request, world);
  process.stdout.write(`${request.out}: ${describe(world)}\n`);
}

function simulate(request: Arguments): World {
  const progress = showProgress('simulating', 'customers');
  try {
    return simulateWorld(request.world, progress.update);
  } finally {
    progress.stop();
  }
}

/** Ctrl-C while writing removes what has been written. */
async function write(request: Arguments, world: World): Promise<void> {
  const progress = showProgress('writing', 'transactions');
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    await writeTransactions(world, request.out, {
      withLabels: request.withLabels,
      onProgress: progress.update,
      signal: interruption.signal,
    });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    progress.stop();
  }
}

function describe(world: World): string {
  const frauds = world.scenario.reduce((sum, scenario) => (scenario === SCENARIO.genuine ? sum : sum + 1), 0);
  const totalMinor = world.amountMinor.reduce((sum, amountMinor) => sum + amountMinor, 0);
  return `${world.count} transactions, ${frauds} frauds, ${(totalMinor / 100).toFixed(2)} in all`;
}

/** Tells what went wrong where the command line has not done so already, and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (!(error instanceof Error)) throw error;
  if (error.name === 'AbortError') {
    process.stderr.write('interrupted: nothing was written\n');
    return 130;
  }
  const noFolder = 'code' in error && error.code === 'ENOENT';
  process.stderr.write(`error: ${noFolder ? 'the folder of --out does not exist' : error.message}\n`);
  return 1;
}

try {
  await simulateData(parseArguments(process.argv.slice(2)));
} catch (error) {
  process.exitCode = report(error);
}
