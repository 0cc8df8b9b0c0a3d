import type { CDPSession, Page } from 'playwright-core';
import { readObservations, startWatching } from './watch-page.ts';

/** How a page did over one case. */
export interface PageFigures {
  readonly fps: number;
  /** Durations of main-thread tasks over 50 ms. */
  readonly longTasksMs: readonly number[];
  /** Share of one core that the main thread took, 0 to 1. */
  readonly mainThreadShare: number;
  /** Share of the time that it had something to do, 0 to 1: more than the above where it waits for a core that others have. */
  readonly mainThreadBusyShare: number;
  /** Growth of the heap after a collection, in 10^6 bytes. */
  readonly heapGrowthMb: number;
  readonly eventToPixelMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly rows: number };
}

/** Measures `page` while `act` runs. */
export async function measurePage(page: Page, act: () => Promise<void>): Promise<PageFigures> {
  const [ofCore, ofTime] = [await openClock(page, 'threadTicks'), await openClock(page, 'timeTicks')];
  const heapBefore = await readHeap(ofTime);
  const [coreBefore, timeBefore] = [await readTaskSeconds(ofCore), await readTaskSeconds(ofTime)];
  await startWatching(page);
  await act();
  const { frames, elapsedMs, longTasksMs, eventToPixelMs } = await readObservations(page);
  const shareOf = (seconds: number) => round((seconds * 1_000) / elapsedMs);
  const mainThreadShare = shareOf((await readTaskSeconds(ofCore)) - coreBefore);
  const mainThreadBusyShare = shareOf((await readTaskSeconds(ofTime)) - timeBefore);
  const heapAfter = await readHeap(ofTime);
  await Promise.all([ofCore.detach(), ofTime.detach()]);
  const quantile = quantileOf(eventToPixelMs);
  return {
    fps: round((frames * 1_000) / elapsedMs),
    longTasksMs: longTasksMs.map((ms) => Math.round(ms)),
    mainThreadShare,
    mainThreadBusyShare,
    heapGrowthMb: round((heapAfter - heapBefore) / 1e6),
    eventToPixelMs: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), rows: eventToPixelMs.length },
  };
}

/** A session whose `TaskDuration` counts by the clock `timeDomain`. */
async function openClock(page: Page, timeDomain: 'threadTicks' | 'timeTicks'): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain });
  return session;
}

function quantileOf(values: readonly number[]): (share: number) => number {
  const sorted = [...values].sort((a, b) => a - b);
  return (share) => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
}

async function readHeap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

async function readTaskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

const round = (value: number) => Math.round(value * 100) / 100;
