import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '@trancendos/grafana/find-program';
import { claimDirectory, type ClaimedDirectory } from './claim-directory.ts';
import { findPort } from './find-port.ts';
import { startWatchers, type Watchers, type WatcherOptions } from './start-watchers.ts';

const withPrograms = findProgram('prometheus') && findProgram('prometheus-alertmanager') ? describe : describe.skip;

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

withPrograms('what watches', () => {
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
});

test('servers that run already are used, and the targets are there for them', async () => {
  const given = { prometheusUrl: 'http://127.0.0.1:1', alertmanagerUrl: 'http://127.0.0.1:2' };
  expect(await watch(given)).toMatchObject({ prometheus: given.prometheusUrl, alertmanager: given.alertmanagerUrl });
  expect(reports).toEqual([]);
  const targets: unknown = JSON.parse(readFileSync(join(directory.path, 'prometheus', 'services.json'), 'utf8'));
  expect(targets).toEqual([{ targets: [target()], labels: { service: 'realtime' } }]);
});
