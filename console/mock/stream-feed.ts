import type { Server as HttpServer } from 'node:http';
import type { ClientToServer, FeedItem, ServerToClient } from '@trancendos/contracts/socket';
import { Server, type Socket } from 'socket.io';
import { readMockSwitch, type MockState } from './mock-switch.ts';
import type { MockWorld } from './mock-world.ts';

const FRAME_MS = 100;
const SNAPSHOT_ROWS = 120;
const EPOCH = 'epoch_mock';

type Client = Socket<ClientToServer, ServerToClient>;

/** Sends made-up frames at `perSecond` events, as the gateway would. */
export function streamFeed(server: HttpServer, world: MockWorld, perSecond: number): void {
  const io = new Server<ClientToServer, ServerToClient>(server, { serveClient: false, destroyUpgrade: false });
  const rows: FeedItem[] = Array.from({ length: SNAPSHOT_ROWS }, (_, index) =>
    world.makeItem(Date.now() - ((SNAPSHOT_ROWS - index) * 1_000) / perSecond),
  );
  const followers = new Map<Client, readonly string[]>();
  io.use((socket, next) => next(refusalOf(readMockSwitch(socket.request).state)));
  io.on('connection', (socket: Client) => {
    const { state } = readMockSwitch(socket.request);
    socket.emit('hello', {
      v: 1,
      epoch: EPOCH,
      server_time: new Date().toISOString(),
      frame_ms: FRAME_MS,
      thresholds: { review: 420, decline: 710 },
    });
    socket.on('subscribe', () => {
      if (state === 'loading') return;
      const items = state === 'empty' ? [] : rows.slice(-SNAPSHOT_ROWS);
      socket.emit('snapshot', { epoch: EPOCH, seq: rows.at(-1)?.seq ?? 0, items, totals: world.totals(perSecond, Date.now()) });
      if (state === 'ready' || state === 'denied' || state === 'expiring') followers.set(socket, []);
    });
    socket.on('watch_accounts', ({ account_ids }) => {
      if (followers.has(socket)) followers.set(socket, account_ids);
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

function sendFrame(followers: ReadonlyMap<Client, readonly string[]>, items: FeedItem[], world: MockWorld, perSecond: number): void {
  const [first, last] = [items[0], items.at(-1)];
  if (!first || !last) return;
  const totals = world.totals(perSecond, Date.now());
  for (const [socket, watched] of followers) {
    socket.emit('frame', { epoch: EPOCH, from_seq: first.seq, to_seq: last.seq, sent: items.length, items, totals });
    for (const id of watched) {
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
