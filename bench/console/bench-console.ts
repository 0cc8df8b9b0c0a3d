import { mkdtempSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPort } from '@trancendos/local/find-port';
import { startServers } from '@trancendos/local/start-servers';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { pause } from '@trancendos/platform/clock';
import { connectEventLog, ensureTopics } from '@trancendos/platform/event-log';
import { openLog } from '@trancendos/platform/log';
import { openPublisher } from '@trancendos/platform/publish';
import { Command } from 'commander';
import { measureVitals } from './measure-vitals.ts';
import { openChromium, openLivePage } from './open-console.ts';
import { publishOutcomes } from './publish-outcomes.ts';
import { runRate, runReconnect, type CaseFigures } from './run-console-cases.ts';
import { GatewayProcess } from './start-gateway.ts';

const options = new Command('bench:console')
  .description('Measures the live page in Chromium: outcomes are published to a real Kafka, and a real gateway sends them to the page.')
  .option('--short', 'a quick run: 10 s instead of 60, a burst of 3 s')
  .option('--out <file>', 'also write the figures as JSON')
  .option('--trace <file>', 'also trace a short run at 1,000/s beforehand, for the Performance panel of the browser')
  .parse()
  .opts<{ short?: boolean; out?: string; trace?: string }>();

/** A gateway reads 15 s back at its start: those of the burst are no part of what is measured after it. */
const BETWEEN_CASES_MS = 15_000;
const percent = (share: number) => `${Math.round(share * 100)} %`;
const say = (line: string) => void process.stdout.write(`${line}\n`);
const loadBefore = loadavg()[0] ?? 0;
const directory = mkdtempSync(join(tmpdir(), 'trancendos-bench-console-'));
const servers = await startServers({ directory, report: (line) => void process.stderr.write(`${line}\n`) });
const { kafkaBrokers, redisUrl, databaseUrl } = servers;
const brokers = { brokers: kafkaBrokers.split(','), service: 'bench', log: openLog('bench', { LOG_LEVEL: 'warn', LOG_FORMAT: 'json' }) };
const gateway = new GatewayProcess({ port: await findPort(), metricsPort: await findPort(), kafkaBrokers, redisUrl, databaseUrl });
const browser = await openChromium();
try {
  await ensureTopics({ ...brokers, partitions: 1 });
  const eventLog = await connectEventLog(brokers);
  const publisher = openPublisher({ eventLog, queueMax: 100_000, deadlineMs: 60_000 });
  await gateway.start();
  await publishOutcomes(publisher, { mark: 'warm-up', first: 1, perSecond: 200, seconds: 2 });
  const page = await openLivePage(browser, gateway.url);
  await pause(1_000);
  const vitals = await measureVitals(browser, gateway.url, page);
  say(`LCP ${vitals.lcpMs} ms, CLS ${vitals.cls}, INP ${vitals.inpMs} ms`);
  for (const [name, ms] of Object.entries(vitals.interactionsMs)) say(`  ${name.padEnd(24)}${ms} ms`);
  await publishOutcomes(publisher, { mark: 'warm-up-2', first: 1, perSecond: 1_000, seconds: 10 });
  await pause(2_000); // what is still under way would be counted to the first case
  const bench = { page, gateway, publisher };
  if (options.trace !== undefined) {
    await browser.startTracing(page, { path: options.trace });
    await publishOutcomes(publisher, { mark: 'traced', first: 1, perSecond: 1_000, seconds: 5 });
    await browser.stopTracing();
  }
  const cases: CaseFigures[] = [];
  const add = (figures: CaseFigures) => {
    cases.push(figures);
    printCase(figures);
  };
  add(await runRate(bench, '1,000/s', { perSecond: 1_000, seconds: options.short ? 10 : 60 }));
  add(await runRate(bench, 'burst of 5,000/s', { perSecond: 5_000, seconds: options.short ? 3 : 10 }));
  await pause(BETWEEN_CASES_MS);
  add(await runReconnect(bench, { perSecond: 200, seconds: 20 }));
  await publisher.stop();
  await eventLog.stop();
  if (options.out !== undefined) {
    const load = { before: loadBefore, after: loadavg()[0] ?? 0 };
    writeFileSync(options.out, `${JSON.stringify({ vitals, load, cases }, null, 2)}\n`);
  }
} finally {
  await browser.close();
  await gateway.kill();
  await servers.stop();
  await wipeDirectory(directory);
}

function printCase(figures: CaseFigures): void {
  const { name, fps, longTasksMs, mainThreadShare, mainThreadBusyShare, heapGrowthMb, eventToPixelMs, published, lost, duplicated, gaps } =
    figures;
  say(`\n${name}: ${published} published, ${lost} lost, ${duplicated} duplicated, ${gaps} gaps`);
  say(`  ${fps} fps, main thread ${percent(mainThreadShare)} of a core, busy ${percent(mainThreadBusyShare)}, heap +${heapGrowthMb} MB`);
  say(`  ${longTasksMs.length} long tasks, longest ${Math.max(0, ...longTasksMs)} ms`);
  say(
    `  event to pixel p50 ${eventToPixelMs.p50} ms, p95 ${eventToPixelMs.p95} ms, p99 ${eventToPixelMs.p99} ms over ${eventToPixelMs.rows} rows`,
  );
  if ('silentGaps' in figures) {
    const { toReadyMs, toConnectedMs, silentGaps } = figures as CaseFigures & Record<'toReadyMs' | 'toConnectedMs' | 'silentGaps', number>;
    say(`  gateway killed: ready again after ${toReadyMs} ms, page live after ${toConnectedMs} ms, ${silentGaps} rows missing silently`);
  }
}
