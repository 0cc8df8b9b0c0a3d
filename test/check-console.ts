import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { auditPage } from './audit-page.ts';
import { openBrowser } from './open-browser.ts';
import { openConsolePage } from './open-console-page.ts';
import { repositoryRoot } from './read-sources.ts';
import { startMockConsole } from './start-mock-console.ts';

/**
 * `npm run console:check`: every page of the console in every state and theme, on the made-up backend, under axe; pictures go to
 * artefacts/console. Ends with 1 where axe finds something. An argument chooses pages: `npm run console:check -- /ledger`.
 */
const PAGES = [
  '/live',
  '/tx/order-48007',
  '/tx/order-48001',
  '/tx/order-0',
  '/entity/account/ACC-20400',
  '/ledger',
  '/ledger/accounts/customer%3AACC-20400%3AEUR',
  '/ledger/journal',
  '/ledger/holds',
  '/insights',
  '/governance',
  '/governance/accounts',
  '/governance/sessions',
  '/governance/audit',
  '/password',
  '/set-up#mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm',
  '/dev/kitchen-sink',
  '/no-such-page',
];
const STATES = ['ready', 'loading', 'empty', 'error', 'stale', 'denied', 'offline', 'expiring', 'signed-out'];
const THEMES = ['dark', 'light'] as const;
/** Long enough for a second reading, which shows what is stale. */
const SETTLE_MS = 2_600;

const chosen = process.argv.slice(2);
const folder = join(repositoryRoot, 'artefacts', 'console');
mkdirSync(folder, { recursive: true });
const [console_, browser] = await Promise.all([startMockConsole(), openBrowser()]);
let violations = 0;
for (const path of PAGES.filter((page) => chosen.length === 0 || chosen.includes(page))) {
  for (const state of STATES) {
    for (const theme of THEMES) {
      const { page, faults, close } = await openConsolePage({ browser, url: console_.url, path, state, theme });
      await page.waitForTimeout(SETTLE_MS);
      const found = [...faults, ...(await auditPage(page))];
      violations += found.length;
      await page.screenshot({ path: join(folder, `${path.slice(1).replaceAll(/[/%]/g, '-')}-${state}-${theme}.png`) });
      process.stdout.write(
        `${found.length === 0 ? 'ok  ' : 'FAIL'} ${path} ${state} ${theme}\n${found.map((line) => `     ${line}\n`).join('')}`,
      );
      await close();
    }
  }
}
await browser.close();
await console_.stop();
process.stdout.write(`${violations} violations\n`);
process.exitCode = violations === 0 ? 0 : 1;
