import { canonicalFilter, parseFilter } from '@trancendos/contracts/feed-filter';
import { RoomFollower, type RoomNews } from '@trancendos/contracts/follow-room';
import type { ClientToServer, FeedItem, Frame, ServerToClient, Snapshot } from '@trancendos/contracts/socket';
import { io, type Socket } from 'socket.io-client';

const ACK_EVERY_MS = 400;

/** A console without a screen: it follows a filter through every connection that it is given, and keeps all that it would show. */
export class ChaosClient {
  readonly items: FeedItem[] = [];
  gaps = 0;
  /** What has happened to it, with the time in ms since it is there: for whoever has to find out why it missed something. */
  readonly story: string[] = [];
  readonly #bornMs = Date.now();
  connections = 0;
  readonly #follower = new RoomFollower();
  #socket: Socket<ServerToClient, ClientToServer> | undefined;
  #acknowledgedAtMs = 0;

  constructor(filter: string) {
    this.#follower.chooseFilter(canonicalFilter(parseFilter(filter)));
  }

  /** True once a room has answered. */
  get isFollowing(): boolean {
    return this.#follower.room !== undefined;
  }

  /** Leaves the connection that it has and opens one to the gateway at `url`; comes back to it by itself. */
  connect(url: string, cookie: string): void {
    this.disconnect();
    const socket: Socket<ServerToClient, ClientToServer> = io(url, {
      transports: ['websocket'],
      extraHeaders: { cookie },
      forceNew: true,
      timeout: 5_000,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
    });
    const subscribe = () => socket.emit('subscribe', this.#follower.subscription);
    socket.on('disconnect', (reason) => this.#note(`disconnected: ${reason}`));
    socket.on('pace', ({ pace }) => this.#note(`pace ${pace}`));
    socket.on('refused', ({ code }) => this.#note(`refused: ${code}`));
    socket.on('connect', () => {
      this.#note(`connected to ${url}`);
      this.connections++;
      subscribe();
    });
    socket.on('snapshot', (snapshot) => this.#take(socket, this.#follower.receiveSnapshot(snapshot), snapshot));
    socket.on('frame', (frame) => {
      const news = this.#follower.receiveFrame(frame, Date.now());
      if (news.kind === 'ask') subscribe();
      this.#take(socket, news, frame);
    });
    this.#socket = socket;
  }

  disconnect(): void {
    this.#socket?.removeAllListeners();
    this.#socket?.disconnect();
    this.#socket = undefined;
  }

  /** Breaks the connection as a network does: the client notices and comes back. */
  breakConnection(): void {
    this.#socket?.io.engine.close();
  }

  #take(socket: Socket<ServerToClient, ClientToServer>, news: RoomNews, { room, frame }: Snapshot | Frame): void {
    if (Date.now() - this.#acknowledgedAtMs >= ACK_EVERY_MS) {
      this.#acknowledgedAtMs = Date.now();
      socket.emit('ack', { room, frame });
    }
    if (news.kind !== 'taken') return;
    if (news.gap) {
      this.gaps++;
      this.#note(`gap of ${news.gap.missed ?? 'unknown size'} before place ${this.#follower.toSeq}`);
    }
    this.items.push(...news.items);
  }

  #note(what: string): void {
    this.story.push(`${String(Date.now() - this.#bornMs).padStart(7)} ms  ${what}`);
  }
}
