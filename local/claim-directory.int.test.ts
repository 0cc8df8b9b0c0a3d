import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimDirectory, ownerOf } from './claim-directory.ts';
import { endOrphans } from './end-orphans.ts';
import { identityOf } from './process-identity.ts';
import { readProcessRecords, recordProcess, type ProcessRecord } from './process-records.ts';

let path: string;
const spawned: ChildProcess[] = [];

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'claim-'));
});

afterEach(async () => {
  for (const child of spawned.splice(0)) child.kill('SIGKILL');
  await endOrphans(path);
  rmSync(path, { recursive: true });
});

/** A process that runs on; `owner` starts one too, in a claimed directory, and prints its pid. */
function idle(): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  spawned.push(child);
  return child;
}

async function startOwner(): Promise<{ owner: ChildProcess; childPid: number }> {
  const built = join(import.meta.dirname, 'dist', 'claim-directory.js');
  const script = `
    import { spawn } from 'node:child_process';
    const { claimDirectory } = await import(${JSON.stringify(built)});
    const directory = await claimDirectory(process.argv[1], () => undefined);
    const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
    directory.record({ name: 'server', pid, startedAtMs: Date.now(), stopSignal: 'SIGTERM', stopWithinMs: 1000 });
    process.stdout.write(String(pid));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  spawned.push(owner);
  const [printed] = (await once(owner.stdout, 'data')) as [Buffer];
  return { owner, childPid: Number(printed.toString()) };
}

async function until(what: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && !what(); attempt++) await sleep(50);
  return what();
}

const record = (pid: number, identity: string, owner: string): ProcessRecord => ({
  name: 'server',
  pid,
  identity,
  owner,
  startedAtMs: 1,
  stopSignal: 'SIGTERM',
  stopWithinMs: 1_000,
});

describe('a claimed directory', () => {
  test('is refused to a second process, naming the first, until that has gone', async () => {
    const { owner } = await startOwner();
    expect(ownerOf(path)).toBe(owner.pid);
    await expect(claimDirectory(path, () => undefined)).rejects.toThrow(`already running in ${path} (pid ${owner.pid ?? 0})`);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(ownerOf(path)).toBeUndefined();
    const directory = await claimDirectory(path, () => undefined);
    expect(ownerOf(path)).toBe(process.pid);
    directory.release();
    expect(ownerOf(path)).toBeUndefined();
  });

  test('whose owner is killed is swept by its guard', async () => {
    const { owner, childPid } = await startOwner();
    expect(identityOf(childPid)).toBeDefined();
    owner.kill('SIGKILL');
    expect(await until(() => identityOf(childPid) === undefined)).toBe(true);
    expect(await until(() => readProcessRecords(path).length === 0)).toBe(true);
  });

  test('may be claimed where the lock of a dead owner is left', async () => {
    const first = await claimDirectory(path, () => undefined);
    first.release();
    writeFileSync(join(path, 'run', 'owner.json'), JSON.stringify({ pid: process.pid, identity: `${process.pid}@another life` }));
    const directory = await claimDirectory(path, () => undefined);
    expect(ownerOf(path)).toBe(process.pid);
    directory.release();
  });
});

describe('what a dead owner has left behind', () => {
  const dead = `${process.pid}@another life`;

  test('is ended, and forgotten', async () => {
    (await claimDirectory(path, () => undefined)).release();
    const child = idle();
    const pid = child.pid ?? 0;
    recordProcess(path, record(pid, identityOf(pid) ?? '', dead));
    expect(await endOrphans(path)).toEqual(['server']);
    expect(identityOf(pid)).toBeUndefined();
    expect(readProcessRecords(path)).toEqual([]);
  });

  test('is told by its start, not its pid: another process that has it now is left alone', async () => {
    (await claimDirectory(path, () => undefined)).release();
    const pid = idle().pid ?? 0;
    recordProcess(path, record(pid, `${pid}@an earlier life`, dead));
    expect(await endOrphans(path)).toEqual([]);
    expect(identityOf(pid)).toBeDefined();
    expect(readProcessRecords(path)).toEqual([]);
  });

  test('is not what a live owner runs', async () => {
    (await claimDirectory(path, () => undefined)).release();
    const pid = idle().pid ?? 0;
    recordProcess(path, record(pid, identityOf(pid) ?? '', identityOf(process.pid) ?? ''));
    expect(await endOrphans(path)).toEqual([]);
    expect(identityOf(pid)).toBeDefined();
    rmSync(join(path, 'run'), { recursive: true });
    expect(existsSync(path)).toBe(true);
  });
});
