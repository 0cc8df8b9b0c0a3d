import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '@trancendos/platform/package-root';

/** Waits until its standard input closes, which happens when its starter ends in any way, and only then becomes a Node process. */
const WAIT_THEN_SWEEP = 'cat > /dev/null; exec "$0" "$@"';

/**
 * Starts a small process that outlives this one and then ends what it has left running in `directory`: databases and the broker know
 * nothing of their starter and would stay for ever after a `kill -9`. `stop` when everything is stopped.
 */
export function guardDirectory(directory: string, owner: string): { stop(): void } {
  const sweep = join(packageRoot(import.meta.dirname), 'dist', 'sweep-directory.js');
  const guard = spawn('sh', ['-c', WAIT_THEN_SWEEP, process.execPath, sweep, directory, owner], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined); // without a shell there is no guard; the next start cleans up all the same
  guard.unref();
  const input = guard.stdin as typeof guard.stdin & { unref?: () => void };
  input.on('error', () => undefined);
  input.unref?.();
  return {
    stop: () => {
      if (guard.pid === undefined) return;
      try {
        process.kill(-guard.pid, 'SIGKILL');
      } catch {
        // it has ended already
      }
    },
  };
}
