import type { Balance } from '@trancendos/contracts/balance';
import type { ClientToServer, Hello, ServerToClient } from '@trancendos/contracts/socket';
import { io, type Socket } from 'socket.io-client';
import { createContext, useContext } from 'react';
import { Cell } from '../ui/cell.ts';
import { BalanceBook } from './balance-book.ts';
import { FeedStore } from './feed-store.ts';

/** How the page stands with the gateway. `sinceMs` is when that began, `attempt` how often a connection has been tried since. */
export interface Connection {
  readonly state: 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'signed-out';
  readonly sinceMs: number;
  readonly attempt: number;
  /** Why the gateway let nobody in, where it said so. */
  readonly refused: string | undefined;
}

/** The version of the messages that this page speaks. */
const SPOKEN: Hello['v'] = 1;
const FLUSH_MS = 100;
const REFUSED_RETRY_MS = 3_000;
/** The gateway takes 60 messages in 10 s; a held arrow key selects 30 rows a second. */
const WATCH_EVERY_MS = 250;

/** The page's one connection with all that comes over it. */
export class LiveSession {
  readonly feed = new FeedStore();
  readonly balances = new BalanceBook();
  readonly connection = new Cell<Connection>({ state: 'connecting', sinceMs: Date.now(), attempt: 0, refused: undefined });
  /** The gateway speaks another version of the messages than this page. */
  readonly isOutdated = new Cell(false);
  readonly hello = new Cell<Hello | undefined>(undefined);
  /** Changes when the feed has news to paint, at most ten times a second. */
  readonly feedVersion = new Cell(0);
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  #watched: string[] = [];
  #watchDue = false;
  #watchSentAtMs = 0;
  #flushDue = false;
  #flushedAtMs = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#socket = io({ transports: ['websocket'], autoConnect: false, reconnectionDelay: 500, reconnectionDelayMax: 3_000 });
    this.#listenToFeed();
    this.#listenToConnection();
  }

  open(): void {
    this.#socket.connect();
    window.addEventListener('online', () => this.retry());
    window.addEventListener('offline', () => this.#leave('offline'));
    // Signing in happens in another tab: coming back to this one is the moment to look again.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.connection.get().state === 'signed-out') this.retry();
    });
  }

  /** Tries to connect at once. */
  retry(): void {
    clearTimeout(this.#retry);
    this.#socket.connect();
  }

  /** Follows the balances of `accountIds` instead of those followed before; only the last of quick changes is sent. */
  watch(accountIds: string[]): void {
    this.#watched = accountIds;
    if (this.#watchDue) return;
    this.#watchDue = true;
    setTimeout(
      () => {
        this.#watchDue = false;
        this.#watchSentAtMs = Date.now();
        if (this.#socket.connected) this.#socket.emit('watch_accounts', { account_ids: this.#watched });
      },
      Math.max(0, this.#watchSentAtMs + WATCH_EVERY_MS - Date.now()),
    );
  }

  #listenToFeed(): void {
    this.#socket.on('hello', (hello) => {
      this.isOutdated.set((hello.v as number) !== SPOKEN);
      this.hello.set(hello);
    });
    this.#socket.on('snapshot', (snapshot) => {
      this.feed.receiveSnapshot(snapshot, Date.now());
      this.#scheduleFlush();
    });
    this.#socket.on('frame', (frame) => {
      if (this.feed.receiveFrame(frame, Date.now()) === 'ask') this.#socket.emit('subscribe', this.feed.resumePoint);
      this.#scheduleFlush();
    });
    this.#socket.on('balance', (balance: Balance) => this.balances.receive(balance));
  }

  #listenToConnection(): void {
    this.#socket.on('connect', () => {
      this.connection.set({ state: 'connected', sinceMs: Date.now(), attempt: 0, refused: undefined });
      this.#socket.emit('subscribe', this.feed.resumePoint);
      if (this.#watched.length > 0) this.#socket.emit('watch_accounts', { account_ids: this.#watched });
    });
    this.#socket.on('disconnect', (reason) => {
      this.#leave('reconnecting');
      // The gateway ends a connection when its session ends; asking again tells which it was.
      if (reason === 'io server disconnect') this.#retryIn(500);
    });
    this.#socket.on('connect_error', (error: Error & { data?: { code?: unknown } }) => {
      const code = typeof error.data?.code === 'string' ? error.data.code : undefined;
      this.#leave(code === 'session_missing' ? 'signed-out' : 'reconnecting', code);
      if (!this.#socket.active && code !== 'session_missing') this.#retryIn(REFUSED_RETRY_MS);
    });
    this.#socket.io.on('reconnect_attempt', (attempt) => {
      this.connection.set({ ...this.connection.get(), attempt });
    });
  }

  #leave(state: Connection['state'], refused?: string): void {
    const before = this.connection.get();
    const next = state === 'reconnecting' && !navigator.onLine ? 'offline' : state;
    const sinceMs = before.state === 'connected' ? Date.now() : before.sinceMs;
    this.connection.set({ state: next, sinceMs, attempt: before.attempt, refused });
  }

  #retryIn(delayMs: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#socket.connect(), delayMs);
  }

  /** Paints with the browser's own beat, but not more than every 100 ms: a hidden page does not paint at all. */
  #scheduleFlush(): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    const paint = (nowMs: number) => {
      if (nowMs - this.#flushedAtMs < FLUSH_MS) {
        requestAnimationFrame(paint);
        return;
      }
      this.#flushDue = false;
      this.#flushedAtMs = nowMs;
      this.feedVersion.set(this.feedVersion.get() + 1);
    };
    requestAnimationFrame(paint);
  }
}

export const LiveSessionContext = createContext<LiveSession | undefined>(undefined);

/** The session that the shell has opened. */
export function useLiveSession(): LiveSession {
  const session = useContext(LiveSessionContext);
  if (!session) throw new Error('there is no live session around this component');
  return session;
}
