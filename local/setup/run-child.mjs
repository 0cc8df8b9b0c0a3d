import { spawn } from 'node:child_process';

const LOOK_FOR_NPM_EVERY_MS = 1_000;

/**
 * Runs a program in the place of this one: same terminal, signals passed on, and resolves with its exit code.
 * With `channel` the program notices when this process is killed, because its IPC channel closes.
 */
export function runChild(command, args, { channel = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['inherit', 'inherit', 'inherit', ...(channel ? ['ipc'] : [])] });
    const passOn = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const watch = stopWithNpm(() => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, passOn);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** A killed npm passes nothing on; its script sees it only by having another parent. */
function stopWithNpm(stop) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, LOOK_FOR_NPM_EVERY_MS);
  return watch;
}
