import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Resource } from '@trancendos/platform/run';

const EVERY_MS = 1_000;
/** Less than that is not worth waking a disk for. */
const FROM_KB = 4_096;
/** Writes back with each line that it reads, and says when that is done. It ends with whoever feeds it, however that ends. */
const SCRIPT = 'while read -r line; do sync -f "$@"; echo; done';

/**
 * Has Linux write what was written to files under `folders` to their disk, every second where there is much of it. Left alone it lets that lie
 * for 30 seconds and then writes all of it at once, 200 MB at 1,000 payments a second, and for a quarter of a second PostgreSQL's commits take
 * 60 to 140 ms. What matters is durable without this; other systems, and a `sync` that cannot do it, go on as they are.
 */
export function writeBackOften(folders: readonly string[]): Resource {
  if (process.platform !== 'linux') return { stop: () => Promise.resolve() };
  const shell = spawn('sh', ['-c', SCRIPT, 'sh', ...folders], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => shell.once('error', () => resolve()).once('close', () => resolve()));
  let isWriting = false;
  shell.stdout.on('data', () => (isWriting = false));
  shell.stdin.on('error', () => undefined); // it has ended, which does no harm
  const timer = setInterval(() => {
    if (isWriting) return;
    isWriting = true;
    void unwrittenKb().then((waiting) => {
      if (waiting >= FROM_KB) shell.stdin.write('\n');
      else isWriting = false;
    });
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      shell.stdin.end();
      return ended;
    },
  };
}

/** Kilobytes that are written to files and not to their disks, of the whole machine. */
async function unwrittenKb(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  return Number(/^Dirty:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
}
