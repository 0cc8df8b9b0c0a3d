import type { Server as HttpServer } from 'node:http';
import type { ClientToServer, FeedItem, ServerToClient } from '@trancendos/contracts/socket';
import { Server, type Socket } from 'socket.io';
import { MockRoom } from './mock-room.ts';
import { readMockSwitch, type MockState } from './mock-switch.ts';
import type { MockWorld } from './mock-world.ts';

const FRAME_MS = 100;
const SNAPSHOT_ROWS = 120;
const EPOCH = 'epoch_mock';

type Client = Socket<ClientToServer, ServerToClient>;

/** A client with its room, and the accounts that it follows. */
interface Follower {
  room: MockRoom;
  accountIds: readonly string[];
}

/** Sends made-up frames at `perSecond` events, as the gateway would. */
export function streamFeed(server: HttpServer, world: MockWorld, perSecond: number): void {
  const io = new Server<ClientToServer, ServerToClient>(server, { serveClient: false, destroyUpgrade: false });
  const rows: FeedItem[] = Array.from({ length: SNAPSHOT_ROWS }, (_, index) =>
    world.makeItem(Date.now() - ((SNAPSHOT_ROWS - index) * 1_000) / perSecond),
  );
  const followers = new Map<Client, Follower>();
  io.use((socket, next) => next(refusalOf(readMockSwitch(socket.request).state)));
  io.on('connection', (socket: Client) => {
    const { state } = readMockSwitch(socket.request);
    socket.emit('hello', {
      v: 2,
      epoch: EPOCH,
      server_time: new Date().toISOString(),
      frame_ms: FRAME_MS,
      thresholds: { review: 420, decline: 710 },
    });
    socket.on('subscribe', ({ filter }) => {
      if (state === 'loading') return;
      const items = state === 'empty' ? [] : rows.slice(-SNAPSHOT_ROWS);
      const room = new MockRoom(filter);
      socket.emit('snapshot', room.snapshot(items, world.totals(perSecond, Date.now(), true)));
      if (state === 'ready' || state === 'denied' || state === 'expiring')
        followers.set(socket, { room, accountIds: followers.get(socket)?.accountIds ?? [] });
    });
    socket.on('watch_accounts', ({ account_ids }) => {
      const follower = followers.get(socket);
      if (follower) follower.accountIds = account_ids;
      for (const id of account_ids) {
        const balance = world.ledger.balance(id);
        if (balance) socket.emit('balance', balance);
      }
    });
    socket.on('disconnect', () => followers.delete(socket));
  });
  let due = 0;
  setInterval(() => {
    due += (perSecond * FRAME_MS) / 1_000;
    const made = Array.from({ length: Math.floor(due) }, () => world.makeItem(Date.now()));
    due -= made.length;
    if (made.length === 0) return;
    rows.push(...made);
    rows.splice(0, rows.length - SNAPSHOT_ROWS);
    sendFrame(followers, made, world, perSecond);
  }, FRAME_MS).unref();
}

function sendFrame(followers: ReadonlyMap<Client, Follower>, rows: FeedItem[], world: MockWorld, perSecond: number): void {
  const totals = world.totals(perSecond, Date.now());
  for (const [socket, { room, accountIds }] of followers) {
    const frame = room.frame(rows, totals);
    if (frame) socket.emit('frame', frame);
    for (const id of accountIds) {
      const balance = world.ledger.balance(id);
      if (balance) socket.emit('balance', balance);
    }
  }
}

function refusalOf(state: MockState): Error | undefined {
  if (state !== 'signed-out' && state !== 'offline') return undefined;
  const code = state === 'signed-out' ? 'session_missing' : 'session_store_away';
  return Object.assign(new Error(code), { data: { code } });
}
