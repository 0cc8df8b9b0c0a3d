import { describe, expect, test } from '@jest/globals';
import { nowMs } from '@trancendos/platform/clock';
import { giveWay } from './give-way.ts';

const never = new AbortController().signal;

async function restAfter(batch: { ageMs: number; tookMs: number }, signal = never): Promise<number> {
  const now = nowMs();
  const startedAtMs = now - batch.tookMs;
  await giveWay(startedAtMs - batch.ageMs, startedAtMs, signal);
  return nowMs() - now;
}

describe('scoring that catches up', () => {
  test('rests as long as a batch took that nobody waits for any more', async () => {
    const restedMs = await restAfter({ ageMs: 5_000, tookMs: 40 });
    expect(restedMs).toBeGreaterThanOrEqual(39);
  });

  test('rests a tenth of a second at most', async () => {
    expect(await restAfter({ ageMs: 5_000, tookMs: 60_000 })).toBeLessThan(5_000);
  });

  test('does not rest where somebody waits', async () => {
    expect(await restAfter({ ageMs: 900, tookMs: 60_000 })).toBeLessThan(90);
  });

  test('does not hold up the stop of the service', async () => {
    expect(await restAfter({ ageMs: 5_000, tookMs: 60_000 }, AbortSignal.abort())).toBeLessThan(90);
  });
});
