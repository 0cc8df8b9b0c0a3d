import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { claimDirectory } from '@trancendos/local/claim-directory';
import { findPort } from '@trancendos/local/find-port';
import { keepSecrets } from '@trancendos/local/keep-secrets';
import { planService } from '@trancendos/local/plan-services';
import { startPlatform, type RunningPlatform } from '@trancendos/local/start-platform';
import { Supervised } from '@trancendos/local/supervise';
import { wipeDirectory } from '@trancendos/local/wipe-directory';
import { payment } from './post-transaction.ts';
import { repositoryRoot } from './read-sources.ts';
import { RoundRobin } from './round-robin.ts';
import { waitUntil } from './wait-until.ts';

/**
 * `npm run restart:check`: two ingests, two scoring workers and two gateways behind a round robin that tries nothing twice, each restarted in
 * turn under load as a rolling update does it (out of the list, stopped, started, ready, back in the list), then the ledger's writer. Ends with
 * 0 when no request has failed, and what was answered `pending` (accepted, not decided within its deadline) has its final answer afterwards.
 * `restart:check [RATE]`, payments a second, 20 by default.
 */
const RATE = Number(process.argv[2] ?? 20);
/** What a proxy takes to let go of an instance; the manifests wait longer. */
const LET_GO_MS = 500;
/** Longer than a restart of the writer takes, so that the requests of that time wait for it. */
const DEADLINE_MS = 5_000;
const PAIRED = ['ingest', 'scoring', 'realtime'] as const;
type Paired = (typeof PAIRED)[number];

const report = (line: string) => process.stderr.write(`${line}\n`);
const parent = join(repositoryRoot, '.local');
mkdirSync(parent, { recursive: true });
const [first, second] = [mkdtempSync(join(parent, 'restart-')), mkdtempSync(join(parent, 'restart-'))];
const settings = { KAFKA_TOPIC_PARTITIONS: '2', LOG_LEVEL: 'warn', LOG_FORMAT: 'json' };
const platform = await startPlatform({ directory: first, small: true, environment: settings, report });
const directory = await claimDirectory(second, report);
const twins = new Map<Paired, { readonly service: Supervised; readonly port: number }>();
try {
  for (const name of PAIRED) twins.set(name, await startTwin(name));
  process.exitCode = (await rollUnderLoad()) ? 0 : 1;
} finally {
  for (const { service } of twins.values()) await service.stop();
  directory.release();
  await platform.stop();
  await wipeDirectory(first);
  await wipeDirectory(second);
}

/** A second instance of a service, which knows the same servers and secrets and listens elsewhere. */
async function startTwin(name: Paired) {
  const ports = await portsOf(platform);
  const port = await findPort();
  const plan = planService(name, {
    ports: { ...ports, [name]: port, [`${name}Metrics`]: await findPort() },
    kafkaBrokers: platform.brokers,
    databaseUrl: platform.databaseUrl,
    redisUrl: platform.redisUrl,
    secrets: keepSecrets(first),
    environment: settings,
  });
  const service = new Supervised(plan, { directory, report, onGiveUp: (error) => report(error.message) });
  await service.start();
  return { service, port };
}

async function portsOf({ api, console: consoleUrl, ledger, scoring, review }: RunningPlatform) {
  const port = (url: string) => Number(new URL(url).port);
  const metrics = await findPort();
  return {
    ingest: port(api),
    ingestMetrics: metrics,
    scoring: port(scoring),
    scoringMetrics: metrics,
    ledger: port(ledger),
    ledgerMetrics: metrics,
    review: port(review),
    reviewMetrics: metrics,
    realtime: port(consoleUrl),
    realtimeMetrics: metrics,
  };
}

async function rollUnderLoad(): Promise<boolean> {
  const twinUrl = (name: Paired) => `http://127.0.0.1:${twins.get(name)?.port}`;
  const proxies = {
    ingest: new RoundRobin([platform.api, twinUrl('ingest')]),
    scoring: new RoundRobin([platform.scoring, twinUrl('scoring')]),
    realtime: new RoundRobin([platform.console, twinUrl('realtime')]),
  };
  const mark = Date.now().toString(36);
  const headers = { authorization: `Bearer ${platform.apiKey}`, 'content-type': 'application/json' };
  const pending: string[] = [];
  const pay = async (index: number) => {
    const id = `restart-${mark}-${index}`;
    const body = payment(id, { payer: { account_id: `ACC-RESTART-${index % 200}` }, deadline_ms: DEADLINE_MS });
    const status = await proxies.ingest.ask({
      method: 'POST',
      path: '/v1/transactions',
      headers: { ...headers, 'idempotency-key': id },
      body: JSON.stringify(body),
    });
    if (status === 202) pending.push(id);
  };
  const isFinal = async (id: string) => {
    const asked = await fetch(`${platform.api}/v1/transactions/${id}`, { headers: { authorization: headers.authorization } });
    return asked.ok && ((await asked.json()) as { status: string }).status !== 'pending';
  };
  const look = () => proxies.realtime.ask({ method: 'GET', path: '/', headers: { accept: 'text/html' } });
  for (let index = 0; index < 50; index++) await pay(-1 - index); // warm, not counted below
  for (const proxy of Object.values(proxies)) proxy.forget();

  let index = 0;
  const load = setInterval(() => {
    void pay(index++);
    if (index % 4 === 0) void look();
  }, 1_000 / RATE);
  for (const name of PAIRED) {
    await proxies[name].without(0, LET_GO_MS, () => platform.restart(name));
    await proxies[name].without(1, LET_GO_MS, () => restartTwin(name));
  }
  report('restarting ledger');
  await platform.restart('ledger');
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  clearInterval(load);
  const reports = [
    ['payments', await proxies.ingest.report()] as const,
    ['pages of the console', await proxies.realtime.report()] as const,
  ];
  for (const [what, { requests, failures, maxMs }] of reports) {
    process.stdout.write(`${what}: ${requests} requests, ${failures.length} failed, longest ${Math.round(maxMs)} ms\n`);
    for (const failure of new Set(failures)) process.stdout.write(`  ${failure}\n`);
  }
  for (const id of pending) await waitUntil(`the final answer to ${id}`, () => isFinal(id));
  process.stdout.write(`answered pending first, with a final answer afterwards: ${pending.length}\n`);
  for (const proxy of Object.values(proxies)) await proxy.close();
  return reports.every(([, { requests, failures }]) => requests > 0 && failures.length === 0);
}

async function restartTwin(name: Paired): Promise<void> {
  report(`restarting the second ${name}`);
  const twin = twins.get(name);
  await twin?.service.stop();
  await twin?.service.start();
}
