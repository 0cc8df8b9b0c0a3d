import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RecentMap } from './keep-recent.ts';

setFlagsFromString('--expose-gc');
setFlagsFromString('--no-allocation-site-pretenuring'); // as in the services
const collectGarbage = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
const oldSpaceBytes = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? NaN;

const CAPACITY = 4;
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), name, value: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), name }) },
  fc.record({ kind: fc.constantFrom('deleteOldest' as const, 'clear' as const) }),
);

test('whatever is done to it, it holds the entries that were added last, and knows the oldest', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const recent = new RecentMap<number>(CAPACITY);
      let model: [string, number][] = [];
      for (const done of steps) {
        if (done.kind === 'set') {
          recent.set(done.name, done.value);
          const known = model.find(([kept]) => kept === done.name);
          if (known) known[1] = done.value;
          else model = [...model, [done.name, done.value] as [string, number]].slice(-CAPACITY);
        } else if (done.kind === 'delete') {
          expect(recent.delete(done.name)).toBe(model.some(([kept]) => kept === done.name));
          model = model.filter(([kept]) => kept !== done.name);
        } else {
          recent[done.kind]();
          model = done.kind === 'clear' ? [] : model.slice(1);
        }
        expect([recent.size, recent.oldest()]).toEqual([model.length, model[0]?.[1]]);
        for (const [kept, value] of model) expect([recent.has(kept), recent.get(kept)]).toEqual([true, value]);
      }
    }),
    { numRuns: 500 },
  );
});

test('making room costs no more when many have gone before', () => {
  const recent = new RecentMap<number>(200_000);
  let added = 0;
  const add = (count: number) => {
    for (let index = 0; index < count; index++) recent.set(`entry-${added++}`, index);
  };
  add(350_000);
  const startMs = performance.now();
  add(2_000);
  expect(performance.now() - startMs).toBeLessThan(100);
});

test('what has gone is let go, however seldom the oldest is asked for', async () => {
  const recent = new RecentMap<object>(1_000_000);
  const added: WeakRef<object>[] = [];
  for (let index = 0; index < 50_000; index++) {
    const value = { index };
    added.push(new WeakRef(value));
    recent.set(String(index), value);
    recent.delete(String(index - 1_000));
  }
  await new Promise(setImmediate); // what a turn of the event loop has seen of a WeakRef stays until its end
  collectGarbage();
  expect(recent.size).toBe(1_000);
  expect(added.filter((value) => value.deref() !== undefined).length).toBeLessThan(1_100);
});

test('what has gone keeps none of those alive that came after it', () => {
  const recent = new RecentMap<number[]>(1_000);
  let added = 0;
  const replaceAll = () => {
    for (let index = 0; index < 200; index++, added++) {
      recent.set(String(added), new Array<number>(50).fill(0.5));
      recent.delete(String(added - 200));
    }
    collectGarbage({ type: 'minor' });
  };
  for (let round = 0; round < 20; round++) replaceAll();
  const beforeBytes = oldSpaceBytes();
  for (let round = 0; round < 250; round++) replaceAll();
  expect(oldSpaceBytes() - beforeBytes).toBeLessThan(7_000_000); // 21 MB were added and taken away again
});
