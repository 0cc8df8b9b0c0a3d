import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findBrowser } from './find-browser.ts';
import { openBrowser } from './open-browser.ts';
import { payment, postTransaction } from './post-transaction.ts';
import { repositoryRoot } from './read-sources.ts';
import { startTestPlatform, type TestPlatform } from './start-test-platform.ts';
import { waitUntil } from './wait-until.ts';

const artefacts = join(repositoryRoot, 'artefacts');
let platform: TestPlatform;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

// Where there is no Chromium this is skipped; with CI=true a run without it does not pass.
const describeInBrowser = findBrowser() === undefined ? describe.skip : describe;

describeInBrowser('the live page', () => {
  beforeAll(async () => {
    mkdirSync(artefacts, { recursive: true });
    [platform, browser] = await Promise.all([startTestPlatform(), openBrowser()]);
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|WebSocket/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(platform.console);
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await platform.stop();
  }, 60_000);

  test("opens the merchant API's documentation under its own strict policy, with nothing from elsewhere", async () => {
    const docs = await browser.newPage();
    const faults: string[] = [];
    docs.on('pageerror', (error) => faults.push(error.message));
    docs.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    const hosts = new Set<string>();
    docs.on('request', (request) => hosts.add(new URL(request.url()).origin));
    await docs.goto(`${platform.api}/docs`);
    // The page scrolls while it opens what was clicked, which a careful click would wait for.
    await docs.getByText('Decide a transaction and move its money').first().dispatchEvent('click');
    await docs.getByRole('button', { name: 'Execute' }).first().waitFor();
    expect([faults, [...hosts].filter((host) => host !== 'null')]).toEqual([[], [platform.api]]);
    await docs.close();
  }, 30_000);

  test('connects by itself', async () => {
    await page.locator('[data-connection=connected]').waitFor({ timeout: 15_000 });
  });

  test('shows a posted transaction as a row, with what was decided, within two seconds', async () => {
    const startedMs = performance.now();
    const { answer } = await postTransaction(platform, payment('browser-1', { amount_minor: 4_900 }));
    const row = page.locator('[data-transaction-id="browser-1"]');
    await row.waitFor({ timeout: 5_000 });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await row.getAttribute('data-action')).toBe(answer.action);
    expect(await row.textContent()).toContain('49.00');
  });

  test('opens a drawer whose account balance moves with the next payment', async () => {
    await page.locator('[data-transaction-id="browser-1"]').click();
    const balance = page.locator('[data-balance]').first();
    await balance.waitFor();
    const before = await balance.textContent();
    await postTransaction(platform, payment('browser-2'));
    await waitUntil('another balance', async () => (await balance.textContent()) !== before, 5_000);
    await page.screenshot({ path: join(artefacts, 'live-drawer.png') });
  });

  test('is readable in both themes', async () => {
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: join(artefacts, `live-${scheme}.png`) });
    }
  });

  test('comes back by itself when the gateway was killed, and shows what came after', async () => {
    await page.keyboard.press('Escape');
    platform.kill('realtime', 'SIGKILL');
    await page.locator('[data-connection=connected]').waitFor({ state: 'detached', timeout: 10_000 });
    await page.locator('[data-connection=connected]').waitFor({ timeout: 30_000 });
    await postTransaction(platform, payment('browser-3'));
    await page.locator('[data-transaction-id="browser-3"]').waitFor({ timeout: 10_000 });
  }, 60_000);

  test('has complained about nothing', () => {
    expect(complaints).toEqual([]);
  });
});
