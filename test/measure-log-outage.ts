import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from '@elastic/elasticsearch';
import { startPlatform, type RunningPlatform } from '@trancendos/local/start-platform';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { request } from 'undici';
import { payment, postTransaction } from './post-transaction.ts';
import { repositoryRoot } from './read-sources.ts';
import { waitUntil } from './wait-until.ts';

/** `npm run logs:outage`: takes Elasticsearch away from a running platform for some minutes, counts lines and times answers. */
const USAGE = 'npm run logs:outage -- [--minutes 10] [--rate 5]: minutes without Elasticsearch, payments a second';
const QUIET_SECONDS = 20;
const RECOVERY_WITHIN_MS = 300_000;
const INDEX = 'logs-trancendos.ingest-default';

interface Phase {
  readonly name: string;
  readonly times: number[];
  failed: number;
}

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '5' }, help: { type: 'boolean' } },
});
const [minutes, rate] = [Number(values.minutes), Number(values.rate)];
if (values.help || !(minutes > 0) || !(rate > 0)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(values.help ? 0 : 2);
}

const parent = join(repositoryRoot, '.local');
mkdirSync(parent, { recursive: true });
const directory = mkdtempSync(join(parent, 'test-'));
const say = (line: string) => void process.stderr.write(`${line}\n`);
const platform = await startPlatform({ directory, small: true, observe: true, report: say, environment: { LOG_FORMAT: 'json' } });
process.exitCode = 1;
try {
  process.exitCode = (await measure(platform)) ? 0 : 1;
} finally {
  await platform.stop();
  await wipeDirectory(directory);
}

/** True when no line is lost and every payment was answered. */
async function measure(running: RunningPlatform): Promise<boolean> {
  const sent: string[] = [];
  const phases = [
    await pay(running, { name: 'with Elasticsearch', seconds: QUIET_SECONDS, sent }),
    await without(running, sent),
    await pay(running, { name: 'afterwards', seconds: QUIET_SECONDS, sent }),
  ];
  const begunMs = Date.now();
  const client = new Client({ node: running.elasticsearchUrl ?? '' });
  const stored = await waitUntil('every line is in Elasticsearch', () => allOf(client, sent), RECOVERY_WITHIN_MS).catch(() => undefined);
  const caughtUpMs = Date.now() - begunMs;
  const lines = stored ?? (await idsIn(client));
  await client.close();
  const lost = sent.filter((id) => !lines.has(id)).length;
  const doubled = [...lines.values()].filter((count) => count > 1).length;
  for (const { name, times, failed } of phases) {
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1).padStart(8);
    process.stdout.write(
      `${name.padEnd(24)} ${String(times.length).padStart(6)} answers, ${failed} failed, p50 ${at(0.5)} p99 ${at(0.99)} ms\n`,
    );
  }
  process.stdout.write(
    `${sent.length} payments, ${lines.size} with a line, ${lost} lost, ${doubled} doubled; caught up ${(caughtUpMs / 1000).toFixed(1)} s after the end\n`,
  );
  return lost === 0 && doubled === 0 && phases.every(({ failed }) => failed === 0);
}

async function without(running: RunningPlatform, sent: string[]): Promise<Phase> {
  await running.stopElasticsearch?.();
  const phase = await pay(running, { name: `${minutes} minutes without`, seconds: minutes * 60, sent });
  const [bytes, lagSeconds] = [await readings('trx_log_spool_bytes'), await readings('trx_log_ship_lag_seconds')];
  say(
    `waiting to be shipped: ${bytes.reduce((sum, each) => sum + each, 0)} bytes, the oldest for ${Math.round(Math.max(...lagSeconds))} s`,
  );
  await running.startElasticsearch?.();
  return phase;
}

/** What a metric of the shipper reads, of every service. */
async function readings(name: string): Promise<number[]> {
  const port = platform.shipperMetricsPort ?? 0;
  const { body } = await request(`http://127.0.0.1:${port}/metrics`);
  return [...(await body.text()).matchAll(new RegExp(`^${name}\\{.*\\} (.+)$`, 'gm'))].map(([, value]) => Number(value));
}

/** Payments at a steady rate; each begins when it is due, whatever became of the one before. */
async function pay(running: RunningPlatform, plan: { name: string; seconds: number; sent: string[] }): Promise<Phase> {
  const phase: Phase = { name: plan.name, times: [], failed: 0 };
  const asked: Promise<void>[] = [];
  const beginMs = performance.now();
  for (let number = 0; number < plan.seconds * rate; number++) {
    const dueMs = beginMs + (number * 1_000) / rate;
    await sleep(Math.max(0, dueMs - performance.now()));
    const id = `outage-${plan.sent.length}`;
    plan.sent.push(id);
    asked.push(
      postTransaction(running, payment(id, { payer: { account_id: `ACC-${plan.sent.length % 100}` } })).then(
        ({ status }) => {
          if (status === 200) phase.times.push(performance.now() - dueMs);
          else phase.failed++;
        },
        () => {
          phase.failed++;
        },
      ),
    );
  }
  await Promise.all(asked);
  return phase;
}

async function allOf(client: Client, sent: readonly string[]): Promise<Map<string, number> | undefined> {
  const lines = await idsIn(client);
  return sent.every((id) => lines.has(id)) ? lines : undefined;
}

/** Transaction ids of the payments that have a line, with how many. */
async function idsIn(client: Client): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  try {
    await client.indices.refresh({ index: INDEX });
    const lines = client.helpers.scrollDocuments<Record<string, unknown>>({
      index: INDEX,
      size: 1_000,
      query: { term: { 'event.action': 'payment-decided' } },
    });
    for await (const line of lines) {
      const id = String(line['trancendos.transaction_id']);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  } catch {
    return new Map(); // still coming back
  }
  return counts;
}
