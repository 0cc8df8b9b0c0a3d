import type { TrainProgress } from './train-network.ts';

/** Between two lines where there is no terminal, and in one. */
const LINE_INTERVAL_MS = 5_000;
const TERMINAL_INTERVAL_MS = 200;

/** Shows the progress of training on standard error: epoch, mean loss, time left. In a terminal the line renews itself. */
export function showTraining(name: string): { readonly update: (progress: TrainProgress) => void; readonly stop: () => void } {
  const terminal = process.stderr.isTTY;
  const intervalMs = terminal ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS;
  let startedMs: number | undefined;
  let shownMs = -Infinity;
  let open = false;
  return {
    update: (progress) => {
      const nowMs = performance.now();
      startedMs ??= nowMs;
      const last = progress.step === progress.steps;
      if (nowMs - shownMs < intervalMs && !last) return;
      shownMs = nowMs;
      open = terminal;
      process.stderr.write(
        terminal ? `\r\u001b[K${describe(name, progress, nowMs - startedMs)}` : `${describe(name, progress, nowMs - startedMs)}\n`,
      );
    },
    stop: () => {
      if (open) process.stderr.write('\n');
      open = false;
    },
  };
}

function describe(name: string, { step, steps, member, epoch, loss }: TrainProgress, spentMs: number): string {
  const leftSeconds = Math.round((spentMs / step) * (steps - step)) / 1000;
  return `training ${name}: ${Math.floor((100 * step) / steps)} %, member ${member}, epoch ${epoch}, loss ${loss.toFixed(5)}, ${Math.round(leftSeconds)} s to go`;
}
