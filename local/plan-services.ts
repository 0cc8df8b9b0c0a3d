import { join } from 'node:path';
import { REPOSITORY } from './config.ts';
import type { LocalSecrets } from './keep-secrets.ts';
import nodeFlags from './node-flags.json' with { type: 'json' };
import { probeService } from './probe-servers.ts';
import type { ServiceName } from './settle-ports.ts';
import type { ProcessPlan } from './supervise.ts';

/** What services are told about the machine that they run on. */
export interface ServiceSurroundings {
  readonly ports: Readonly<Record<ServiceName | `${ServiceName}Metrics`, number>>;
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly secrets: LocalSecrets;
  /** Overrides, for every service. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where each service writes a CPU profile when it stops, if anywhere. */
  readonly profileFolder?: string | undefined;
}

/** In the order in which they stop: what takes work in first, what finishes it last. */
export const SERVICES = ['ingest', 'scoring', 'ledger', 'review', 'realtime'] as const satisfies readonly ServiceName[];

/** Enough money for the demo's people to shop for years. */
const OPENING_CREDIT_MINOR = 10_000_000;
/** More than one machine answers: whoever measures with a single key is not held up by its limit. */
const KEY_RATE_PER_SECOND = 20_000;
/** A machine that runs everything, and may be importing history meanwhile, gets more time for its answers than the default of production. */
const DEADLINE_MS = 2_000;
/** Nobody waits for these by the millisecond: where processors are short, answers to merchants come first, then what a console shows. */
const NICENESS: Partial<Record<ServiceName, number>> = { realtime: 5, review: 10 };

/**
 * Nobody waits for what scoring has missed when it comes back, and everybody for the answers that are due meanwhile. With it killed at 500/s
 * 180 to 460 of 10,000 answers were late or refused without this, 47 to 66 with it, and it caught up nearly as soon.
 */
const AFTER_RESTART: Partial<Record<ServiceName, NonNullable<ProcessPlan['afterRestart']>>> = { scoring: { niceness: 4, forMs: 15_000 } };

/**
 * How one of our services is started: its built `main.js`, with its whole environment. Node's flags: requests and messages die young, so the
 * nursery is large; the others are explained in ARCHITECTURE.md. The images have the same but those for one machine: everything is collected
 * when the old space has grown to ten times what lives in it, not to four, and the first time at 512 MB, because what lived while a service
 * started says little. That takes both processors of a small machine for a tenth of a second, and makes a hundred answers late; the memory of
 * a container is measured out.
 */
export function planService(name: ServiceName, around: ServiceSurroundings): ProcessPlan {
  const metricsPort = around.ports[`${name}Metrics`];
  const { profileFolder } = around;
  const afterRestart = AFTER_RESTART[name];
  const profiling = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profileFolder, name)}`];
  return {
    name,
    command: process.execPath,
    args: [...nodeFlags.everywhere, ...nodeFlags.onOneMachine, ...profiling, join(REPOSITORY, name, 'dist', 'main.js')],
    environment: environmentOf(around),
    channel: true,
    niceness: NICENESS[name] ?? 0,
    ...(afterRestart && { afterRestart }),
    probe: () => probeService(metricsPort),
    readyWithinMs: 120_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 25_000,
  };
}

export interface TrafficSurroundings {
  readonly api: string;
  readonly secrets: LocalSecrets;
  readonly directory: string;
  readonly rate: number;
}

/** The demo traffic, which is ready as soon as it runs. */
export function planTraffic({ api, secrets, directory, rate }: TrafficSurroundings): ProcessPlan {
  const options = ['--api', api, '--keys', secrets.demoKeysFile, '--state', join(directory, 'traffic.json'), '--rate', String(rate)];
  return {
    name: 'traffic',
    command: process.execPath,
    args: ['--enable-source-maps', join(REPOSITORY, 'local', 'dist', 'send-traffic.js'), ...options],
    environment: { NODE_OPTIONS: undefined },
    channel: true,
    probe: () => Promise.resolve(),
    readyWithinMs: 10_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
  };
}

function environmentOf({
  ports,
  kafkaBrokers,
  databaseUrl,
  redisUrl,
  secrets,
  environment,
}: ServiceSurroundings): Record<string, string | undefined> {
  return {
    NODE_OPTIONS: undefined, // those of a test run or a debugger are for this process
    KAFKA_BROKERS: kafkaBrokers,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    INGEST_PORT: String(ports.ingest),
    INGEST_METRICS_PORT: String(ports.ingestMetrics),
    SCORING_PORT: String(ports.scoring),
    SCORING_METRICS_PORT: String(ports.scoringMetrics),
    LEDGER_PORT: String(ports.ledger),
    LEDGER_METRICS_PORT: String(ports.ledgerMetrics),
    REVIEW_PORT: String(ports.review),
    REVIEW_METRICS_PORT: String(ports.reviewMetrics),
    REALTIME_PORT: String(ports.realtime),
    REALTIME_METRICS_PORT: String(ports.realtimeMetrics),
    LEDGER_URL: `http://127.0.0.1:${ports.ledger}`,
    SCORING_URL: `http://127.0.0.1:${ports.scoring}`,
    REVIEW_URL: `http://127.0.0.1:${ports.review}`,
    API_KEYS_FILE: secrets.apiKeysFile,
    INGEST_SEALING_KEY: secrets.sealingKey,
    CALLER_KEYS: secrets.callerKeys,
    INGEST_DEADLINE_MS: String(DEADLINE_MS),
    INGEST_KEY_RATE_PER_SECOND: String(KEY_RATE_PER_SECOND),
    INGEST_KEY_BURST: String(2 * KEY_RATE_PER_SECOND),
    CONSOLE_LOGIN_TOKEN: secrets.loginToken,
    CONSOLE_DEMO_SESSION: 'true',
    WEBHOOKS_ALLOW_LOOPBACK: 'true',
    LEDGER_OPENING_CREDIT_MINOR: String(OPENING_CREDIT_MINOR),
    ...environment,
  };
}
