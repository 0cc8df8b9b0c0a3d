import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Balance } from '@trancendos/contracts/balance';
import type { Resource, Scope } from '@trancendos/platform/run';
import { pino } from 'pino';
import { loadConfig } from '@trancendos/platform/config';
import { createTestDatabase, testServers } from '@trancendos/platform/testing';
import { RealtimeConfig } from './config.ts';
import { openRealtime } from './open-realtime.ts';

export const LOGIN_TOKEN = 'a-token-of-the-tests';
/** With which the gateway signs for whom it asks. */
export const CALLER_SECRET = randomBytes(32);

/** A gateway on real Kafka and Redis, with a ledger and a scoring service that answer from memory. */
export interface TestGateway {
  readonly url: string;
  readonly databaseUrl: string;
  /** What the ledger answers for an account. */
  readonly accounts: Map<string, Balance>;
  /** Addresses that the ledger and scoring were asked for. */
  readonly asked: string[];
  /** With which headers they were asked last, by path. */
  readonly headersOf: Map<string, IncomingHttpHeaders>;
  readonly failures: unknown[];
  readonly ready: () => Promise<string[]>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly port?: number;
  readonly demo?: boolean;
  readonly redisUrl?: string;
  /** Of a database that outlives the gateway; default: a fresh one. */
  readonly databaseUrl?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a gateway on a free port, or on `port`. */
export async function runTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { port = 0, demo = false, redisUrl } = options;
  const servers = testServers();
  const accounts = new Map<string, Balance>();
  const asked: string[] = [];
  const headersOf = new Map<string, IncomingHttpHeaders>();
  const neighbours = await serveNeighbours(accounts, (path, headers) => {
    asked.push(path);
    headersOf.set(path, headers);
  });
  const appFolder = await mkdtemp(join(tmpdir(), 'console-'));
  await writeFile(join(appFolder, 'index.html'), '<!doctype html><title>Console</title><script>document.title</script>');
  const database = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const config = loadConfig(RealtimeConfig, {
    KAFKA_BROKERS: servers.kafkaBrokers.join(','),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl ?? servers.redisUrl,
    REALTIME_PORT: String(port),
    LEDGER_URL: neighbours.url,
    SCORING_URL: neighbours.url,
    FEED_BACKFILL_ROWS: '300',
    REVIEW_URL: neighbours.url,
    CALLER_KEYS: `test:${CALLER_SECRET.toString('base64')}`,
    CONSOLE_LOGIN_TOKEN: LOGIN_TOKEN,
    CONSOLE_DEMO_SESSION: String(demo),
    ...options.environment,
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
    databaseUrl,
    accounts,
    asked,
    headersOf,
    failures,
    ready: realtime.ready,
    stop: async () => {
      for (const resource of opened.reverse()) await resource.stop();
      await rm(appFolder, { recursive: true });
      await database?.drop();
    },
  };
}

async function serveNeighbours(
  accounts: ReadonlyMap<string, Balance>,
  onAsked: (path: string, headers: IncomingHttpHeaders) => void,
): Promise<Resource & { readonly url: string }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    onAsked(path, request.headers);
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const account = accounts.get(path.replace(/^\/v1\/accounts\//, '').replace(/\/transfers$/, ''));
    if (path === '/v1/model') answer(200, { name: 'luminous-1', thresholds: { review: 420, decline: 710 } });
    else if (path === '/v1/summary') answer(200, { ledger_seq: 7, currencies: [], oldest_hold_at: null, at: '2026-05-01T12:00:00.000Z' });
    else if (path.startsWith('/ledger/accounts/many/statement')) {
      response.writeHead(200, { 'content-type': 'text/csv', 'set-cookie': 'theirs=1' });
      response.end('a,b\r\n1,2\r\n');
    } else if (path === '/ledger/holds') request.socket.destroy();
    else if (path === '/ledger/batches/newest') answer(401, { code: 'caller_refused' });
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
