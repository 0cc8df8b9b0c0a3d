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
const LOOKS_AT_ONCE = 5;

const chosen = process.argv.slice(2);
const folder = join(repositoryRoot, 'artefacts', 'console');
mkdirSync(folder, { recursive: true });
const [console_, browser] = await Promise.all([startMockConsole(), openBrowser()]);
const looks = PAGES.filter((page) => chosen.length === 0 || chosen.includes(page)).flatMap((path) =>
  STATES.flatMap((state) => THEMES.map((theme) => ({ path, state, theme }))),
);
let violations = 0;
// A look is mostly waiting, so some are had at once.
await Promise.all(
  Array.from({ length: LOOKS_AT_ONCE }, async () => {
    for (let look = looks.shift(); look; look = looks.shift()) {
      const found = await lookAt(look);
      violations += found;
    }
  }),
);
await browser.close();
await console_.stop();
process.stdout.write(`${violations} violations\n`);
process.exitCode = violations === 0 ? 0 : 1;

async function lookAt({ path, state, theme }: { path: string; state: string; theme: (typeof THEMES)[number] }): Promise<number> {
  const { page, faults, close } = await openConsolePage({ browser, url: console_.url, path, state, theme });
  await page.waitForTimeout(SETTLE_MS);
  const found = [...faults, ...(await auditPage(page))];
  const name = path.replace(/#.*/, '').slice(1).replaceAll(/[/%]/g, '-');
  await page.screenshot({ path: join(folder, `${name}-${state}-${theme}.png`) });
  process.stdout.write(
    `${found.length === 0 ? 'ok  ' : 'FAIL'} ${path} ${state} ${theme}\n${found.map((line) => `     ${line}\n`).join('')}`,
  );
  await close();
  return found.length;
}
