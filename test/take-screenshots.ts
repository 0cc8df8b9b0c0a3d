import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from './open-browser.ts';
import { repositoryRoot } from './read-sources.ts';

/** `npm run docs:screenshots`: pictures of the running platform's console for the README, in both themes. */
const address = process.argv[2] ?? 'http://127.0.0.1:8080';
const folder = join(repositoryRoot, 'docs', 'images');
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
for (const colorScheme of ['dark', 'light'] as const) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
  await page.goto(address);
  const held = page.locator('[data-action=review], [data-action=decline]').first();
  await held.waitFor({ timeout: 120_000 });
  await held.click();
  await page.waitForTimeout(1_500); // the drawer's balances and transfers arrive
  await page.screenshot({ path: join(folder, `live-${colorScheme}.png`) });
}
await browser.close();
process.stdout.write(`${folder}: live-dark.png, live-light.png\n`);
