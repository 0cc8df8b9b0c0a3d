import { nowMs, pause } from '@trancendos/platform/clock';
import { newId } from '@trancendos/platform/new-id';
import type { Publisher } from '@trancendos/platform/publish';
import type { Page } from 'playwright-core';
import { measurePage, type PageFigures } from './measure-page.ts';
import { readMatched } from './open-console.ts';
import { publishOutcomes } from './publish-outcomes.ts';
import type { GatewayProcess } from './start-gateway.ts';
import { readLines } from './watch-page.ts';

export interface CaseFigures extends PageFigures {
  readonly name: string;
  readonly published: number;
  /** Outcomes that the page's exact counter does not know. */
  readonly lost: number;
  /** Rows that the list shows twice, and gaps that it shows. */
  readonly duplicated: number;
  readonly gaps: number;
}

export interface ReconnectFigures extends CaseFigures {
  /** From the kill of the gateway until the page was connected again, and until the new gateway was ready. */
  readonly toConnectedMs: number;
  readonly toReadyMs: number;
  /** Rows that are missing in the list without a gap in their place. */
  readonly silentGaps: number;
}

export interface Bench {
  readonly page: Page;
  readonly gateway: GatewayProcess;
  readonly publisher: Publisher;
}

/** Newest lines of the list that are looked at for doubles and gaps where more come than are kept. */
const LINES_READ = 1_000;
const SETTLES_WITHIN_MS = 15_000;

/** Publishes at a steady rate and measures the page meanwhile. */
export async function runRate(
  { page, publisher }: Bench,
  name: string,
  rate: { perSecond: number; seconds: number },
): Promise<CaseFigures> {
  const before = await readMatched(page);
  const mark = newId('tx');
  let published = 0;
  const figures = await measurePage(page, async () => {
    published = await publishOutcomes(publisher, { mark, first: 1, ...rate });
    await settle(page, before + published);
  });
  const lost = published - ((await readMatched(page)) - before);
  return { name, published, lost, ...countLines(await readLines(page, LINES_READ), mark), ...figures };
}

/** Publishes slowly enough that every row is sent, and kills the gateway meanwhile. */
export async function runReconnect(bench: Bench, rate: { perSecond: number; seconds: number }): Promise<ReconnectFigures> {
  const { page, gateway, publisher } = bench;
  const before = await readMatched(page);
  const mark = newId('tx');
  let published = 0;
  const restart = { toConnectedMs: Number.NaN, toReadyMs: Number.NaN };
  const figures = await measurePage(page, async () => {
    const publishing = publishOutcomes(publisher, { mark, first: 1, ...rate });
    await pause((rate.seconds * 1_000) / 4);
    const killedMs = nowMs();
    await gateway.kill();
    const connected = page
      .locator('[data-connection=reconnecting]')
      .waitFor({ timeout: 10_000 })
      .then(async () => {
        await page.locator('[data-connection=connected]').waitFor({ timeout: 60_000 });
        restart.toConnectedMs = nowMs() - killedMs;
      });
    await gateway.start();
    restart.toReadyMs = nowMs() - killedMs;
    await connected;
    published = await publishing;
    await settle(page, before + published);
  });
  const lost = published - ((await readMatched(page)) - before);
  const lines = await readLines(page, published + LINES_READ);
  const counted = { name: 'reconnect', published, lost, ...countLines(lines, mark) };
  return { ...counted, ...figures, ...restart, silentGaps: countSilentGaps(lines, mark, published) };
}

/** Until the page has counted as many; or until it is clear that it will not. */
async function settle(page: Page, matched: number): Promise<void> {
  const startedMs = nowMs();
  while ((await readMatched(page)) < matched && nowMs() - startedMs < SETTLES_WITHIN_MS) await pause(100);
}

function countLines(lines: readonly string[], mark: string) {
  const own = lines.filter((line) => line.startsWith(mark));
  return { duplicated: own.length - new Set(own).size, gaps: lines.filter((line) => line === 'gap').length };
}

/** Numbers of the run that are missing between two lines that stand one upon the other, or at its ends. */
function countSilentGaps(lines: readonly string[], mark: string, published: number): number {
  let expected = published;
  let missing = 0;
  let isGapBefore = false;
  for (const line of lines) {
    if (line === 'gap') isGapBefore = true;
    if (!line.startsWith(mark)) continue;
    const n = Number(line.slice(mark.length + 1).split('-')[0]);
    if (n < expected && !isGapBefore) missing += expected - n;
    expected = n - 1;
    isGapBefore = false;
  }
  return missing + (isGapBefore ? 0 : expected);
}
