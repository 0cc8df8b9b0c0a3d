import { beforeEach, describe, expect, test } from '@jest/globals';
import { nowMs } from '@trancendos/platform/clock';
import { CatchUp } from './catch-up.ts';

const never = new AbortController().signal;
let catchUp: CatchUp;

beforeEach(() => {
  catchUp = new CatchUp();
});

async function restAfter(batch: { ageMs: number; tookMs: number }, signal = never): Promise<number> {
  const now = nowMs();
  const startedAtMs = now - batch.tookMs;
  await catchUp.giveWay({ startedAtMs, sentAtMs: startedAtMs - batch.ageMs }, signal);
  return nowMs() - now;
}

describe('scoring that catches up', () => {
  test('rests as long as a batch took that nobody waits for any more', async () => {
    expect(await restAfter({ ageMs: 5_000, tookMs: 40 })).toBeGreaterThanOrEqual(39);
    expect(await restAfter({ ageMs: 4_000, tookMs: 40 })).toBeGreaterThanOrEqual(39);
  });

  test('rests a tenth of a second at most', async () => {
    expect(await restAfter({ ageMs: 5_000, tookMs: 60_000 })).toBeLessThan(5_000);
  });

  test('does not rest where somebody waits', async () => {
    expect(await restAfter({ ageMs: 900, tookMs: 60_000 })).toBeLessThan(90);
  });

  test('does not rest while it does not get on, so that no steady load keeps it behind', async () => {
    await restAfter({ ageMs: 5_000, tookMs: 80 });
    expect(await restAfter({ ageMs: 5_000, tookMs: 80 })).toBeLessThan(60);
    expect(await restAfter({ ageMs: 6_000, tookMs: 80 })).toBeLessThan(60);
    expect(await restAfter({ ageMs: 5_500, tookMs: 80 })).toBeGreaterThanOrEqual(79);
  });

  test('does not hold up the stop of the service', async () => {
    expect(await restAfter({ ageMs: 5_000, tookMs: 60_000 }, AbortSignal.abort())).toBeLessThan(90);
  });
});
