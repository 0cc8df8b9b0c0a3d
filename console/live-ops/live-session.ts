import type { Balance } from '@trancendos/contracts/balance';
import { canonicalFilter, parseFilter } from '@trancendos/contracts/feed-filter';
import type { FeedItem, Hello, Pace, Refused } from '@trancendos/contracts/socket';
import type { Connection, SocketLink } from '@trancendos/shell-api';
import { createContext, useContext } from 'react';
import { Cell } from '@trancendos/ui';
import { AlertSound } from './alert-sound.ts';
import { BalanceBook } from './balance-book.ts';
import { FeedStore } from './feed-store.ts';
import { FollowedAccounts } from './followed-accounts.ts';
import { pacePaint } from './pace-paint.ts';
import { playTone } from './play-tone.ts';
import { readQuery } from './use-query.ts';
import { WatchCounts } from './watch-counts.ts';
import { WatchList } from './watch-list.ts';

/** Figures that change ten times a second cannot be read. */
const FIGURES_EVERY_MS = 500;
/** The gateway takes 120 messages in 10 s; a held arrow key selects 30 rows a second. */
const WATCH_EVERY_MS = 250;
/** A filter that is being typed is asked for when the typing rests. */
const FILTER_RESTS_MS = 250;
/** Frames are acknowledged twice a second: a page that does not keep up is sent less. */
const ACK_EVERY_MS = 500;

