import { spawn } from 'node:child_process';
import { say } from './run-step.mjs';

const LOOK_FOR_NPM_EVERY_MS = 1_000;
const END_AFTER_DONE_S = 15;
const KILL_AFTER_DONE_S = 25;

/**
 * Runs a program in the place of this one: same terminal, signals passed on, and resolves with its exit code.
 * With `channel` the program notices when this process is killed, because its IPC channel closes.
 * With `isDone` a program that has done its work and does not end is made to, which gives `ended`: something that it has opened keeps it.
 */
export function runChild(command, args, { channel = false, isDone, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['inherit', 'inherit', 'inherit', ...(channel ? ['ipc'] : [])] });
    const passOn = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const watch = stopWithNpm(() => child.kill('SIGTERM'));
    let ended = false;
    const end =
      isDone &&
      endWhenDone(child, isDone, () => {
        ended = true;
      });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      clearInterval(end);
      for (const name of signals) process.off(name, passOn);
      resolve(ended ? 'ended' : (code ?? (signal === 'SIGINT' ? 130 : 1)));
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

function endWhenDone(child, isDone, onEnd) {
  let doneForS = 0;
  return setInterval(() => {
    if (!isDone()) return;
    doneForS += 1;
    if (doneForS === END_AFTER_DONE_S) {
      say('It has done its work and does not end: something is still open. Ending it.');
      onEnd();
      child.kill('SIGTERM');
    }
    if (doneForS === KILL_AFTER_DONE_S) child.kill('SIGKILL');
  }, 1_000);
}
