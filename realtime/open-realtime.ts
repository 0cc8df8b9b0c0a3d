import { join } from 'node:path';
import { FEED_VERSION, type Hello } from '@trancendos/contracts/socket';
import { nowMs, toInstant } from '@trancendos/platform/clock';
import type { Received } from '@trancendos/platform/consume';
import { newId } from '@trancendos/platform/new-id';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectRedis } from '@trancendos/platform/redis';
import type { Resource, Scope } from '@trancendos/platform/run';
import { BalanceBoard } from './balance-board.ts';
import { BalanceRelay } from './balance-relay.ts';
import type { RealtimeConfig } from './config.ts';
import { EventIntake } from './event-intake.ts';
import { FeedRing } from './feed-ring.ts';
import { FeedRooms } from './feed-rooms.ts';
import { followRevocations } from './follow-revocations.ts';
import { followSummary } from './follow-summary.ts';
import { followThresholds } from './follow-thresholds.ts';
import { LedgerReader } from './ledger-reader.ts';
import { LogPosition } from './log-position.ts';
import { readEvents } from './read-events.ts';
import { ScopeTotals } from './scope-totals.ts';
import { FRAME_MS } from './room-audience.ts';
import { FeedServer, type SocketClient } from './serve-feed.ts';
import { serveGateway } from './serve-gateway.ts';
import { openAccess } from './open-access.ts';

const BALANCE_FLUSH_MS = 50;
/** Twenty seconds at the highest rate: whoever comes back within them misses nothing. */
const RING_ROWS = 40_000;
const ACCOUNTS_MAX = 20_000;

export interface Realtime {
  readonly port: number;
  /** Names of the parts that are not ready. */
  readonly ready: () => Promise<string[]>;
}

/** Opens the parts of realtime in order, on `scope`, and takes consoles when it resolves. `appFolder` is where the built console is. */
export async function openRealtime(config: RealtimeConfig, scope: Scope, appFolder = builtConsole()): Promise<Realtime> {
  const { log } = scope;
  const epoch = newId('epoch');
  const redis = await scope.open(connectRedis({ url: config.REDIS_URL, log }));
  const ledger = new LedgerReader(config.LEDGER_URL);
  const access = await openAccess(config, redis.client, scope);
  const board = new BalanceBoard(ACCOUNTS_MAX);
  const hello = (): Hello => ({
    v: FEED_VERSION,
    epoch,
    server_time: toInstant(nowMs()),
    frame_ms: FRAME_MS,
    thresholds: thresholds.current(),
  });
  const feed = new FeedServer({ ...access, hello, balanceOf: (accountId) => readBalance(board, ledger, accountId) });
  const thresholds = await scope.open(followThresholds(config.SCORING_URL, () => feed.greetAgain()));
  const reviewFrom = () => thresholds.current().review;
  const { rooms, reading } = await fillFeed({ config, epoch, board, feed, ledger, reviewFrom }, scope);

  const parts = { ...access, appFolder };
  const gateway = await scope.open(serveGateway({ host: config.LISTEN_HOST, port: config.REALTIME_PORT, parts, log }));
  feed.open(gateway.server, rooms);
  await scope.open(feed);
  await scope.open(followRevocations({ url: config.REDIS_URL, log }, (sessionKey) => feed.endConnections(sessionKey)));
  log.info({ port: gateway.port, epoch }, 'taking consoles');
  const ready = async () => {
    const redisAnswers = await redis.client.ping().then(
      () => true,
      () => false,
    );
    return [...(reading() ? [] : ['outcomes']), ...(redisAnswers ? [] : ['redis'])];
  };
  return { port: gateway.port, ready };
}

interface FeedParts {
  readonly config: RealtimeConfig;
  readonly epoch: string;
  readonly board: BalanceBoard;
  readonly feed: FeedServer;
  readonly ledger: LedgerReader;
  readonly reviewFrom: () => number;
}

/** What turns events into frames and balances, running when it resolves. */
async function fillFeed({ config, epoch, board, feed, ledger, reviewFrom }: FeedParts, scope: Scope) {
  const ring = new FeedRing(RING_ROWS);
  const summary = await scope.open(followSummary(() => ledger.summary(), nowMs));
  const totals = new ScopeTotals({ ring, ledgerSummary: (now) => summary.current(now) });
  const relay = new BalanceRelay((balance) => feed.sendBalance(balance));
  const position = new LogPosition({ outcomes: { least: config.FEED_BACKFILL_ROWS, most: RING_ROWS } });
  const intake = new EventIntake({ ring, totals, board, relay, position, isFollowed: (accountId) => feed.isFollowed(accountId) });
  const log = { first: () => position.firstOf('outcomes'), next: () => position.nextOf('outcomes') };
  const rooms = new FeedRooms<SocketClient>({ epoch, ring, log, totals, audience: feed, reviewFrom });
  const take = (batch: readonly Received<'outcomes' | 'balances'>[]) => {
    for (const { topic, correlationId } of batch) scope.log.debug({ correlationId, event: 'event-taken', topic }, 'taken into the feed');
    return intake.take(batch, nowMs());
  };
  const { reading } = await readEvents({ config, epoch, position, take }, scope);
  await scope.open(every(FRAME_MS, () => rooms.tick(nowMs())));
  await scope.open(every(BALANCE_FLUSH_MS, () => relay.flush(nowMs())));
  return { rooms, reading };
}

/** The last value of an account: from memory where it moved lately, else from the ledger. */
async function readBalance(board: BalanceBoard, ledger: LedgerReader, accountId: string) {
  if (!board.get(accountId)) {
    const asked = await ledger.balance(accountId);
    if (asked) board.put(asked);
  }
  return board.get(accountId);
}

function every(intervalMs: number, act: () => void): Resource {
  const timer = setInterval(act, intervalMs);
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}

function builtConsole(): string {
  return join(packageRoot(import.meta.dirname), '..', 'console', 'dist', 'app');
}
