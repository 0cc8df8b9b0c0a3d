import { resolve } from 'node:path';
import type { Resource } from '@trancendos/platform/run';
import { claimDirectory, type ClaimedDirectory } from './claim-directory.ts';
import { keepSecrets } from './keep-secrets.ts';
import { planService, planTraffic, SERVICES, type ServiceSurroundings } from './plan-services.ts';
import { settlePorts, type Ports, type ServiceName } from './settle-ports.ts';
import { startWatchers, type ScrapeTarget, type WatcherOptions } from './start-watchers.ts';
import { portsOf, startServersIn, type RunningServers, type ServerName, type ServersOptions } from './start-servers.ts';
import { startLogSearch, type LogSearch } from './start-log-search.ts';
import { Supervised, type Supervision } from './supervise.ts';

/** A gigabyte of logs for each service: what 2,000 payments a second write in some ten minutes. */
const SPOOL_GENERATIONS = 64;

export interface PlatformOptions extends ServersOptions {
  /** Which services; all of them by default. */
  readonly services?: readonly ServiceName[];
  /** Payments a second of demo traffic; without it there is none. */
  readonly trafficRate?: number | undefined;
  /** Whether the logs are shipped to an Elasticsearch, and kept long enough in files to get over an outage. */
  readonly observe?: boolean;
  /** An Elasticsearch that runs already; without it one is started. */
  readonly elasticsearchUrl?: string | undefined;
  /** Prometheus and Alertmanager too; without it neither is started. */
  readonly watch?: WatcherOptions | undefined;
  /** Variables that every service gets, in addition to and above the settled ones. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where each service writes a CPU profile when it stops, in a folder of its name. */
  readonly profileFolder?: string | undefined;
  /** What services and traffic write, line breaks included. It is kept in `logs/` in any case. */
  readonly onOutput?: (name: string, chunk: Buffer) => void;
}

/** Where a running platform is found. */
export interface PlatformAddresses {
  readonly api: string;
  /** API key of merchant `sandbox`. */
  readonly apiKey: string;
  readonly console: string;
  /** The console with a sign-in. */
  readonly login: string;
  readonly ledger: string;
  readonly scoring: string;
  readonly review: string;
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Where the logs are searched, if anywhere. */
  readonly elasticsearchUrl?: string;
  /** Service to the address of its /metrics. */
  readonly metrics: Readonly<Partial<Record<ServiceName, string>>>;
  /** Undefined where they were not asked for, or are not on this machine. */
  readonly prometheus?: string | undefined;
  readonly alertmanager?: string | undefined;
}

/** A platform that is ready. `stop` stops traffic, services and servers in this order, and frees the directory. */
export interface RunningPlatform
  extends PlatformAddresses, Resource, Pick<RunningServers, 'stopServer' | 'startServer'>, Partial<Omit<LogSearch, 'stop'>> {
  /** Sends a signal to a service or server, as a fault would; it is started again. */
  kill(name: ServiceName | ServerName, signal: NodeJS.Signals): void;
  /** Stops a service in order and starts it again; resolves when it is ready. */
  restart(service: ServiceName): Promise<void>;
  /** Resolves when the service is ready, in its present life or the next one. */
  ready(service: ServiceName): Promise<void>;
}

