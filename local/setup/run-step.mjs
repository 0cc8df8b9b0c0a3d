import { spawn } from 'node:child_process';

/** A set-up that cannot go on. The message is all that has to be shown. */
export class SetupError extends Error {}

const OUTPUT_LINES_KEPT = 120;
const TICK_MS = { terminal: 1_000, otherwise: 10_000 };

export const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Runs a command as one slow step: its title and the elapsed time are shown while it runs, its output only when it fails.
 * Resolves with the standard output, rejects with `SetupError`.
 */
export async function runStep(title, command, args, options = {}) {
  const stopProgress = showProgress(title);
  try {
    const { code, output, standardOutput } = await runCaptured(command, args, options);
    if (code !== 0) throw new SetupError(`${title} failed (${code}): ${command} ${args.join(' ')}\n${output}`);
    stopProgress('done');
    return standardOutput;
  } catch (error) {
    stopProgress('failed');
    throw error instanceof SetupError ? error : new SetupError(`${title} failed: ${error.message}`);
  }
}

/** Shows that `title` is under way, on standard error; the function it gives ends it with a word. */
export function showProgress(title) {
  const begunMs = Date.now();
  const terminal = process.stderr.isTTY;
  const seconds = () => `${((Date.now() - begunMs) / 1000).toFixed(0)} s`;
  const draw = () => process.stderr.write(terminal ? `\r\u001b[K${title} ... ${seconds()}` : `${title} ... ${seconds()}\n`);
  process.stderr.write(terminal ? `${title} ...` : `${title} ...\n`);
  const timer = setInterval(draw, terminal ? TICK_MS.terminal : TICK_MS.otherwise);
  return (word) => {
    clearInterval(timer);
    process.stderr.write(`${terminal ? '\r\u001b[K' : ''}${title}: ${word} in ${((Date.now() - begunMs) / 1000).toFixed(1)} s\n`);
  };
}

/** Runs a command to its end and gives its exit code and the last lines that it has written. */
export function runCaptured(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let standardOutput = '';
    const take = (chunk) => {
      output = (output + chunk).split('\n').slice(-OUTPUT_LINES_KEPT).join('\n');
    };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      take(chunk);
      standardOutput += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output: output.trimEnd(), standardOutput }));
  });
}
