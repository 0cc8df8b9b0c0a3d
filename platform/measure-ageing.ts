import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How much work is done before measuring, how much while, and after how much of it what is new is collected. */
export interface AgeingMeasure {
  readonly warmUp: number;
  readonly count: number;
  readonly collectEvery: number;
}

/** For tests: bytes that V8 takes for old after `work` was done `count` times, and that only a full collection would find to be dead. */
export async function measureAgeing(work: (index: number) => Promise<unknown>, measure: AgeingMeasure): Promise<number> {
  setFlagsFromString('--expose-gc');
  setFlagsFromString('--no-allocation-site-pretenuring'); // as the services run: V8 would guess from the tests before
  const collectGarbage = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const workOften = async (count: number) => {
    for (let index = 0; index < count; index++) {
      await work(index);
      if (index % measure.collectEvery === 0) collectGarbage({ type: 'minor' });
    }
  };
  await workOften(measure.warmUp);
  const aged: number[] = [];
  // What else goes on in the process ages some now and then; what ages by itself does so each time.
  for (let time = 0; time < 3; time++) {
    collectGarbage();
    const before = oldBytes();
    await workOften(measure.count);
    aged.push(oldBytes() - before);
  }
  return Math.min(...aged);
}

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? NaN;
}
