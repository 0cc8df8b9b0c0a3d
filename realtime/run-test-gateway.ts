import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Balance } from '@trancendos/contracts/balance';
import type { Resource, Scope } from '@trancendos/platform/run';
import { pino } from 'pino';
import { loadConfig } from '@trancendos/platform/config';
import { testServers } from '@trancendos/platform/testing';
import { RealtimeConfig } from './config.ts';
import { openRealtime } from './open-realtime.ts';

export const LOGIN_TOKEN = 'a-token-of-the-tests';

/** A gateway on real Kafka and Redis, with a ledger and a scoring service that answer from memory. */
export interface TestGateway {
  readonly url: string;
  /** What the ledger answers for an account. */
  readonly accounts: Map<string, Balance>;
  /** Addresses that the ledger and scoring were asked for. */
  readonly asked: string[];
  readonly failures: unknown[];
  readonly ready: () => Promise<string[]>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly port?: number;
  readonly demo?: boolean;
  readonly redisUrl?: string;
}

/** Starts a gateway on a free port, or on `port`. */
export async function runTestGateway({ port = 0, demo = false, redisUrl }: TestGatewayOptions = {}): Promise<TestGateway> {
  const servers = testServers();
  const accounts = new Map<string, Balance>();
  const asked: string[] = [];
  const neighbours = await serveNeighbours(accounts, asked);
  const appFolder = await mkdtemp(join(tmpdir(), 'console-'));
  await writeFile(join(appFolder, 'index.html'), '<!doctype html><title>Console</title><script>document.title</script>');
  const config = loadConfig(RealtimeConfig, {
    KAFKA_BROKERS: servers.kafkaBrokers.join(','),
    REDIS_URL: redisUrl ?? servers.redisUrl,
    REALTIME_PORT: String(port),
    LEDGER_URL: neighbours.url,
    SCORING_URL: neighbours.url,
    FEED_BACKFILL_ROWS: '300',
    CONSOLE_LOGIN_TOKEN: LOGIN_TOKEN,
    CONSOLE_DEMO_SESSION: String(demo),
  });
  const opened: Resource[] = [neighbours];
  const failures: unknown[] = [];
  const scope: Scope = {
    log: pino({ level: 'silent' }),
    open: async (opening) => {
      const resource = await opening;
      opened.push(resource);
      return resource;
    },
    fail: (error) => failures.push(error),
  };
  const realtime = await openRealtime(config, scope, appFolder);
  return {
    url: `http://127.0.0.1:${realtime.port}`,
    accounts,
    asked,
    failures,
    ready: realtime.ready,
    stop: async () => {
      for (const resource of opened.reverse()) await resource.stop();
      await rm(appFolder, { recursive: true });
    },
  };
}

async function serveNeighbours(accounts: ReadonlyMap<string, Balance>, asked: string[]): Promise<Resource & { readonly url: string }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const account = accounts.get(path.replace(/^\/v1\/accounts\//, '').replace(/\/transfers$/, ''));
    if (path === '/v1/model') answer(200, { name: 'luminous-1', thresholds: { review: 420, decline: 710 } });
    else if (path === '/v1/summary') answer(200, { ledger_seq: 7, currencies: [], oldest_hold_at: null, at: '2026-05-01T12:00:00.000Z' });
    else if (account === undefined) answer(404, { code: 'account_unknown' });
    else answer(200, path.endsWith('/transfers') ? { transfers: [] } : account);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
