import { Presets, SingleBar } from 'cli-progress';

/** Between two lines where there is no terminal. */
const LINE_INTERVAL_MS = 5_000;

/** A view of how far a step is. */
export interface Progress {
  readonly update: (done: number, total: number) => void;
  /** Must be called at the end, also of a step that failed, so that the terminal's cursor returns. */
  readonly stop: () => void;
}

/** Shows a step's progress on standard error: a bar in a terminal, else a line now and then. `unit` is what is counted. */
export function showProgress(step: string, unit: string): Progress {
  return process.stderr.isTTY ? showBar(step, unit) : showLines(step, unit);
}

function showBar(step: string, unit: string): Progress {
  const format = `${step} [{bar}] {percentage} % of {total} ${unit}, {eta_formatted} to go`;
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
  return {
    update: (done, total) => {
      if (bar.isActive) bar.update(done);
      else bar.start(total, done);
    },
    stop: () => bar.stop(),
  };
}

function showLines(step: string, unit: string): Progress {
  let lastLineMs = -Infinity;
  return {
    update: (done, total) => {
      const nowMs = performance.now();
      if (nowMs - lastLineMs < LINE_INTERVAL_MS) return;
      lastLineMs = nowMs;
      process.stderr.write(`${step}: ${done} of ${total} ${unit}\n`);
    },
    stop: () => undefined,
  };
}
