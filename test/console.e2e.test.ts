import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page, Route } from 'playwright-core';
import { gzipSync } from 'node:zlib';
import { auditPage } from './audit-page.ts';
import { findBrowser } from './find-browser.ts';
import { openBrowser } from './open-browser.ts';
import { openConsolePage } from './open-console-page.ts';
import { repositoryRoot } from './read-sources.ts';
import { startMockConsole, type MockConsole } from './start-mock-console.ts';

interface BuiltPart {
  readonly entries: Readonly<Record<string, string>>;
  readonly chunks: readonly string[];
  readonly css: readonly string[];
  readonly sri: Readonly<Record<string, string>>;
}

const builtRoot = join(repositoryRoot, 'console', 'dist', 'app');
const FRAME = ['vendor', 'ui', 'shell-api', 'shell'];
const REMOTES = ['live-ops', 'ledger', 'insights', 'governance'];
const readPart = (id: string) => JSON.parse(readFileSync(join(builtRoot, 'assets', id, 'part.json'), 'utf8')) as BuiltPart;
const kilobytesOf = (addresses: readonly string[]) =>
  addresses.reduce((sum, address) => sum + gzipSync(readFileSync(join(builtRoot, address)), { level: 9 }).length, 0) / 1_024;
const scriptsOf = (id: string) => [...Object.values(readPart(id).entries), ...readPart(id).chunks];

let console_: MockConsole;
let browser: Browser;
const describeInBrowser = findBrowser() === undefined ? describe.skip : describe;

describe('the sizes of the console', () => {
  test('the first load of the shell stays within 200 KB of scripts and 40 KB of styles', () => {
    expect(kilobytesOf(FRAME.flatMap(scriptsOf))).toBeLessThanOrEqual(200);
    expect(kilobytesOf(FRAME.flatMap((id) => readPart(id).css))).toBeLessThanOrEqual(40);
  });

  test.each(REMOTES)('%s stays within 150 KB before what it loads later', (id) => {
    expect(kilobytesOf(scriptsOf(id))).toBeLessThanOrEqual(150);
  });

  test('no remote brings a React of its own, neither at once nor later', () => {
    const contentOf = (address: string) => readFileSync(join(builtRoot, address), 'utf8');
    const atOnce = REMOTES.flatMap(scriptsOf).map(contentOf);
    expect(atOnce.filter((source) => source.includes('react.transitional.element'))).toEqual([]);
    const all = REMOTES.flatMap((id) => Object.keys(readPart(id).sri)).filter((address) => address.endsWith('.js'));
    expect(all.length).toBeGreaterThan(atOnce.length);
    expect(all.filter((address) => contentOf(address).includes('__CLIENT_INTERNALS'))).toEqual([]);
  });
});

describe('rebuilding one remote', () => {
  const root = join(repositoryRoot, '.local', `rebuild-${process.pid}`);
  const copy = join(root, 'console');
  const build = (...parts: string[]) =>
    execFileSync(process.execPath, [join(copy, 'build', 'main.mjs'), ...parts], { encoding: 'utf8', stdio: 'pipe' });
  const stateOf = (id: string) => readFileSync(join(copy, 'dist', 'app', 'assets', id, 'part.json'), 'utf8');

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('gives it another name, and leaves every other file as it was', () => {
    cpSync(join(repositoryRoot, 'console'), copy, { recursive: true, filter: (path) => !/node_modules|dist[/\\]types/.test(path) });
    copyFileSync(join(repositoryRoot, 'tsconfig.base.json'), join(root, 'tsconfig.base.json'));
    symlinkSync(join(repositoryRoot, 'contracts'), join(root, 'contracts'));
    symlinkSync(join(repositoryRoot, 'console', 'node_modules'), join(copy, 'node_modules'));
    const messages = join(copy, 'ledger', 'messages.ts');
    writeFileSync(messages, readFileSync(messages, 'utf8').replace("accounts: 'Accounts'", "accounts: 'All accounts'"));
    const others = [...FRAME, ...REMOTES].filter((id) => id !== 'ledger');
    const before = others.map(stateOf);
    const ledgerBefore = stateOf('ledger');
    build('ledger');
    expect(stateOf('ledger')).not.toBe(ledgerBefore);
    expect(others.map(stateOf)).toEqual(before);
    const [named] = (
      JSON.parse(readFileSync(join(copy, 'dist', 'app', 'apps.json'), 'utf8')) as { apps: { id: string; entry: string }[] }
    ).apps.filter(({ id }) => id === 'ledger');
    expect(readFileSync(join(copy, 'dist', 'app', named!.entry), 'utf8')).toContain('All accounts');
    build('insights');
    expect(others.map(stateOf)).toEqual(before);
  }, 90_000);
});

