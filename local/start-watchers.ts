import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { findProgram } from '@trancendos/grafana/find-program';
import { toYaml } from '@trancendos/grafana/render-files';
import { renderNotifications, webhookIntegrations } from '@trancendos/grafana/render-notifications';
import { renderPrometheus } from '@trancendos/grafana/render-prometheus';
import type { Resource } from '@trancendos/platform/run';
import { REPOSITORY } from './config.ts';
import { Supervised, type ProcessPlan, type Supervision } from './supervise.ts';

export interface WatcherOptions {
  /** Servers that run already; those are not started. */
  readonly prometheusUrl?: string | undefined;
  readonly alertmanagerUrl?: string | undefined;
  /** Addresses that get every notification as JSON; without them alerts only show up on Alertmanager's page. */
  readonly onCallUrl?: string | undefined;
  readonly riskUrl?: string | undefined;
}

/** What is scraped: a service and `host:port` of its metrics. */
export interface ScrapeTarget {
  readonly service: string;
  readonly target: string;
}

/** Where the watchers are; undefined where one could not be started. */
export interface Watchers extends Resource {
  readonly prometheus: string | undefined;
  readonly alertmanager: string | undefined;
}

export interface WatcherParts {
  readonly targets: readonly ScrapeTarget[];
  readonly ports: { readonly prometheus: number; readonly alertmanager: number };
  /** Undefined where nobody asked to be watched: nothing is started then. */
  readonly options: WatcherOptions | undefined;
}

const SCRAPE_EVERY_SECONDS = 5;
const RETENTION = '15d';
const PROBE_TIMEOUT_MS = 2_000;
const WITHOUT = 'install the packages prometheus and prometheus-alertmanager, or set PROMETHEUS_URL and ALERTMANAGER_URL';

/**
 * Starts Alertmanager and Prometheus beside a running platform, wired to its metrics, with their data in the directory of the run. What is
 * not on this machine, or does not start, is left out, and said: nothing that watches stops the platform.
 */
export async function startWatchers(around: Supervision, parts: WatcherParts): Promise<Watchers> {
  const { options, ports } = parts;
  if (options === undefined) return { prometheus: undefined, alertmanager: undefined, stop: () => Promise.resolve() };
  const directory = around.directory.path;
  const quiet: Supervision = { ...around, onGiveUp: (error) => around.report(error.message) };
  const started: Supervised[] = [];
  /** The address of what now runs. */
  const bring = async (plan: ProcessPlan | undefined, port: number): Promise<string | undefined> => {
    if (plan === undefined) return undefined;
    const server = new Supervised(plan, quiet);
    started.unshift(server);
    return server.start().then(
      () => addressOf(port),
      () => undefined, // said already
    );
  };
  writeTargets(directory, parts.targets);
  const alertmanager = options.alertmanagerUrl ?? (await bring(planAlerting(directory, ports.alertmanager, options), ports.alertmanager));
  const prometheus = options.prometheusUrl ?? (await bring(planPrometheus(directory, parts, alertmanager), ports.prometheus));
  if (prometheus === undefined || alertmanager === undefined) around.report(`not everything that watches runs here: ${WITHOUT}`);
  return {
    prometheus,
    alertmanager,
    async stop() {
      for (const server of started) await server.stop();
    },
  };
}

const discoveryOf = (targets: readonly ScrapeTarget[]) =>
  targets.map(({ service, target }) => ({ targets: [target], labels: { service } }));

/** For a Prometheus that runs elsewhere: the targets as a file that it can discover them by (`file_sd_configs`). */
function writeTargets(directory: string, targets: readonly ScrapeTarget[]): void {
  mkdirSync(join(directory, 'prometheus'), { recursive: true });
  writeFileSync(join(directory, 'prometheus', 'services.json'), `${JSON.stringify(discoveryOf(targets), undefined, 2)}\n`);
}

/** Undefined where the program is not here. */
function planPrometheus(directory: string, { targets, ports }: WatcherParts, alertmanager: string | undefined): ProcessPlan | undefined {
  const folder = join(directory, 'prometheus');
  const config = renderPrometheus({
    scrapeIntervalSeconds: SCRAPE_EVERY_SECONDS,
    ruleFiles: [join(REPOSITORY, 'grafana', 'prometheus', 'rules', '*.yml')],
    services: { static_configs: discoveryOf(targets) },
    alertmanagers: { static_configs: alertmanager === undefined ? [] : [{ targets: [new URL(alertmanager).host] }] },
    self: `127.0.0.1:${ports.prometheus}`,
  });
  writeFileSync(join(folder, 'prometheus.yml'), toYaml(config));
  const program = findProgram('prometheus');
  if (program === undefined) return undefined;
  const settings = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--storage.tsdb.retention.time=${RETENTION}`,
  ];
  return planOf('prometheus', program, settings, ports.prometheus);
}

function planAlerting(directory: string, port: number, { onCallUrl, riskUrl }: WatcherOptions): ProcessPlan | undefined {
  const program = findProgram('prometheus-alertmanager');
  if (program === undefined) return undefined;
  const folder = join(directory, 'alertmanager');
  mkdirSync(folder, { recursive: true });
  const config = renderNotifications({ integrations: webhookIntegrations({ onCall: onCallUrl, risk: riskUrl }) });
  writeFileSync(join(folder, 'alertmanager.yml'), toYaml(config));
  const settings = [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    '--cluster.listen-address=',
  ];
  return planOf('alertmanager', program, settings, port);
}

function planOf(name: string, command: string, settings: readonly string[], port: number): ProcessPlan {
  return {
    name,
    command,
    args: [...settings, `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'],
    probe: () => probeReady(port),
    readyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 20_000,
  };
}

const addressOf = (port: number): string => `http://127.0.0.1:${port}`;

async function probeReady(port: number): Promise<void> {
  const { statusCode, body } = await request(`${addressOf(port)}/-/ready`, {
    headersTimeout: PROBE_TIMEOUT_MS,
    bodyTimeout: PROBE_TIMEOUT_MS,
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`not ready (${statusCode})`);
}
