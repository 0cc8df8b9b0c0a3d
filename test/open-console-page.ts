import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface ConsolePageOptions {
  readonly browser: Browser;
  readonly url: string;
  readonly path: string;
  /** Of the mock: `error`, or `error:/api/ledger` for one service. */
  readonly state?: string;
  readonly theme?: 'dark' | 'light';
  readonly locale?: string;
  /** Called before the page is opened. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export interface OpenConsolePage {
  readonly page: Page;
  /** What the page has thrown, and what its policy has refused. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens one page of the mock console in a browser context of its own. */
export async function openConsolePage(options: ConsolePageOptions): Promise<OpenConsolePage> {
  const { browser, url, path, state = 'ready', theme = 'dark', locale = 'en-GB', prepare } = options;
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: theme,
    locale,
    reducedMotion: 'reduce',
  });
  await context.addCookies([{ name: 'mock', value: encodeURIComponent(state), url }]);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Minified React error|Warning:/.test(message.text()))
      faults.push(message.text());
  });
  await prepare?.(page);
  await page.goto(url + path);
  return { page, faults, close: () => context.close() };
}
