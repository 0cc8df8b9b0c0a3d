import type { Balance } from '@trancendos/contracts/balance';
import type { Hello } from '@trancendos/contracts/socket';
import type { Connection, SocketLink } from '@trancendos/shell-api';
import { createContext, useContext } from 'react';
import { Cell } from '@trancendos/ui';
import { BalanceBook } from './balance-book.ts';
import { FeedStore } from './feed-store.ts';

const FLUSH_MS = 100;
/** The gateway takes 60 messages in 10 s; a held arrow key selects 30 rows a second. */
const WATCH_EVERY_MS = 250;

/** What comes over the console's socket, as this page keeps it. */
export class LiveSession {
  readonly feed = new FeedStore();
  readonly balances = new BalanceBook();
  readonly connection: Cell<Connection>;
  readonly hello: Cell<Hello | undefined>;
  /** Changes when the feed has news to paint, at most ten times a second. */
  readonly feedVersion = new Cell(0);
  readonly #socket: SocketLink['socket'];
  #watched: string[] = [];
  #watchDue = false;
  #watchSentAtMs = 0;
  #flushDue = false;
  #flushedAtMs = 0;

  constructor({ socket, connection, hello }: SocketLink) {
    this.#socket = socket;
    this.hello = hello;
    this.connection = connection;
    this.#listenToFeed();
    this.#subscribeOnConnect();
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

  /** Also on a socket that the shell has opened before this page was there: nothing was asked for then. */
  #subscribeOnConnect(): void {
    const subscribe = () => {
      this.#socket.emit('subscribe', this.feed.resumePoint);
      if (this.#watched.length > 0) this.#socket.emit('watch_accounts', { account_ids: this.#watched });
    };
    this.#socket.on('connect', subscribe);
    if (this.#socket.connected) subscribe();
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