/** What comes over the console's socket, as this page keeps it. */
export class LiveSession {
  readonly feed = new FeedStore();
  readonly balances = new BalanceBook();
  readonly watchList = new WatchList();
  readonly watchCounts = new WatchCounts();
  readonly sound = new AlertSound(playTone);
  /** Whose balances are shown; only the last of quick changes is sent. */
  readonly accounts = new FollowedAccounts(() => this.#followAccounts());
  readonly connection: Cell<Connection>;
  readonly hello: Cell<Hello | undefined>;
  /** Changes when the feed has news to paint, at most ten times a second. */
  readonly feedVersion = new Cell(0);
  /** Changes when the feed's figures are to be painted, at most twice a second, and never in the animation frame that paints rows. */
  readonly figuresVersion = new Cell(0);
  /** How the gateway sends the feed to this page. */
  readonly pace = new Cell<Pace['pace']>('full');
  /** Why the gateway does not follow the filter, where it does not. */
  readonly refused = new Cell<Refused | undefined>(undefined);
  readonly #socket: SocketLink['socket'];
  #watchDue = false;
  #watchSentAtMs = 0;
  #filterDue: ReturnType<typeof setTimeout> | undefined;
  #acknowledgedAtMs = 0;
  #isPaintDue = false;
  #paintedAtMs = Number.NEGATIVE_INFINITY;
  #unpaintedRows = 0;
  #paintTimer: ReturnType<typeof setTimeout> | undefined;
  #figuresAtMs = Number.NEGATIVE_INFINITY;

  constructor({ socket, connection, hello }: SocketLink) {
    this.#socket = socket;
    this.hello = hello;
    this.connection = connection;
    this.feed.chooseFilter(canonicalFilter(parseFilter(readQuery())));
    this.watchList.entities.subscribe(() => this.#sendWatched());
    this.#listenToFeed();
    this.#subscribeOnConnect();
  }

  #followAccounts(): void {
    if (this.#watchDue) return;
    this.#watchDue = true;
    setTimeout(
      () => {
        this.#watchDue = false;
        this.#watchSentAtMs = Date.now();
        if (this.#socket.connected) this.#socket.emit('watch_accounts', { account_ids: this.accounts.all() });
      },
      Math.max(0, this.#watchSentAtMs + WATCH_EVERY_MS - Date.now()),
    );
  }

  /** Shows what fits a filter, in its canonical form. */
  filter(canonical: string): void {
    if (canonical === this.feed.subscription.filter) return;
    this.feed.chooseFilter(canonical);
    clearTimeout(this.#filterDue);
    this.#filterDue = setTimeout(() => this.#subscribe(), FILTER_RESTS_MS);
  }

  #subscribe(): void {
    clearTimeout(this.#filterDue);
    if (!this.#socket.connected) return;
    this.refused.set(undefined);
    this.pace.set('full');
    const { subscription, room, isAwaitingRoom } = this.feed;
    // The room of the filter before is left first: a page has few rooms.
    if (room !== undefined && isAwaitingRoom) this.#socket.emit('unsubscribe', { room });
    this.#socket.emit('subscribe', subscription);
  }

  /** What has just come is counted for those whom the reader watches, and heard where they want that. */
  #heed(items: readonly FeedItem[]): void {
    const watched = this.watchList.entities.get();
    for (const item of items) this.sound.hear(item, this.watchCounts.count(item, watched), Date.now());
  }

  #sendWatched(): void {
    if (this.#socket.connected) this.#socket.emit('watch_entities', { entities: [...this.watchList.entities.get()] });
  }

  #acknowledge(room: string, frame: number): void {
    if (Date.now() - this.#acknowledgedAtMs < ACK_EVERY_MS) return;
    this.#acknowledgedAtMs = Date.now();
    this.#socket.emit('ack', { room, frame });
  }

  #listenToFeed(): void {
    this.#socket.on('snapshot', (snapshot) => {
      if (this.feed.receiveSnapshot(snapshot, Date.now()).kind === 'taken') this.#acknowledge(snapshot.room, snapshot.frame);
      else this.#socket.emit('unsubscribe', { room: snapshot.room });
      this.#schedulePaint();
    });
    this.#socket.on('frame', (frame) => {
      const news = this.feed.receiveFrame(frame, Date.now());
      if (news.kind === 'foreign') return;
      if (news.kind === 'ask') this.#subscribe();
      if (news.kind === 'taken') {
        this.#heed(news.items);
        this.#unpaintedRows += news.items.length;
      }
      this.#acknowledge(frame.room, frame.frame);
      this.#schedulePaint();
    });
    this.#socket.on('pace', ({ room, pace }) => {
      if (room === this.feed.room) this.pace.set(pace);
    });
    this.#socket.on('refused', (refused) => this.refused.set(refused));
    this.#socket.on('balance', (balance: Balance) => this.balances.receive(balance));
  }

  /** Also on a socket that the shell has opened before this page was there: nothing was asked for then. */
  #subscribeOnConnect(): void {
    const subscribe = () => {
      if (this.watchList.entities.get().length > 0) this.#sendWatched();
      this.#subscribe();
      if (this.accounts.all().length > 0) this.#socket.emit('watch_accounts', { account_ids: this.accounts.all() });
    };
    this.#socket.on('connect', subscribe);
    if (this.#socket.connected) subscribe();
  }

  /** There is something to paint: now, or when its time has come. */
  #schedulePaint(): void {
    if (this.#isPaintDue) return;
    clearTimeout(this.#paintTimer);
    const inMs = pacePaint(this.#unpaintedRows, performance.now() - this.#paintedAtMs);
    if (inMs === 0) this.#requestPaint();
    else this.#paintTimer = setTimeout(() => this.#requestPaint(), inMs);
  }

  /** Paints with the browser's own beat: a hidden page does not paint at all. */
  #requestPaint(): void {
    this.#isPaintDue = true;
    requestAnimationFrame((nowMs) => {
      this.#isPaintDue = false;
      this.#paintedAtMs = nowMs;
      this.#unpaintedRows = 0;
      this.watchCounts.publish();
      this.feedVersion.set(this.feedVersion.get() + 1);
      if (nowMs - this.#figuresAtMs < FIGURES_EVERY_MS) return;
      this.#figuresAtMs = nowMs;
      requestAnimationFrame(() => this.figuresVersion.set(this.figuresVersion.get() + 1));
    });
  }
}

export const LiveSessionContext = createContext<LiveSession | undefined>(undefined);

/** The session that the shell has opened. */
export function useLiveSession(): LiveSession {
  const session = useContext(LiveSessionContext);
  if (!session) throw new Error('there is no live session around this component');
  return session;
}