describeInBrowser('the console on a made-up backend', () => {
  beforeAll(async () => {
    [console_, browser] = await Promise.all([startMockConsole(), openBrowser()]);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await console_.stop();
  });

  const open = (
    path: string,
    options: { state?: string; theme?: 'dark' | 'light'; locale?: string; prepare?: (page: Page) => Promise<unknown> } = {},
  ) => openConsolePage({ browser, url: console_.url, path, ...options });

  const failing: readonly [string, string, (route: Route) => Promise<void>][] = [
    ['is missing', 'broken', (route) => route.fulfill({ status: 404, body: '' })],
    ['is away', 'broken', (route) => route.fulfill({ status: 503, body: '' })],
    ['is not what was built', 'corrupt', (route) => route.fulfill({ contentType: 'text/javascript', body: 'globalThis.wasRun = true;' })],
  ];
  test.each(failing)(
    'a remote that %s shows its own panel, is not run, and the shell lives',
    async (_name, kind, answer) => {
      const { page, close } = await open('/ledger', { prepare: (before) => before.route('**/assets/ledger/**/main.js*', answer) });
      await page.locator(`[data-remote-failure=${kind}]`).waitFor();
      expect(await page.evaluate('globalThis.wasRun')).toBeUndefined();
      await page.getByRole('link', { name: 'Live', exact: true }).click();
      await page.locator('[data-transaction-id]').first().waitFor();
      await close();
    },
    15_000,
  );

  test('a remote that failed comes with the next attempt', async () => {
    let attempts = 0;
    const failOnce = (route: Route) => (attempts++ === 0 ? route.fulfill({ status: 503, body: '' }) : route.continue());
    const { page, close } = await open('/ledger', { prepare: (before) => before.route('**/assets/ledger/**/main.js*', failOnce) });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-balance]').first().waitFor();
    await close();
  }, 60_000);

  test('a remote that does not come within ten seconds is given up', async () => {
    const never = () => Promise.resolve();
    const { page, close } = await open('/ledger', {
      prepare: async (before) => {
        await before.clock.install();
        await before.route('**/assets/ledger/**/main.js*', never);
      },
    });
    await page.locator('.loading-page').waitFor();
    await page.clock.runFor(10_500);
    await page.locator('[data-remote-failure=slow]').waitFor();
    await close();
  }, 60_000);

  test('a remote of another contract is not run; one that says more than this shell knows is', async () => {
    const withContract = (contract: number, more: object) => async (route: Route) => {
      const { apps } = (await (await route.fetch()).json()) as { apps: { id: string }[] };
      await route.fulfill({ json: { apps: apps.map((app) => (app.id === 'ledger' ? { ...app, contract, ...more } : app)), later: true } });
    };
    const older = await open('/ledger', { prepare: (before) => before.route('**/apps.json', withContract(2, {})) });
    await older.page.locator('[data-remote-failure=contract]').waitFor();
    await older.close();
    const newer = await open('/ledger', { prepare: (before) => before.route('**/apps.json', withContract(1, { badges: ['new'] })) });
    await newer.page.locator('[data-balance]').first().waitFor();
    await newer.close();
  }, 60_000);

  test('React is there once, for shell, remotes and what they load later', async () => {
    const requested: string[] = [];
    const { page, close } = await open('/ledger', {
      prepare: (before) => Promise.resolve(void before.on('request', (request) => requested.push(new URL(request.url()).pathname))),
    });
    await page.locator('[data-balance]').first().waitFor();
    await page.getByRole('link', { name: 'Insights', exact: true }).click();
    await page.locator('.recharts-line').first().waitFor();
    expect(requested.filter((path) => /react-dom-client/.test(path))).toHaveLength(1);
    await close();
  }, 60_000);

  const audited = [
    ['/ledger', 'ready', 'dark', '[data-balance]'],
    ['/ledger', 'error', 'light', '.panel [role=alert]'],
    ['/ledger/journal', 'empty', 'dark', '.panel .notice'],
    ['/live', 'ready', 'light', '[data-transaction-id]'],
    ['/tx/order-48007', 'ready', 'light', '.archive-trail li'],
    ['/entity/merchant/books-03', 'ready', 'dark', '.archive-plots .u-legend'],
    ['/insights', 'denied', 'dark', '.notice'],
    ['/insights', 'ready', 'light', '.recharts-line'],
    ['/governance', 'empty', 'light', '[data-drift=waiting]'],
    ['/governance/accounts', 'ready', 'dark', '[data-tone=warn]'],
    ['/live', 'signed-out', 'light', '#sign-in-name'],
  ] as const;
  test.each(audited)(
    'axe finds nothing wrong with %s, %s, in the %s theme',
    async (path, state, theme, shown) => {
      const { page, faults, close } = await open(path, { state, theme });
      await page.locator(shown).first().waitFor();
      expect([...faults, ...(await auditPage(page))]).toEqual([]);
      await close();
    },
    60_000,
  );

  test('can be walked with the keyboard alone: palette, page, transfer, proof, and back', async () => {
    const { page, close } = await open('/live');
    await page.locator('[data-transaction-id]').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('go to ledger');
    await page.keyboard.press('Enter');
    await page.locator('[data-balance]').first().waitFor();
    await page.getByRole('link', { name: 'Journal' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.row-button').nth(20).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Verify in this browser' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-proof=proven]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-proof]').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.locator('[data-transaction-id]').first().waitFor();
    await close();
  }, 60_000);

  test('says what a chart draws in a table, too, and goes on without the code that draws', async () => {
    const { page, close } = await open('/insights', { prepare: (before) => before.route('**/rate-lines-*.js*', (route) => route.abort()) });
    await page.locator('[data-chart=failed]').first().waitFor();
    await page.getByRole('button', { name: 'Declined: Show as a table' }).focus();
    await page.keyboard.press('Enter');
    const shares = page.getByRole('table', { name: 'Declined' }).locator('tbody td:nth-child(2)');
    expect(await shares.count()).toBeGreaterThanOrEqual(60);
    expect(await shares.first().textContent()).toMatch(/^\d+\.\d %$/);
    await close();
  }, 60_000);

  test('changes the own password, and says why one is refused', async () => {
    const { page, close } = await open('/live');
    await page.getByRole('button', { name: /Account/ }).click();
    await page.getByRole('menuitem', { name: 'Change password' }).click();
    const fill = async (current: string, next: string, again = next) => {
      await page.locator('#own-password-current').fill(current);
      await page.locator('#own-password-next').fill(next);
      await page.locator('#own-password-again').fill(again);
      await page.keyboard.press('Enter');
    };
    await fill('present', 'four plain words here', 'four plain words');
    await page.getByText('not the same').waitFor();
    await fill('wrong', 'four plain words here');
    await page.getByText('does not fit').waitFor();
    await fill('present', 'password-password');
    await page.getByText('Many people use it').waitFor();
    await fill('present', 'four plain words here');
    await page.getByRole('heading', { name: 'Your password has been changed' }).waitFor();
    await close();
  }, 60_000);

  test('leads to the own password by the palette, in French too', async () => {
    const { page, close } = await open('/ledger', { locale: 'fr-FR' });
    await page.locator('[data-balance]').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('mot de passe');
    await page.keyboard.press('Enter');
    await page.getByLabel('Mot de passe actuel').waitFor();
    await page.getByText('De 12 à 128 caractères').waitFor();
    await close();
  }, 60_000);

  test('speaks French, with amounts as the French write them', async () => {
    const { page, close } = await open('/ledger', { locale: 'fr-FR' });
    const balance = page.locator('[data-balance]').first();
    await balance.waitFor();
    expect(await page.locator('h1').textContent()).toBe('Grand livre');
    expect(await balance.textContent()).toMatch(/\d,\d\d\s€$/);
    await close();
  }, 60_000);
});
