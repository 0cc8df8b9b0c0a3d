import type { CDPSession, Page } from 'playwright-core';
import { readObservations, startWatching } from './watch-page.ts';

/** How a page did over one case. */
export interface PageFigures {
  readonly fps: number;
  /** Durations of main-thread tasks over 50 ms. */
  readonly longTasksMs: readonly number[];
  /** Share of the time that the main thread was busy, 0 to 1. */
  readonly mainThreadShare: number;
  /** Growth of the heap after a collection, in 10^6 bytes. */
  readonly heapGrowthMb: number;
  readonly eventToPixelMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly rows: number };
}

/** Measures `page` while `act` runs. */
export async function measurePage(page: Page, act: () => Promise<void>): Promise<PageFigures> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const heapBefore = await readHeap(session);
  const before = await readTaskSeconds(session);
  await startWatching(page);
  await act();
  const { frames, elapsedMs, longTasksMs, eventToPixelMs } = await readObservations(page);
  const busySeconds = (await readTaskSeconds(session)) - before;
  const heapAfter = await readHeap(session);
  await session.detach();
  const quantile = quantileOf(eventToPixelMs);
  return {
    fps: round((frames * 1_000) / elapsedMs),
    longTasksMs: longTasksMs.map((ms) => Math.round(ms)),
    mainThreadShare: round((busySeconds * 1_000) / elapsedMs),
    heapGrowthMb: round((heapAfter - heapBefore) / 1e6),
    eventToPixelMs: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), rows: eventToPixelMs.length },
  };
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
