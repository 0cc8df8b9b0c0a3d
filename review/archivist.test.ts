import { expect, test } from '@jest/globals';
import type { Outcome } from '@trancendos/contracts/outcome';
import { nowMs, pause } from '@trancendos/platform/clock';
import type { ArchiveStore } from './archive-store.ts';
import { Archivist } from './archivist.ts';
import { sampleOutcome } from './sample-outcome.ts';

const WRITE_MS = 50;
/** A timer may end this much before its time: Node counts whole milliseconds. */
const TIMER_EARLY_MS = 3;

const slowStore: ArchiveStore = {
  write: () => pause(WRITE_MS).then(() => 'written'),
  findArchived: () => Promise.resolve(new Set()),
  openDays: () => Promise.resolve(0),
};

/** How long it takes to handle a batch whose oldest message was sent that long ago, rests included. */
async function handleSentAgo(agoMs: number): Promise<number> {
  const options = { store: slowStore, retentionDays: 90, fullBatch: 0, paceMs: 0, restFactor: 20, behindMostMs: 10_000 };
  const archivist = new Archivist(options);
  const startedMs = nowMs();
  const value: Outcome = { ...sampleOutcome({ seq: 1 }), committed_at: new Date(startedMs).toISOString() };
  const received = { topic: 'outcomes' as const, value, partition: 0, offset: 0n, key: 'k', correlationId: 'req', receivedAtMs: startedMs };
  const batch = [
    { ...received, sentAtMs: startedMs - agoMs },
    { ...received, sentAtMs: startedMs },
  ];
  await archivist.handle(batch, new AbortController().signal);
  return nowMs() - startedMs;
}

test('after a batch the archive rests as many times as long as it took', async () => {
  expect(await handleSentAgo(5_000)).toBeGreaterThanOrEqual(21 * (WRITE_MS - TIMER_EARLY_MS));
});

test('it rests no longer than until it is as far behind as it may be, and not at all beyond that', async () => {
  expect(await handleSentAgo(9_700)).toBeLessThan(10 * WRITE_MS);
  expect(await handleSentAgo(20_000)).toBeLessThan(10 * WRITE_MS);
});
