/// <reference lib="dom" />
import type { Browser, Page } from 'playwright-core';
import { openLivePage } from './open-console.ts';

/** How a page loads and answers. */
export interface Vitals {
  /** Largest contentful paint, in ms: the median of `LOADS` first visits. */
  readonly lcpMs: number;
  /** Cumulative layout shift. */
  readonly cls: number;
  /** The slowest interaction, in ms. */
  readonly inpMs: number;
  /** What was done, with its slowest event from the input to the next paint, in ms. */
  readonly interactionsMs: Readonly<Record<string, number>>;
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}
type WatchedWindow = Window & { durationsMs?: number[] };

const LOADS = 5;

/**
 * Visits the live page some times, each as somebody who was never there; then uses `page` a little: selects rows by key, pauses, types a
 * filter; and reads what the browser has recorded.
 */
export async function measureVitals(browser: Browser, url: string, page: Page): Promise<Vitals> {
  const paintsMs: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    const visit = await openLivePage(browser, url);
    await visit.waitForTimeout(1_000);
    paintsMs.push((await readRecorded(visit)).lcpMs);
    await visit.close();
  }
  const lcpMs = paintsMs.sort((a, b) => a - b)[Math.floor(LOADS / 2)] ?? Number.NaN;
  const interactionsMs = await useALittle(page);
  const { cls } = await readRecorded(page);
  return { lcpMs, cls, inpMs: Math.max(...Object.values(interactionsMs)), interactionsMs };
}

/** Largest contentful paint and layout shifts so far. */
async function readRecorded(page: Page): Promise<{ lcpMs: number; cls: number }> {
  return page.evaluate(async () => {
    const read = (type: string) =>
      new Promise<PerformanceEntry[]>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries())).observe({ type, buffered: true });
        setTimeout(() => resolve([]), 300);
      });
    const shifts = ((await read('layout-shift')) as LayoutShift[]).filter(({ hadRecentInput }) => !hadRecentInput);
    return {
      lcpMs: Math.round((await read('largest-contentful-paint')).at(-1)?.startTime ?? Number.NaN),
      cls: Math.round(shifts.reduce((sum, { value }) => sum + value, 0) * 1_000) / 1_000,
    };
  });
}

async function useALittle(page: Page): Promise<Record<string, number>> {
  await page.evaluate(() => {
    const durationsMs: number[] = [];
    (window as WatchedWindow).durationsMs = durationsMs;
    const options = { type: 'event', durationThreshold: 16 };
    new PerformanceObserver((list) => durationsMs.push(...list.getEntries().map(({ duration }) => duration))).observe(options);
  });
  const press = (key: string) => () => page.keyboard.press(key);
  const steps: readonly [string, () => Promise<void>][] = [
    ['open a row', press('j')],
    ['next row', press('j')],
    ['row before', press('k')],
    ['close it', press('Escape')],
    ['pause', press('p')],
    ['go on', press('p')],
    ['click into the filter', () => page.locator('#feed-filter').click()],
    ['type a filter', () => page.keyboard.type('score>=5', { delay: 50 })],
    ['clear it', () => page.locator('#feed-filter').fill('')],
  ];
  const interactionsMs: Record<string, number> = {};
  for (const [name, act] of steps) {
    await act();
    await page.waitForTimeout(400);
    interactionsMs[name] = await page.evaluate(() => Math.max(0, ...((window as WatchedWindow).durationsMs?.splice(0) ?? [])));
  }
  await page.keyboard.press('Escape');
  return interactionsMs;
}
