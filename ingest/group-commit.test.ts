import { describe, expect, test } from '@jest/globals';
import { GroupCommit } from './group-commit.ts';

/** Work that goes on until it is told to finish. */
function heldWork() {
  const groups: string[][] = [];
  const finishers: (() => void)[] = [];
  const work = async (group: readonly string[]) => {
    groups.push([...group]);
    await new Promise<void>((resolve) => finishers.push(resolve));
    return group.map((item) => item.toUpperCase());
  };
  const finishNext = async () => {
    finishers.shift()?.();
    await new Promise(setImmediate);
  };
  return { groups, work, finishNext };
}

describe('a group commit', () => {
  test('takes what arrives while one group is under way into the next', async () => {
    const { groups, work, finishNext } = heldWork();
    const commits = new GroupCommit({ work, groupMax: 10, queueMax: 10 });
    const first = commits.add('a');
    await new Promise(setImmediate);
    const [second, third] = [commits.add('b'), commits.add('c')];
    await finishNext();
    await finishNext();
    expect(groups).toEqual([['a'], ['b', 'c']]);
    expect([await first, await second, await third]).toEqual(['A', 'B', 'C']);
  });

  test('splits what is more than one group', async () => {
    const { groups, work, finishNext } = heldWork();
    const commits = new GroupCommit({ work, groupMax: 2, queueMax: 10 });
    for (const item of ['a', 'b', 'c']) void commits.add(item);
    await new Promise(setImmediate);
    await finishNext();
    await finishNext();
    expect(groups).toEqual([['a', 'b'], ['c']]);
  });

  test('refuses what is more than its queue holds', () => {
    const { work } = heldWork();
    const commits = new GroupCommit({ work, groupMax: 1, queueMax: 2 });
    expect([commits.add('a'), commits.add('b'), commits.add('c')].map((result) => result !== undefined)).toEqual([true, true, false]);
  });

  test('fails the group that failed and goes on with the next', async () => {
    let isFirst = true;
    const work = (group: readonly string[]) => {
      if (!isFirst) return Promise.resolve(group);
      isFirst = false;
      return Promise.reject(new Error('away'));
    };
    const commits = new GroupCommit({ work, groupMax: 1, queueMax: 2 });
    const [first, second] = [commits.add('a'), commits.add('b')];
    await expect(first).rejects.toThrow('away');
    expect(await second).toBe('b');
  });

  test('finishes what it has taken when it is stopped, and takes nothing more', async () => {
    const { work, finishNext } = heldWork();
    const commits = new GroupCommit({ work, groupMax: 1, queueMax: 2 });
    const taken = commits.add('a');
    await new Promise(setImmediate);
    const stopped = commits.stop();
    expect(commits.add('b')).toBeUndefined();
    await finishNext();
    await stopped;
    expect(await taken).toBe('A');
  });
});
