import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimDirectory, type ClaimedDirectory } from './claim-directory.ts';
import { identityOf } from './process-identity.ts';
import { readProcessRecords } from './process-records.ts';
import { Supervised, type ProcessPlan, type Supervision } from './supervise.ts';

const IDLE = 'process.stdout.write("up\\n"); setInterval(() => {}, 1000);';
const DEAF = `process.on('SIGTERM', () => {}); ${IDLE}`;

let directory: ClaimedDirectory;
let reports: string[];
let gaveUp: Error[];
let started: Supervised[];

beforeEach(async () => {
  directory = await claimDirectory(mkdtempSync(join(tmpdir(), 'supervise-')), () => undefined);
  reports = [];
  gaveUp = [];
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((process) => process.stop()));
  directory.release();
  rmSync(directory.path, { recursive: true });
});

function supervise(script: string, plan: Partial<ProcessPlan> = {}, around: Partial<Supervision> = {}): Supervised {
  const supervised: Supervised = new Supervised(
    {
      name: 'subject',
      command: process.execPath,
      args: ['-e', script],
      probe: () => (/up\n$/.test(log()) ? Promise.resolve() : Promise.reject(new Error('not up'))),
      readyWithinMs: 10_000,
      stopSignal: 'SIGTERM',
      stopWithinMs: 500,
      ...plan,
    },
    {
      directory,
      report: (line) => reports.push(line),
      onGiveUp: (error) => gaveUp.push(error),
      policy: { quickMs: 60_000, firstDelayMs: 20, longestDelayMs: 40, quickDeathsMax: 4 },
      ...around,
    },
  );
  started.push(supervised);
  return supervised;
}

const log = () => readFileSync(join(directory.path, 'logs', 'subject.log'), 'utf8');

describe('a supervised process', () => {
  test('that is killed comes back as another one, and that is told', async () => {
    const subject = supervise(IDLE);
    await subject.start();
    const first = subject.pid;
    subject.kill('SIGKILL');
    await subject.ready();
    expect(subject.pid).not.toBe(first);
    expect(identityOf(subject.pid ?? 0)).toBeDefined();
    expect(reports).toEqual([expect.stringMatching(/^subject was ended by SIGKILL; starting it again in \d+ ms$/)]);
  });

  test('may be killed any number of times by a test without being given up', async () => {
    const subject = supervise(IDLE);
    await subject.start();
    for (let round = 0; round < 6; round++) {
      subject.kill('SIGKILL');
      await subject.ready();
    }
    expect(gaveUp).toEqual([]);
  });

  test('that nobody waits for gives way to the others, in every life', async () => {
    const subject = supervise(IDLE, { niceness: 7 });
    await subject.start();
    subject.kill('SIGKILL');
    await subject.ready();
    expect(getPriority(subject.pid)).toBe(7);
    const session = `/proc/${subject.pid}/autogroup`;
    if (existsSync(session)) expect(readFileSync(session, 'utf8')).toMatch(/ nice 7$/m);
  });

  test('that has missed something gives way for a while after it was started again', async () => {
    const subject = supervise(IDLE, { niceness: 3, afterRestart: { niceness: 8, forMs: 300 } });
    const session = () => readFileSync(`/proc/${subject.pid}/autogroup`, 'utf8');
    await subject.start();
    if (!existsSync(`/proc/${subject.pid}/autogroup`)) return;
    expect(session()).toMatch(/ nice 3$/m);
    subject.kill('SIGKILL');
    await subject.ready();
    expect(session()).toMatch(/ nice 8$/m);
    for (let tries = 0; tries < 100 && !/ nice 3$/m.test(session()); tries++) await sleep(50);
    expect(session()).toMatch(/ nice 3$/m);
    expect(getPriority(subject.pid)).toBe(3);
  });

  test('that keeps dying is given up, with the end of its log', async () => {
    const subject = supervise('process.stdout.write("no such table\\n"); process.exit(3);');
    await expect(subject.start()).rejects.toThrow(/subject ended with code 3[^]*no such table/);
    expect(gaveUp).toHaveLength(1);
    await sleep(100);
    expect(subject.pid).toBeUndefined();
  });

  test('that cannot be started at all is given up', async () => {
    await expect(supervise('', { command: '/no/such/program' }).start()).rejects.toThrow(/could not be started.*ENOENT/);
  });

  test('is not given up while what it needs was stopped on purpose', async () => {
    let away = true;
    const subject = supervise(IDLE, {}, { deathsCount: () => !away });
    await subject.start();
    for (let round = 0; round < 6; round++) {
      process.kill(subject.pid ?? 0, 'SIGKILL');
      await sleep(20);
      await subject.ready();
    }
    away = false;
    expect(gaveUp).toEqual([]);
  });

  test('that is not ready in time is ended and started again', async () => {
    const subject = supervise('setInterval(() => {}, 1000);', { readyWithinMs: 50, probe: () => Promise.reject(new Error('not up')) });
    await expect(subject.start()).rejects.toThrow('was ended by SIGKILL, the 3. time in a row');
    expect(reports[0]).toMatch(/not ready after 0.05 s \(not up\)/);
  });

  test('is gone when it is stopped, and comes back when it is started again', async () => {
    const subject = supervise(IDLE);
    await subject.start();
    const pid = subject.pid ?? 0;
    expect(readProcessRecords(directory.path).map((record) => record.pid)).toEqual([pid]);
    await subject.stop();
    expect(identityOf(pid)).toBeUndefined();
    expect(readProcessRecords(directory.path)).toEqual([]);
    await subject.start();
    expect(identityOf(subject.pid ?? 0)).toBeDefined();
  });

  test('that ignores its signal is killed at its deadline', async () => {
    const subject = supervise(DEAF);
    await subject.start();
    const pid = subject.pid ?? 0;
    await subject.stop();
    expect(identityOf(pid)).toBeUndefined();
    expect(reports).toEqual(['subject has not stopped within 0.5 s: killing it']);
  });

  test('is in a process group of its own, so that a Ctrl-C does not reach it', async () => {
    const subject = supervise(IDLE);
    await subject.start();
    expect(() => process.kill(-(subject.pid ?? 0), 0)).not.toThrow();
  });

  test('is not started any more when the start was broken off', async () => {
    const breaking = new AbortController();
    const first = supervise(IDLE, {}, { signal: breaking.signal });
    const starting = first.start();
    breaking.abort();
    await expect(starting).rejects.toThrow('was stopped');
    await expect(supervise(IDLE, {}, { signal: breaking.signal }).start()).rejects.toThrow('broken off');
    await first.stop();
    expect(readProcessRecords(directory.path)).toEqual([]);
  });
});
