import { RoomFollower, type RoomNews } from '@trancendos/contracts/follow-room';
import type { FeedTotals, Frame, Snapshot, Subscribe } from '@trancendos/contracts/socket';
import { RateSeries } from './rate-series.ts';
import { RowRing, type FeedRow, type FeedRowContent } from './row-ring.ts';

/** Rows that the page keeps; older ones are given up. */
export const FEED_ROWS_MAX = 10_000;
const SAMPLED_FOR_MS = 3_000;

/** The live feed as this page keeps it: the newest rows, gaps among them, and the figures. Knows no socket and no screen. */
export class FeedStore {
  readonly rates = new RateSeries();
  readonly #follower = new RoomFollower();
  readonly #ring = new RowRing(FEED_ROWS_MAX);
  #newestId = 0;
  #totals: FeedTotals | undefined;
  #receivedAtMs = 0;
  #sampled: { readonly ratio: number; readonly atMs: number } | undefined;

  /** What to ask the gateway for. */
  get subscription(): Subscribe {
    return this.#follower.subscription;
  }

  /** The room that rows come from; undefined before the first snapshot. */
  get room(): string | undefined {
    return this.#follower.room;
  }

  /** True while the rows are those of another filter than the one that is asked for. */
  get isAwaitingRoom(): boolean {
    return this.#follower.isAwaitingRoom;
  }

  /** Place in the room; 0 while nothing has fitted the filter. */
  get toSeq(): number {
    return this.#follower.toSeq;
  }

  /** Outcomes that have fitted the filter since the page follows it, whether or not their rows were sent. */
  get matched(): number {
    return this.#follower.matched;
  }

  get totals(): FeedTotals | undefined {
    return this.#totals;
  }

  /** Epoch ms of the last frame or snapshot; 0 before the first. */
  get receivedAtMs(): number {
    return this.#receivedAtMs;
  }

  /** One row in how many is sent at the moment; 1 when all are. */
  sampledRatio(nowMs: number): number {
    return this.#sampled && nowMs - this.#sampled.atMs < SAMPLED_FOR_MS ? this.#sampled.ratio : 1;
  }

  rowsNewestFirst(): FeedRow[] {
    return this.#ring.newestFirst();
  }

  /** Asks for the room of another filter, in its canonical form. The rows stay until the room has answered. */
  chooseFilter(filter: string): void {
    this.#follower.chooseFilter(filter);
  }

  receiveSnapshot(snapshot: Snapshot, nowMs: number): RoomNews {
    return this.#keep(this.#follower.receiveSnapshot(snapshot), snapshot, nowMs);
  }

  receiveFrame(frame: Frame, nowMs: number): RoomNews {
    return this.#keep(this.#follower.receiveFrame(frame, nowMs), frame, nowMs);
  }

  #keep(news: RoomNews, message: Snapshot | Frame, nowMs: number): RoomNews {
    if (news.kind === 'foreign') return news;
    this.#totals = message.totals;
    this.#receivedAtMs = nowMs;
    this.rates.receive(message.totals, nowMs);
    if (news.kind !== 'taken') return news;
    if (news.isNewRoom) {
      this.#ring.clear();
      this.#sampled = undefined;
    }
    if (news.gap) this.#push({ kind: 'gap', missed: news.gap.missed });
    for (const item of news.items) this.#push({ kind: 'item', item });
    if (message.sampled > 1) this.#sampled = { ratio: message.sampled, atMs: nowMs };
    return news;
  }

  #push(content: FeedRowContent): void {
    this.#ring.push({ ...content, id: ++this.#newestId });
  }
}
