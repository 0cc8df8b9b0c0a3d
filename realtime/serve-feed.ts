import type { IncomingMessage, Server as HttpServer } from 'node:http';
import * as messages from '@trancendos/contracts/socket';
import type { ClientToServer, Hello, ServerToClient } from '@trancendos/contracts/socket';
import type { Balance } from '@trancendos/contracts/balance';
import { nowMs } from '@trancendos/platform/clock';
import { metrics } from '@trancendos/platform/metrics';
import type { Resource } from '@trancendos/platform/run';
import { Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import { isOwnOrigin } from './check-origin.ts';
import { feedAdapter } from './feed-adapter.ts';
import type { FeedAudience, FeedClient, FeedMessage } from './feed-client.ts';
import type { FeedRooms } from './feed-rooms.ts';
import { MessageBudget } from './message-budget.ts';
import { coversAccount, roomScopeOf, type RoomScope } from './room-scope.ts';
import { readSessionCookie, type CookieOptions } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

interface SocketData {
  sessionKey: string;
  scope: RoomScope;
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

const SOCKETS_MAX = 2_000;
/** A console asks for accounts, not for files. */
const MESSAGE_BYTES_MAX = 8_192;
/** With the reading of it, a session that has ended elsewhere loses its connections within two seconds. */
const SESSION_CHECK_MS = 1_500;
const SESSIONS_AT_A_TIME = 100;
const RECOVERY_MS = 60_000;

/** The consoles that are connected, and how to reach them. */
export class FeedServer implements Resource, FeedAudience<SocketClient> {
  readonly #options: FeedServerOptions;
  readonly #io: ConsoleServer;
  #sessionCheck: NodeJS.Timeout | undefined;
  #isChecking = false;

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
      connectionStateRecovery: { maxDisconnectionDuration: RECOVERY_MS, skipMiddlewares: false },
      adapter: feedAdapter((rooms) => this.#mayRecover(rooms)),
      allowRequest: (request, decide) => decide(null, this.#isWelcome(request)),
    });
  }

  /** Takes consoles on `server` and feeds them from `rooms`. */
  open(server: HttpServer, rooms: FeedRooms<SocketClient>): void {
    this.#io.use((socket, next) => void this.#authenticate(socket).then((refused) => next(refused && refusedHandshake(refused))));
    this.#io.on('connection', (socket) => void this.#welcome(socket, rooms));
    this.#io.attach(server);
    this.#sessionCheck = setInterval(() => void this.#endLapsedSessions(), SESSION_CHECK_MS);
  }

  join(client: SocketClient, group: string): void {
    void client.socket.join(group);
  }

  leave(client: SocketClient, group: string): void {
    void client.socket.leave(group);
  }

  /** Encoded once, however many consoles there are. */
  broadcast(group: string, { event, message }: FeedMessage): void {
    untyped(this.#io.to(group)).emit(event, message);
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

  /** What a connection missed is given only to a session that still lives. */
  async #mayRecover(rooms: readonly string[]): Promise<boolean> {
    const key = rooms.find((room) => room.startsWith(sessionRoom('')))?.slice(sessionRoom('').length);
    return key !== undefined && (await this.#options.sessions.findByKey(key)).kind === 'found';
  }

  async #authenticate(socket: ConsoleSocket): Promise<RefusedHandshake | undefined> {
    const { sessions, cookie } = this.#options;
    // A page connects again by itself, for as long as it is open: that somebody is there is told otherwise.
    const answer = await sessions.look(readSessionCookie(socket.handshake.headers.cookie, cookie));
    if (answer.kind === 'unavailable') return 'session_store_away';
    if (answer.kind === 'missing') return 'session_missing';
    socket.data = { sessionKey: answer.key, scope: roomScopeOf(answer.session) };
    return undefined;
  }

  async #welcome(socket: ConsoleSocket, rooms: FeedRooms<SocketClient>): Promise<void> {
    const client = new SocketClient(socket);
    const { sessionKey, scope } = socket.data;
    this.#understand(socket, {
      subscribe: [messages.Subscribe, (request) => rooms.subscribe(client, scope, request, nowMs())],
      unsubscribe: [messages.Unsubscribe, ({ room }) => rooms.unsubscribe(client, room, nowMs())],
      ack: [messages.Acknowledge, ({ room, frame }) => rooms.acknowledge(client, room, frame)],
      watch_accounts: [messages.WatchAccounts, (request) => void this.#follow(socket, request)],
      watch_entities: [messages.WatchEntities, ({ entities }) => rooms.watch(client, entities)],
    });
    metrics.sockets.set(this.#io.engine.clientsCount);
    socket.on('disconnect', () => {
      rooms.remove(client, nowMs());
      metrics.sockets.set(this.#io.engine.clientsCount);
    });
    // A recovered connection keeps the accounts that it follows, where its session may; it enters its feed rooms anew.
    for (const room of [...socket.rooms]) if (room !== socket.id && !this.#mayStay(room, scope)) await socket.leave(room);
    await socket.join(sessionRoom(sessionKey));
    socket.emit('hello', this.#options.hello());
  }

  #mayStay(room: string, scope: RoomScope): boolean {
    return room.startsWith(accountRoom('')) && coversAccount(scope, room.slice(accountRoom('').length));
  }

  /** A console that says what the protocol does not know, or too much, is not one of ours. */
  #understand(socket: ConsoleSocket, handlers: Handlers): void {
    const budget = new MessageBudget();
    const listen = <E extends keyof ClientToServer>(event: E, [schema, act]: Handlers[E]) =>
      untyped(socket).on(event, (message) => {
        const parsed = schema.safeParse(message);
        if (parsed.success && budget.spend(nowMs())) act(parsed.data);
        else socket.disconnect(true);
      });
    for (const event of Object.keys(handlers) as (keyof ClientToServer)[]) listen(event, handlers[event]);
  }

  async #follow(socket: ConsoleSocket, { account_ids: asked }: messages.WatchAccounts): Promise<void> {
    const accountIds = asked.filter((accountId) => coversAccount(socket.data.scope, accountId));
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
    if (this.#isChecking) return;
    this.#isChecking = true;
    const keys = [...new Set([...this.#io.sockets.sockets.values()].map(({ data }) => data.sessionKey))];
    for (let from = 0; from < keys.length; from += SESSIONS_AT_A_TIME) {
      const ended = keys.slice(from, from + SESSIONS_AT_A_TIME).map(async (key) => {
        const { kind } = await this.#options.sessions.findByKey(key);
        if (kind === 'missing') this.endConnections(key);
      });
      await Promise.all(ended);
    }
    this.#isChecking = false;
  }
}

type Handlers = { readonly [E in keyof ClientToServer]: readonly [z.ZodType<PayloadOf<E>>, (message: PayloadOf<E>) => void] };
type PayloadOf<E extends keyof ClientToServer> = Parameters<ClientToServer[E]>[0];

/** Socket.IO's types know one event at a time; these functions pass on any of ours, whose types are those of `FeedMessage` and `Handlers`. */
interface UntypedSocket {
  emit(event: string, message: unknown): void;
  on(event: string, listener: (message: unknown) => void): void;
}
const untyped = (socket: unknown) => socket as UntypedSocket;

/** One connected console. */
export class SocketClient implements FeedClient {
  readonly socket: ConsoleSocket;

  constructor(socket: ConsoleSocket) {
    this.socket = socket;
  }

  send({ event, message }: FeedMessage): void {
    untyped(this.socket).emit(event, message);
  }

  /** Packets that the engine holds because the connection takes none: its transport is writable again only when the kernel has taken all. */
  backlog(): number {
    return this.#connection.writeBuffer.length;
  }

  bufferedBytes(): number {
    return this.#connection.transport?.socket?.bufferedAmount ?? 0;
  }

  get #connection() {
    return this.socket.conn as unknown as EngineConnection;
  }
}

/** What Engine.IO's types keep to themselves: packets that wait, and the WebSocket with what it has not handed to the kernel. */
interface EngineConnection {
  readonly writeBuffer: readonly unknown[];
  readonly transport?: { readonly socket?: { readonly bufferedAmount: number } };
}

const accountRoom = (accountId: string) => `account ${accountId}`;
const sessionRoom = (sessionKey: string) => `session ${sessionKey}`;

function refusedHandshake(code: RefusedHandshake): Error {
  return Object.assign(new Error(code), { data: { code } });
}
