/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core';

/** What a page has measured of itself since `startWatching`. */
export interface PageObservations {
  readonly frames: number;
  readonly elapsedMs: number;
  readonly longTasksMs: readonly number[];
  /** From the publication of an outcome to its painted row, in ms, for every row that came into the document. */
  readonly eventToPixelMs: readonly number[];
}

/** What the page's script keeps, on `window`. */
interface Watcher {
  frames: number;
  startedMs: number;
  longTasksMs: number[];
  eventToPixelMs: number[];
}
type WatchedWindow = Window & { watcher?: Watcher };

/**
 * Counts animation frames and long tasks, and stamps every feed row that comes into the document in the first animation frame after the one
 * that it was committed for: by then it has been painted. Transactions carry the time of their publication, by the clock of this machine.
 */
export async function startWatching(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watcher: Watcher = { frames: 0, startedMs: performance.now(), longTasksMs: [], eventToPixelMs: [] };
    const isFirst = (window as WatchedWindow).watcher === undefined;
    (window as WatchedWindow).watcher = watcher;
    if (!isFirst) return;
    const current = () => (window as WatchedWindow).watcher ?? watcher;
    const count = () => {
      current().frames++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) current().longTasksMs.push(duration);
    }).observe({ type: 'longtask' });
    const seen = new Set<string>();
    const publishedAtMs = (row: Element) => Number.parseInt(row.getAttribute('data-transaction-id')?.split('-t').at(-1) ?? '', 36);
    new MutationObserver(() => {
      const fresh = [...document.querySelectorAll('[data-transaction-id]')].filter((row) => {
        const id = row.getAttribute('data-transaction-id') ?? '';
        if (seen.has(id)) return false;
        seen.add(id);
        return true;
      });
      if (fresh.length === 0) return;
      const published = fresh.map(publishedAtMs).filter((atMs) => atMs > 1e12 && atMs < 1e13);
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          const paintedAtMs = performance.timeOrigin + performance.now();
          current().eventToPixelMs.push(...published.map((atMs) => paintedAtMs - atMs));
        }),
      );
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-transaction-id'] });
  });
}

export async function readObservations(page: Page): Promise<PageObservations> {
  return page.evaluate(() => {
    const { watcher } = window as WatchedWindow;
    if (!watcher) throw new Error('nobody watches this page');
    const { frames, startedMs, longTasksMs, eventToPixelMs } = watcher;
    return { frames, elapsedMs: performance.now() - startedMs, longTasksMs, eventToPixelMs };
  });
}

/** What the newest `rowsMax` lines show from top to bottom: transactions, and `gap`. The list is scrolled through as a person would. */
export async function readLines(page: Page, rowsMax: number): Promise<string[]> {
  return page.evaluate(async (linesMax) => {
    const list = document.querySelector('.feed-grid');
    if (!list) throw new Error('there is no feed on the page');
    const lines = new Map<number, string>();
    const settle = () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the browser has painted nothing for 10 s')), 10_000);
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            clearTimeout(timer);
            resolve(undefined);
          }),
        );
      });
    for (let top = 0; top < list.scrollHeight && lines.size < linesMax; top += list.clientHeight * 0.8) {
      list.scrollTop = top;
      await settle();
      for (const row of list.querySelectorAll('[aria-rowindex]')) {
        const content = row.getAttribute('data-transaction-id') ?? (row.hasAttribute('data-gap') ? 'gap' : undefined);
        if (content !== undefined) lines.set(Number(row.getAttribute('aria-rowindex')), content);
      }
    }
    list.scrollTop = 0;
    return [...lines].sort(([a], [b]) => a - b).map(([, content]) => content);
  }, rowsMax);
}