/**
 * Starts the whole platform: the servers that are not given, the services, and demo traffic where a rate is given.
 * Resolves when every service says that it is ready. Throws `StartError` when something cannot be brought up, and leaves nothing behind.
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const report = options.report ?? (() => undefined);
  const directory = await claimDirectory(resolve(options.directory), report);
  const opened: Resource[] = [];
  const stop = async () => {
    for (let resource = opened.pop(); resource; resource = opened.pop()) await resource.stop();
    directory.release();
  };
  try {
    const parts = await startParts(directory, options, (resource) => opened.push(resource));
    return { ...parts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  directory: ClaimedDirectory,
  options: PlatformOptions,
  opened: (resource: Resource) => void,
): Promise<Omit<RunningPlatform, 'stop'>> {
  const { services = SERVICES, given = {}, report = () => undefined } = options;
  const watchPorts = watchPortsOf(options.watch);
  const metricPorts = SERVICES.map((name) => `${name}Metrics` as const);
  const names = [...portsOf(given), ...observePortsOf(options), ...watchPorts, ...SERVICES, ...metricPorts];
  const ports = (await settlePorts(names, options.ports ?? {})) as Ports;
  const secrets = keepSecrets(directory.path);
  const away = new Set<ServerName>();
  const around: Supervision = { directory, report, onGiveUp: options.onGiveUp ?? (() => undefined), signal: options.signal };
  const servers = await startServersIn(around, { ...options, ports });
  opened(servers);
  const { kafkaBrokers, databaseUrl, redisUrl } = servers;
  const { environment = {}, profileFolder } = options;
  const surroundings: ServiceSurroundings = { ports, kafkaBrokers, databaseUrl, redisUrl, secrets, environment, profileFolder };
  // A service that dies because a server was stopped on purpose is not at fault.
  const aroundServices = { ...around, onOutput: options.onOutput ?? (() => undefined), deathsCount: () => away.size === 0 };
  const logGenerations = options.observe ? SPOOL_GENERATIONS : 1;
  const supervised = new Map(
    services.map((name) => [name, new Supervised({ ...planService(name, surroundings), logGenerations }, aroundServices)]),
  );
  for (const service of [...supervised.values()].reverse()) opened(service);
  await Promise.all([...supervised.values()].map((service) => service.start()));
  const addresses = addressesOf(surroundings, services);
  const watchers = await startWatchers(around, { options: options.watch, ports, targets: targetsOf(addresses, options, ports) });
  opened(watchers);
  if (options.trafficRate !== undefined) {
    const plan = planTraffic({ api: addresses.api, secrets, directory: directory.path, rate: options.trafficRate });
    const traffic = new Supervised(plan, aroundServices);
    opened(traffic);
    await traffic.start();
  }
  const logSearch = await startObserving(around, options, ports, opened);
  const { prometheus, alertmanager } = watchers;
  return { ...addresses, prometheus, alertmanager, ...controlsOf(servers, supervised, away), ...logSearch };
}

function observePortsOf({ observe = false, elasticsearchUrl }: PlatformOptions): ('elasticsearch' | 'shipperMetrics')[] {
  if (!observe) return [];
  return elasticsearchUrl === undefined ? ['elasticsearch', 'shipperMetrics'] : ['shipperMetrics'];
}

/** After the traffic: nobody who pays waits for what only operators look at. */
async function startObserving(
  around: Supervision,
  { observe = false, elasticsearchUrl: given }: PlatformOptions,
  ports: Ports,
  opened: (resource: Resource) => void,
): Promise<Partial<Omit<LogSearch, 'stop'>>> {
  if (!observe) return {};
  const logSearch = await startLogSearch(around, { given, port: ports.elasticsearch, metricsPort: ports.shipperMetrics });
  opened(logSearch);
  const { elasticsearchUrl, shipperMetricsPort, stopElasticsearch, startElasticsearch } = logSearch;
  return { elasticsearchUrl, shipperMetricsPort, stopElasticsearch, startElasticsearch };
}

/** Ports of the watchers that are to be started. */
function watchPortsOf(watch: WatcherOptions | undefined): ('prometheus' | 'alertmanager')[] {
  if (watch === undefined) return [];
  return [
    ...(watch.prometheusUrl === undefined ? ['prometheus' as const] : []),
    ...(watch.alertmanagerUrl === undefined ? ['alertmanager' as const] : []),
  ];
}

/** The services, and what ships their logs. */
function targetsOf({ metrics }: PlatformAddresses, { observe = false }: PlatformOptions, { shipperMetrics }: Ports): ScrapeTarget[] {
  const services = Object.entries(metrics).map(([service, url]) => ({ service, target: new URL(url).host }));
  return observe ? [...services, { service: 'shipper', target: `127.0.0.1:${shipperMetrics}` }] : services;
}

function addressesOf(
  { ports, kafkaBrokers, databaseUrl, redisUrl, secrets }: ServiceSurroundings,
  services: readonly ServiceName[],
): PlatformAddresses {
  const address = (port: number) => `http://127.0.0.1:${port}`;
  return {
    api: address(ports.ingest),
    apiKey: secrets.sandboxKey,
    console: address(ports.realtime),
    login: `${address(ports.realtime)}/login?token=${secrets.loginToken}`,
    ledger: address(ports.ledger),
    scoring: address(ports.scoring),
    review: address(ports.review),
    brokers: kafkaBrokers,
    databaseUrl,
    redisUrl,
    metrics: Object.fromEntries(services.map((name) => [name, `${address(ports[`${name}Metrics`])}/metrics`])),
  };
}

function controlsOf(
  servers: RunningServers,
  services: ReadonlyMap<ServiceName, Supervised>,
  away: Set<ServerName>,
): Pick<RunningPlatform, 'kill' | 'restart' | 'ready' | 'stopServer' | 'startServer'> {
  const get = (name: ServiceName) => {
    const service = services.get(name);
    if (!service) throw new Error(`${name} was not started`);
    return service;
  };
  const isServer = (name: ServiceName | ServerName): name is ServerName => name === 'kafka' || name === 'postgres' || name === 'redis';
  return {
    kill: (name, signal) => (isServer(name) ? servers.kill(name, signal) : get(name).kill(signal)),
    restart: async (name) => {
      await get(name).stop();
      await get(name).start();
    },
    ready: (name) => get(name).ready(),
    stopServer: (name) => {
      away.add(name);
      return servers.stopServer(name);
    },
    startServer: async (name) => {
      await servers.startServer(name);
      away.delete(name);
    },
  };
}
