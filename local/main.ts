import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '@trancendos/platform/config';
import { LocalConfig, REPOSITORY } from './config.ts';
import { issueSetUpLink } from './issue-set-up-link.ts';
import { readStartOptions, type StartOptions } from './read-start-options.ts';
import { showOutput } from './show-output.ts';
import { StartError } from './start-error.ts';
import type { Ports } from './settle-ports.ts';
import type { WatcherOptions } from './start-watchers.ts';
import { startPlatform, type PlatformOptions, type RunningPlatform } from './start-platform.ts';
import { summarizeForPeople, summarizeForScripts } from './summarize.ts';

/** A Ctrl-C arrives more than once, from the terminal and through npm; only one that comes later is meant as another. */
const SAME_SIGNAL_MS = 1_000;

const options = readStartOptions(process.argv);
const begunMs = Date.now();
const say = (line: string) => void process.stderr.write(`local: ${line}\n`);
const starting = new AbortController();
let platform: RunningPlatform | undefined;
let stoppingSinceMs: number | undefined;

// Whoever reads the output may go first; that is no reason to stop out of order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(event, () => stop(event));
process.on('uncaughtException', (error) => {
  say(`a fault of the start itself: ${error.stack ?? error.message}`);
  stop('a fault', 1);
});

if (existsSync(join(REPOSITORY, '.env'))) process.loadEnvFile(join(REPOSITORY, '.env'));
try {
  const config = loadConfig(LocalConfig);
  platform = await startPlatform(platformOptions(config, options));
  if (starting.signal.aborted) await stopRunning(platform, begunMs);
  const readyAfterMs = Date.now() - begunMs;
  const signIn = { setUp: await issueSetUpLink(platform, say), isProduction: config.NODE_ENV === 'production' };
  const summary = { ...platform, ...signIn, readyAfterMs, trafficRate: options.trafficRate };
  process.stdout.write(options.json ? summarizeForScripts(summary) : summarizeForPeople(summary));
} catch (error) {
  if (stoppingSinceMs === undefined) {
    if (!(error instanceof StartError) && !(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
  process.exit();
}

/** Stops everything in order and ends the process; a second call, a while later, ends it at once and leaves the rest to the guard. */
function stop(cause: string, exitCode = 0): void {
  if (stoppingSinceMs !== undefined) {
    if (Date.now() - stoppingSinceMs > SAME_SIGNAL_MS) process.exit(130);
    return;
  }
  stoppingSinceMs = Date.now();
  say(`stopping (${cause})`);
  process.exitCode = exitCode;
  if (platform) void stopRunning(platform, stoppingSinceMs);
  else starting.abort();
}

async function stopRunning(running: RunningPlatform, sinceMs: number): Promise<void> {
  await running.stop();
  say(`stopped after ${((Date.now() - sinceMs) / 1000).toFixed(1)} s`);
  process.exit();
}

function platformOptions(config: LocalConfig, { trafficRate, observe }: StartOptions): PlatformOptions {
  return {
    directory: config.LOCAL_DIR,
    given: { kafkaBrokers: config.KAFKA_BROKERS, databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL },
    ports: portsOf(config),
    trafficRate,
    observe,
    elasticsearchUrl: config.ELASTICSEARCH_URL,
    watch: observe ? watchersOf(config) : undefined,
    environment: {
      LOG_FORMAT: 'json', // the files are for machines; a person is shown text
      CONSOLE_DEMO_SESSION: String(config.CONSOLE_DEMO_SESSION && config.NODE_ENV !== 'production'),
      ...(config.CONSOLE_LOGIN_TOKEN !== undefined && { CONSOLE_LOGIN_TOKEN: config.CONSOLE_LOGIN_TOKEN }),
      LEDGER_OPENING_CREDIT_MINOR: String(config.LEDGER_OPENING_CREDIT_MINOR),
    },
    report: say,
    onOutput: outputOf(config),
    onGiveUp: (error) => {
      say(error.message);
      stop('a process cannot be kept running', 1);
    },
    signal: starting.signal,
  };
}

function outputOf({ LOG_FORMAT: format }: LocalConfig): (name: string, chunk: Buffer) => void {
  const { stderr } = process;
  if ((format ?? (stderr.isTTY ? 'pretty' : 'json')) === 'json') return (_name, chunk) => void stderr.write(chunk);
  return showOutput({ write: (text) => void stderr.write(text), colour: stderr.isTTY });
}

function watchersOf(config: LocalConfig): WatcherOptions {
  return {
    prometheusUrl: config.PROMETHEUS_URL,
    alertmanagerUrl: config.ALERTMANAGER_URL,
    onCallUrl: config.ALERT_ON_CALL_URL,
    riskUrl: config.ALERT_RISK_MANAGERS_URL,
  };
}

function portsOf(config: LocalConfig): Ports {
  return {
    kafka: config.LOCAL_KAFKA_PORT,
    kafkaController: config.LOCAL_KAFKA_CONTROLLER_PORT,
    postgres: config.LOCAL_POSTGRES_PORT,
    redis: config.LOCAL_REDIS_PORT,
    elasticsearch: config.LOCAL_ELASTICSEARCH_PORT,
    shipperMetrics: config.SHIPPER_METRICS_PORT,
    prometheus: config.LOCAL_PROMETHEUS_PORT,
    alertmanager: config.LOCAL_ALERTMANAGER_PORT,
    ingest: config.INGEST_PORT,
    ingestMetrics: config.INGEST_METRICS_PORT,
    scoring: config.SCORING_PORT,
    scoringMetrics: config.SCORING_METRICS_PORT,
    ledger: config.LEDGER_PORT,
    ledgerMetrics: config.LEDGER_METRICS_PORT,
    review: config.REVIEW_PORT,
    reviewMetrics: config.REVIEW_METRICS_PORT,
    realtime: config.REALTIME_PORT,
    realtimeMetrics: config.REALTIME_METRICS_PORT,
  };
}
