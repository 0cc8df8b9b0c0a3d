import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWith } from '@trancendos/grafana/describe-with';
import { claimDirectory, type ClaimedDirectory } from './claim-directory.ts';
import { findPort } from './find-port.ts';
import { startWatchers, type Watchers, type WatcherOptions } from './start-watchers.ts';

let directory: ClaimedDirectory;
let service: Server;
let watchers: Watchers | undefined;
let reports: string[];

beforeEach(async () => {
  directory = await claimDirectory(mkdtempSync(join(tmpdir(), 'watchers-')), () => undefined);
  service = createServer((_request, response) => response.end('trx_sockets{service="realtime"} 3\n'));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  reports = [];
});

afterEach(async () => {
  await watchers?.stop();
  watchers = undefined;
  service.close();
  directory.release();
  rmSync(directory.path, { recursive: true });
});

const target = () => `127.0.0.1:${(service.address() as AddressInfo).port}`;

async function watch(options: WatcherOptions): Promise<Watchers> {
  const ports = { prometheus: await findPort(), alertmanager: await findPort() };
  const around = { directory, report: (line: string) => reports.push(line), onGiveUp: () => undefined };
  watchers = await startWatchers(around, { targets: [{ service: 'realtime', target: target() }], ports, options });
  return watchers;
}

describeWith('prometheus', 'prometheus-alertmanager')('what watches', () => {
  test('scrapes the services, knows its rules and its Alertmanager, and is gone after stop', async () => {
    const { prometheus, alertmanager } = await watch({});
    const ask = async (path: string) => JSON.stringify(await (await fetch(`${prometheus ?? ''}/api/v1/${path}`)).json());
    const deadlineMs = Date.now() + 30_000;
    while (!(await ask('query?query=trx_sockets')).includes('"3"') && Date.now() < deadlineMs) await sleep(250);
    expect(await ask('query?query=trx_sockets')).toContain('"service":"realtime"');
    expect(await ask('rules')).toContain('LedgerImbalance');
    expect(await ask('alertmanagers')).toContain(new URL(alertmanager ?? '').host);
    await watchers?.stop();
    await expect(fetch(`${prometheus ?? ''}/-/ready`)).rejects.toThrow();
  }, 60_000);

  test('wakes nobody for what follows from something that has already been told', async () => {
    const { alertmanager = '' } = await watch({});
    const page = { severity: 'page', team: 'on-call' };
    const alerts = [
      { labels: { alertname: 'ServiceDown', service: 'scoring', ...page } },
      { labels: { alertname: 'ConsumerLagHigh', group: 'scoring', ...page } },
      { labels: { alertname: 'LedgerImbalance', currency: 'EUR', ...page } },
      { labels: { alertname: 'DecisionLatencyBurnFast', slo: 'decision-latency', pace: 'fast', ...page } },
      { labels: { alertname: 'DecisionLatencyBurnSlow', slo: 'decision-latency', pace: 'slow', ...page } },
      { labels: { alertname: 'FeedFreshnessBurnSlow', slo: 'feed-freshness', pace: 'slow', ...page } },
    ];
    await fetch(`${alertmanager}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    const inhibited = async () => {
      const known = (await (await fetch(`${alertmanager}/api/v2/alerts`)).json()) as {
        labels: { alertname: string };
        status: { state: string };
      }[];
      return known.length < alerts.length
        ? undefined
        : known.filter(({ status }) => status.state === 'suppressed').map(({ labels }) => labels.alertname);
    };
    const deadlineMs = Date.now() + 20_000;
    while ((await inhibited())?.length !== 2 && Date.now() < deadlineMs) await sleep(250);
    expect((await inhibited())?.sort()).toEqual(['ConsumerLagHigh', 'DecisionLatencyBurnSlow']);
  }, 60_000);
});

test('servers that run already are used, and the targets are there for them', async () => {
  const given = { prometheusUrl: 'http://127.0.0.1:1', alertmanagerUrl: 'http://127.0.0.1:2' };
  expect(await watch(given)).toMatchObject({ prometheus: given.prometheusUrl, alertmanager: given.alertmanagerUrl });
  expect(reports).toEqual([]);
  const targets: unknown = JSON.parse(readFileSync(join(directory.path, 'prometheus', 'services.json'), 'utf8'));
  expect(targets).toEqual([{ targets: [target()], labels: { service: 'realtime' } }]);
});
