/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/** Largest contentful paint (ms), cumulative layout shift, and the slowest of a few interactions (ms). */
export interface Vitals {
  readonly lcpMs: number;
  readonly cls: number;
  readonly inpMs: number;
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

/** Uses a loaded page a little: selects rows by key, pauses, types a filter; and reads what the browser has recorded. */
export async function measureVitals(page: Page): Promise<Vitals> {
  await page.evaluate(() => {
    const durations: number[] = [];
    (window as Window & { interactions?: number[] }).interactions = durations;
    const options = { type: 'event', durationThreshold: 16 };
    new PerformanceObserver((list) => durations.push(...list.getEntries().map(({ duration }) => duration))).observe(options);
  });
  for (const key of ['j', 'j', 'k', 'Escape', 'p', 'p']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(100);
  }
  await page.locator('#feed-filter').click();
  await page.keyboard.type('score>=5', { delay: 50 });
  await page.locator('#feed-filter').fill('');
  await page.keyboard.press('Escape');
  await page.waitForTimeout(500);
  return page.evaluate(async () => {
    const read = (type: string) =>
      new Promise<PerformanceEntry[]>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries())).observe({ type, buffered: true });
        setTimeout(() => resolve([]), 300);
      });
    const shifts = ((await read('layout-shift')) as LayoutShift[]).filter(({ hadRecentInput }) => !hadRecentInput);
    const { interactions = [] } = window as Window & { interactions?: number[] };
    return {
      lcpMs: Math.round((await read('largest-contentful-paint')).at(-1)?.startTime ?? Number.NaN),
      cls: Math.round(shifts.reduce((sum, { value }) => sum + value, 0) * 1_000) / 1_000,
      inpMs: Math.max(0, ...interactions),
    };
  });
}
