import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Subscribe, WatchAccounts, type ClientToServer, type Hello, type ServerToClient } from '@trancendos/contracts/socket';
import type { Balance } from '@trancendos/contracts/balance';
import { nowMs } from '@trancendos/platform/clock';
import { metrics } from '@trancendos/platform/metrics';
import type { Resource } from '@trancendos/platform/run';
import { Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import { isOwnOrigin } from './check-origin.ts';
import type { FeedChannel, FeedClient, FeedMessage, LiveAudience } from './feed-channel.ts';
import { MessageBudget } from './message-budget.ts';
import { readSessionCookie, type CookieOptions } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

interface SocketData {
  sessionKey: string;
}
type ConsoleServer = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
type ConsoleSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

export interface FeedServerOptions {
  readonly sessions: Sessions;
  readonly cookie: CookieOptions;
  readonly hosts: readonly string[];
  readonly hello: () => Hello;
  /** The present balance of an account; undefined where there is none. */
  readonly balanceOf: (accountId: string) => Promise<Balance | undefined>;
}

/** Why a console is not let in, as `data.code` of its connection error. */
type RefusedHandshake = 'session_missing' | 'session_store_away';

const LIVE_ROOM = 'live';
const SOCKETS_MAX = 2_000;
/** A console asks for accounts, not for files. */
const MESSAGE_BYTES_MAX = 8_192;
const SESSION_CHECK_MS = 30_000;

/** The consoles that are connected, and how to reach them. */
export class FeedServer implements Resource, LiveAudience<SocketClient> {
  readonly #options: FeedServerOptions;
  readonly #io: ConsoleServer;
  #sessionCheck: NodeJS.Timeout | undefined;

  constructor(options: FeedServerOptions) {
    this.#options = options;
    this.#io = new Server({
      transports: ['websocket'],
      perMessageDeflate: false,
      httpCompression: false,
      serveClient: false,
      maxHttpBufferSize: MESSAGE_BYTES_MAX,
      pingInterval: 10_000,
      pingTimeout: 10_000,
      connectTimeout: 5_000,
      allowRequest: (request, decide) => decide(null, this.#isWelcome(request)),
    });
  }

  /** Takes consoles on `server` and feeds them from `channel`. */
  open(server: HttpServer, channel: FeedChannel<SocketClient>): void {
    this.#io.use((socket, next) => void this.#authenticate(socket).then((refused) => next(refused && refusedHandshake(refused))));
    this.#io.on('connection', (socket) => this.#welcome(socket, channel));
    this.#io.attach(server);
    this.#sessionCheck = setInterval(() => void this.#endLapsedSessions(), SESSION_CHECK_MS);
  }

  add(client: SocketClient): void {
    void client.socket.join(LIVE_ROOM);
  }

  remove(client: SocketClient): void {
    void client.socket.leave(LIVE_ROOM);
  }

  /** Encoded once, however many consoles there are. */
  broadcast({ event, message }: FeedMessage): void {
    const live = this.#io.to(LIVE_ROOM);
    if (event === 'frame') live.emit('frame', message);
    else live.emit('snapshot', message);
  }

  /** Says hello again to everybody: the thresholds have changed. */
  greetAgain(): void {
    this.#io.emit('hello', this.#options.hello());
  }

  isFollowed(accountId: string): boolean {
    return this.#io.sockets.adapter.rooms.has(accountRoom(accountId));
  }

  sendBalance(balance: Balance): void {
    this.#io.to(accountRoom(balance.account_id)).emit('balance', balance);
  }

  /** Ends the connections of a session; their pages see that nobody is signed in. */
  endConnections(sessionKey: string): void {
    this.#io.in(sessionRoom(sessionKey)).disconnectSockets(true);
  }

  async stop(): Promise<void> {
    clearInterval(this.#sessionCheck);
    this.#io.engine.close();
    await new Promise((resolve) => setImmediate(resolve)); // the close frames go out before the HTTP server is closed
  }

  #isWelcome({ headers }: IncomingMessage): boolean {
    const fetchSite = headers['sec-fetch-site'];
    const from = { host: headers.host, origin: headers.origin, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined };
    return this.#io.engine.clientsCount < SOCKETS_MAX && isOwnOrigin(from, this.#options.hosts);
  }

  async #authenticate(socket: ConsoleSocket): Promise<RefusedHandshake | undefined> {
    const { sessions, cookie } = this.#options;
    const answer = await sessions.find(readSessionCookie(socket.handshake.headers.cookie, cookie));
    if (answer.kind === 'unavailable') return 'session_store_away';
    if (answer.kind === 'missing') return 'session_missing';
    socket.data.sessionKey = answer.key;
    return undefined;
  }

  #welcome(socket: ConsoleSocket, channel: FeedChannel<SocketClient>): void {
    const client = new SocketClient(socket);
    const budget = new MessageBudget();
    /** A console that says what the protocol does not know, or too much, is not one of ours. */
    const understand = <T>(schema: z.ZodType<T>, message: unknown, act: (message: T) => void) => {
      const parsed = schema.safeParse(message);
      if (parsed.success && budget.spend(nowMs())) act(parsed.data);
      else socket.disconnect(true);
    };
    void socket.join(sessionRoom(socket.data.sessionKey));
    metrics.sockets.set(this.#io.engine.clientsCount);
    socket.on('subscribe', (message) => understand(Subscribe, message, (request) => channel.subscribe(client, request, nowMs())));
    socket.on('watch_accounts', (message) => understand(WatchAccounts, message, (request) => void this.#follow(socket, request)));
    socket.on('disconnect', () => {
      channel.unsubscribe(client);
      metrics.sockets.set(this.#io.engine.clientsCount);
    });
    socket.emit('hello', this.#options.hello());
  }

  async #follow(socket: ConsoleSocket, { account_ids: accountIds }: WatchAccounts): Promise<void> {
    for (const room of [...socket.rooms]) if (room.startsWith(accountRoom(''))) await socket.leave(room);
    // Followed first, asked second: a change in between is sent twice rather than missed, and the version tells which is newer.
    for (const accountId of accountIds) await socket.join(accountRoom(accountId));
    await Promise.all(
      accountIds.map(async (accountId) => {
        const balance = await this.#options.balanceOf(accountId);
        if (balance && socket.connected) socket.emit('balance', balance);
      }),
    );
  }

  async #endLapsedSessions(): Promise<void> {
    const keys = new Set([...this.#io.sockets.sockets.values()].map(({ data }) => data.sessionKey));
    for (const key of keys) {
      const { kind } = await this.#options.sessions.findByKey(key);
      if (kind === 'missing') this.endConnections(key);
    }
  }
}

/** One connected console. */
export class SocketClient implements FeedClient {
  readonly socket: ConsoleSocket;

  constructor(socket: ConsoleSocket) {
    this.socket = socket;
  }

  send({ event, message }: FeedMessage): void {
    if (event === 'frame') this.socket.emit('frame', message);
    else this.socket.emit('snapshot', message);
  }

  /** Packets that the engine holds because the connection takes none: its transport is writable again only when the kernel has taken all. */
  backlog(): number {
    return (this.socket.conn as unknown as { readonly writeBuffer: readonly unknown[] }).writeBuffer.length;
  }
}

const accountRoom = (accountId: string) => `account ${accountId}`;
const sessionRoom = (sessionKey: string) => `session ${sessionKey}`;

function refusedHandshake(code: RefusedHandshake): Error {
  return Object.assign(new Error(code), { data: { code } });
}
