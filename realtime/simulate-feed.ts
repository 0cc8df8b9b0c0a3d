import { RoomFollower } from '@trancendos/contracts/follow-room';
import type { FeedItem, Frame, Snapshot, Subscribe } from '@trancendos/contracts/socket';
import type { FeedAudience, FeedClient, FeedMessage } from './feed-client.ts';
import { FeedRing } from './feed-ring.ts';
import { FeedRooms } from './feed-rooms.ts';
import type { RoomScope } from './room-scope.ts';
import { sampleEntry } from './sample-outcome.ts';
import { ScopeTotals } from './scope-totals.ts';

/** A console of the tests that follows the protocol, on a connection that can stall and lose what it has not delivered. */
export class SimulatedConsole implements FeedClient {
  readonly received: FeedMessage[] = [];
  readonly follower = new RoomFollower();
  /** What it shows: sequence numbers of the ledger, and `gap` where it declares one. */
  readonly shown: (number | 'gap')[] = [];
  readonly items: FeedItem[] = [];
  readonly #pending: FeedMessage[] = [];
  isStalled = false;
  /** Where it is false the console takes messages in without a word, as a page does whose main thread hangs. */
  acknowledges = true;
  nowMs = 0;
  feed: SimulatedFeed | undefined;

  send(message: FeedMessage): void {
    if (this.isStalled) this.#pending.push(message);
    else this.#receive(message);
  }

  backlog(): number {
    return this.#pending.length;
  }

  bufferedBytes(): number {
    return 0;
  }

  drain(): void {
    this.isStalled = false;
    for (const message of this.#pending.splice(0)) this.#receive(message);
  }

  /** Ends the connection; what had not been delivered is gone. */
  disconnect(): void {
    this.feed?.rooms.remove(this, this.nowMs);
    this.feed = undefined;
    this.isStalled = false;
    this.#pending.splice(0);
  }

  connect(feed: SimulatedFeed, scope: RoomScope = { kind: 'everything' }): void {
    this.feed = feed;
    feed.rooms.subscribe(this, scope, this.follower.subscription, this.nowMs);
  }

  frames(): Frame[] {
    return this.received.flatMap(({ event, message }) => (event === 'frame' ? [message] : []));
  }

  snapshots(): Snapshot[] {
    return this.received.flatMap(({ event, message }) => (event === 'snapshot' ? [message] : []));
  }

  paces(): string[] {
    return this.received.flatMap(({ event, message }) => (event === 'pace' ? [message.pace] : []));
  }

  #receive(sent: FeedMessage): void {
    this.received.push(sent);
    if (sent.event !== 'frame' && sent.event !== 'snapshot') return;
    const news =
      sent.event === 'frame' ? this.follower.receiveFrame(sent.message, this.nowMs) : this.follower.receiveSnapshot(sent.message);
    if (this.acknowledges) this.feed?.rooms.acknowledge(this, sent.message.room, sent.message.frame);
    if (news.kind === 'ask') this.feed?.rooms.subscribe(this, { kind: 'everything' }, this.follower.subscription, this.nowMs);
    if (news.kind !== 'taken') return;
    if (news.isNewRoom) this.shown.splice(0);
    if (news.gap) this.shown.push('gap');
    this.items.push(...news.items);
    this.shown.push(...news.items.map(({ ledger_seq }) => ledger_seq));
  }
}

class SimulatedAudience implements FeedAudience<SimulatedConsole> {
  readonly #groups = new Map<string, Set<SimulatedConsole>>();

  join(client: SimulatedConsole, group: string): void {
    this.#groups.set(group, (this.#groups.get(group) ?? new Set()).add(client));
  }

  leave(client: SimulatedConsole, group: string): void {
    this.#groups.get(group)?.delete(client);
  }

  broadcast(group: string, message: FeedMessage): void {
    for (const client of this.#groups.get(group) ?? []) client.send(message);
  }
}

/** The feed of one gateway of the tests, from a log of one partition whose offsets begin at 0. */
export class SimulatedFeed {
  readonly rooms: FeedRooms<SimulatedConsole>;
  readonly #ring: FeedRing;
  readonly #totals: ScopeTotals;
  #next: bigint;
  nowMs: number;

  /** `from` is the first outcome that it reads: one more than the offset. */
  constructor({ epoch = 'epoch_1', from = 1, capacity = 10_000, nowMs = 0 } = {}) {
    this.#ring = new FeedRing(capacity);
    this.#totals = new ScopeTotals({ ring: this.#ring, ledgerSummary: () => null });
    this.#next = BigInt(from - 1);
    this.nowMs = nowMs;
    const first = new Map([[0, this.#next]]);
    this.rooms = new FeedRooms({
      epoch,
      ring: this.#ring,
      log: { first: () => first, next: () => new Map([[0, this.#next]]) },
      totals: this.#totals,
      audience: new SimulatedAudience(),
      reviewFrom: () => 500,
    });
  }

  /** Number of the newest outcome that was read. */
  get head(): number {
    return Number(this.#next);
  }

  read(rows: number, changes: Parameters<typeof sampleEntry>[1] = {}): void {
    for (let row = 0; row < rows; row++) {
      const entry = sampleEntry(Number(this.#next) + 1, changes);
      this.#ring.append(entry);
      this.#totals.count(entry, this.nowMs);
      this.#next++;
    }
  }

  tick(times = 1): void {
    for (let done = 0; done < times; done++) this.rooms.tick((this.nowMs += 100));
  }

  /** A console that connects now; `filter` in its canonical form. */
  open(request: Partial<Subscribe> & { scope?: RoomScope } = {}): SimulatedConsole {
    const console_ = new SimulatedConsole();
    console_.follower.chooseFilter(request.filter ?? '');
    console_.connect(this, request.scope);
    return console_;
  }
}
