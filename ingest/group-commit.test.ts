import { describe, expect, test } from '@jest/globals';
import { pause } from '@trancendos/platform/clock';
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

  describe('that leaves time between its groups', () => {
    const anHourMs = 3_600_000;

    function pacedCommits({ groupMax, everyMs }: { groupMax: number; everyMs: number }) {
      const groups: { items: readonly string[]; beganMs: number }[] = [];
      const work = (items: readonly string[]) => {
        groups.push({ items, beganMs: performance.now() });
        return Promise.resolve(items);
      };
      return { groups, commits: new GroupCommit({ work, groupMax, queueMax: 10, everyMs }) };
    }

    test('begins what comes alone at once, and gathers what follows', async () => {
      const { groups, commits } = pacedCommits({ groupMax: 10, everyMs: 200 });
      await commits.add('a');
      await Promise.all([commits.add('b'), pause(10).then(() => commits.add('c'))]);
      expect(groups.map(({ items }) => items)).toEqual([['a'], ['b', 'c']]);
      const apartMs = (groups[1]?.beganMs ?? 0) - (groups[0]?.beganMs ?? 0);
      expect(apartMs).toBeGreaterThan(190); // a timer may fire a millisecond early, as it counts whole ones
    });

    test('lets a full group wait for nothing', async () => {
      const { groups, commits } = pacedCommits({ groupMax: 2, everyMs: anHourMs });
      await commits.add('a');
      const added = ['b', 'c', 'd', 'e'].map((item) => commits.add(item));
      for (const result of added) await result;
      expect(groups.map(({ items }) => items)).toEqual([['a'], ['b', 'c'], ['d', 'e']]);
    });

    test('finishes what waits when it is stopped', async () => {
      const { groups, commits } = pacedCommits({ groupMax: 10, everyMs: anHourMs });
      await commits.add('a');
      const second = commits.add('b');
      await new Promise(setImmediate);
      expect(groups.map(({ items }) => items)).toEqual([['a']]);
      await commits.stop();
      expect(await second).toBe('b');
    });
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
