import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CANDIDATES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`);

/** Headless Chromium of the machine's own. Throws where there is none. */
export async function openChromium(): Promise<Browser> {
  const executablePath = CANDIDATES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("there is no Chromium: install your system's chromium package");
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
}

/** The live page, connected. */
export async function openLivePage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/live`);
  await page.locator('[data-connection=connected]').waitFor({ timeout: 30_000 });
  await page.locator('[data-matched]').waitFor();
  return page;
}

/** How many outcomes the page says have fitted its filter, whether or not it was sent their rows. */
export async function readMatched(page: Page): Promise<number> {
  return Number(await page.locator('[data-matched]').getAttribute('data-matched'));
}
