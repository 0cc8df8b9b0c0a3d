import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeBackOften } from './write-back-often.ts';

const WRITTEN_KB = 65_536;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-back-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Elsewhere nothing is done, and no /proc tells how much lies unwritten. */
const onLinux = process.platform === 'linux' ? test : test.skip;
const unwrittenKb = () => Number(/^Dirty:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);

onLinux(
  'what was written to files is on the disk seconds later, again and again',
  async () => {
    const writingBack = writeBackOften([folder, tmpdir()]);
    try {
      for (const name of ['one', 'other']) {
        writeFileSync(join(folder, name), Buffer.alloc(WRITTEN_KB * 1024, name));
        const startMs = performance.now();
        while (unwrittenKb() > WRITTEN_KB / 2 && performance.now() - startMs < 15_000) await sleep(50);
        expect(unwrittenKb()).toBeLessThan(WRITTEN_KB / 2);
      }
    } finally {
      await writingBack.stop();
    }
  },
  60_000,
);

test('folders that are not there do no harm', async () => {
  const writingBack = writeBackOften([join(folder, 'missing')]);
  await sleep(1_200);
  await writingBack.stop();
});
