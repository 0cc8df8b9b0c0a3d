import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig } from '@trancendos/platform/config';
import type { Resource } from '@trancendos/platform/run';
import { z } from 'zod';
import { claimDirectory } from './claim-directory.ts';
import { REPOSITORY } from './config.ts';
import { planKafka } from './plan-kafka.ts';
import { planPostgres } from './plan-postgres.ts';
import { planRedis } from './plan-redis.ts';
import { probeKafka, probePostgres, probeRedis } from './probe-servers.ts';
import { settlePorts, type Ports } from './settle-ports.ts';
import { StartError } from './start-error.ts';
import { tellError } from './tell-error.ts';
import { Supervised, type ProcessPlan, type Supervision } from './supervise.ts';
import { writeBackOften } from './write-back-often.ts';

export type ServerName = 'kafka' | 'postgres' | 'redis';
export type ServerPort = 'kafka' | 'kafkaController' | 'postgres' | 'redis';

/** Addresses of servers that run already; those are not started. */
export interface GivenServers {
  readonly kafkaBrokers?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
}

export interface ServersOptions {
  /** Data, logs and pids. Made where it is missing, reused where it is there, owned by one process at a time. */
  readonly directory: string;
  readonly given?: GivenServers;
  /** Ports on 127.0.0.1; what is missing or 0 gets a free one. */
  readonly ports?: Partial<Ports>;
  /** For tests: a broker with less memory that starts faster, and files that lie unwritten for as long as the system likes. */
  readonly small?: boolean;
  /** One line for a person. */
  readonly report?: (line: string) => void;
  /** A server cannot be kept alive. */
  readonly onGiveUp?: (error: Error) => void;
  /** Breaks the start off. It means nothing once the start is done. */
  readonly signal?: AbortSignal | undefined;
}

/** The three servers, ready. `stop` stops them in reverse and frees the directory. */
export interface RunningServers extends Resource {
  /** `host:port`, several separated by commas. */
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Stops one server, to see what happens without it. Throws where it was given and not started here. */
  stopServer(name: ServerName): Promise<void>;
  /** Starts it again and resolves when it is ready. */
  startServer(name: ServerName): Promise<void>;
  /** Sends a signal to one server, as a fault would; it is started again. */
  kill(name: ServerName, signal: NodeJS.Signals): void;
}

/** Starts what is not given, side by side, and resolves when each answers in its own protocol. Throws `StartError` and leaves nothing behind. */
export async function startServers(options: ServersOptions): Promise<RunningServers> {
  const report = options.report ?? (() => undefined);
  const directory = await claimDirectory(resolve(options.directory), report);
  try {
    const ports = await settlePorts(portsOf(options.given ?? {}), options.ports ?? {});
    const around = { directory, report, onGiveUp: options.onGiveUp ?? (() => undefined), signal: options.signal };
    const servers = await startServersIn(around, { ...options, ports });
    return {
      ...servers,
      stop: async () => {
        await servers.stop();
        directory.release();
      },
    };
  } catch (error) {
    directory.release();
    throw error;
  }
}

/** The ports that servers need which are not given. */
export function portsOf(given: GivenServers): ServerPort[] {
  const needed: ServerPort[] = [];
  if (given.kafkaBrokers === undefined) needed.push('kafka', 'kafkaController');
  if (given.databaseUrl === undefined) needed.push('postgres');
  if (given.redisUrl === undefined) needed.push('redis');
  return needed;
}

/** Like `startServers`, in a directory that is claimed already and on ports that are settled. */
export async function startServersIn(around: Supervision, options: ServersOptions & { ports: Partial<Ports> }): Promise<RunningServers> {
  const { given = {}, ports, small } = options;
  await checkGiven(given);
  const directory = around.directory.path;
  const started = new Map<ServerName, Supervised>();
  const addresses = { kafkaBrokers: given.kafkaBrokers ?? '', databaseUrl: given.databaseUrl ?? '', redisUrl: given.redisUrl ?? '' };
  let writingBack: Resource | undefined;
  const bring = async (name: ServerName, plan: ProcessPlan) => {
    const server = new Supervised(plan, around);
    const begunMs = Date.now();
    started.set(name, server);
    await server.start();
    around.report(`${name} is ready after ${((Date.now() - begunMs) / 1000).toFixed(1)} s`);
  };
  const bringKafka = async (port: number, controllerPort: number) => {
    const { JAVA_HOME: javaHome } = loadConfig(JavaConfig);
    addresses.kafkaBrokers = `127.0.0.1:${port}`;
    await bring('kafka', await planKafka({ directory, jars: JARS, port, controllerPort, javaHome, small }));
  };
  const bringPostgres = async (port: number) => {
    const { plan, url, home } = await planPostgres({ directory, port, report: around.report });
    addresses.databaseUrl = url;
    if (!small) writingBack = writeBackOften([directory, home]);
    await bring('postgres', plan);
  };
  const bringRedis = async (port: number) => {
    addresses.redisUrl = `redis://127.0.0.1:${port}`;
    await bring('redis', planRedis({ directory, program: redisProgram(), port }));
  };
  const results = await Promise.allSettled([
    ...(ports.kafka && ports.kafkaController ? [bringKafka(ports.kafka, ports.kafkaController)] : []),
    ...(ports.postgres ? [bringPostgres(ports.postgres)] : []),
    ...(ports.redis ? [bringRedis(ports.redis)] : []),
  ]);
  const stop = async () => {
    await Promise.all([...started.values(), ...(writingBack ? [writingBack] : [])].map((resource) => resource.stop()));
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { ...addresses, ...controlsOf(started), stop };
}

/** Throws `StartError` naming every given server that does not answer. */
async function checkGiven({ kafkaBrokers, databaseUrl, redisUrl }: GivenServers): Promise<void> {
  const silent: string[] = [];
  const check = (variable: string, probe: Promise<void>) =>
    probe.catch((error: unknown) => {
      silent.push(`the server of ${variable} does not answer: ${tellError(error)}`);
    });
  await Promise.all([
    kafkaBrokers === undefined || check('KAFKA_BROKERS', probeKafka(kafkaBrokers)),
    databaseUrl === undefined || check('DATABASE_URL', probePostgres(databaseUrl)),
    redisUrl === undefined || check('REDIS_URL', probeRedis(redisUrl)),
  ]);
  if (silent.length > 0) throw new StartError(silent.sort().join('\n'));
}

const JARS = join(REPOSITORY, '.local', 'jars');
const JavaConfig = z.object({ JAVA_HOME: z.string().optional() });

function controlsOf(started: ReadonlyMap<ServerName, Supervised>): Pick<RunningServers, 'stopServer' | 'startServer' | 'kill'> {
  const get = (name: ServerName) => {
    const server = started.get(name);
    if (!server) throw new Error(`${name} was given, so it is not ours to stop or start`);
    return server;
  };
  return {
    stopServer: (name) => get(name).stop(),
    startServer: (name) => get(name).start(),
    kill: (name, signal) => get(name).kill(signal),
  };
}

/** The one that was fetched for this machine, else the one that is installed. */
function redisProgram(): string {
  const fetched = join(JARS, 'redis-server');
  return existsSync(fetched) ? fetched : 'redis-server';
}
