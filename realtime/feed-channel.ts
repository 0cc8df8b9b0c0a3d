import type { FeedItem, FeedTotals, Frame, Snapshot, Subscribe } from '@trancendos/contracts/socket';
import { metrics } from '@trancendos/platform/metrics';
import type { FeedRing } from './feed-ring.ts';
import { sampleRows } from './sample-rows.ts';

/** What a console is sent of the feed. */
export type FeedMessage = { readonly event: 'frame'; readonly message: Frame } | { readonly event: 'snapshot'; readonly message: Snapshot };

/** One console as the feed sees it. */
export interface FeedClient {
  send(message: FeedMessage): void;
  /** Messages that its connection has not taken yet. */
  backlog(): number;
}

/** Consoles that get every frame as it is cut; a message for all of them is encoded once. */
export interface LiveAudience<C extends FeedClient> {
  add(client: C): void;
  remove(client: C): void;
  broadcast(message: FeedMessage): void;
}

export interface FeedChannelOptions<C extends FeedClient> {
  /** Names this run of the gateway: sequence numbers are valid within it. */
  readonly epoch: string;
  readonly ring: FeedRing;
  readonly audience: LiveAudience<C>;
  readonly readTotals: (nowMs: number) => FeedTotals;
}

/** Most rows in a frame, reviews and declines excepted. */
export const FRAME_ROWS_MAX = 50;
/** Rows in a snapshot: some screens full. */
export const SNAPSHOT_ROWS = 300;
/** A console that missed no more than this gets every row of it. */
const CATCH_UP_WHOLE_MAX = 1_000;
/** Places in one frame of a catch-up. */
const CATCH_UP_FRAME = 250;
/** With so many messages not taken a console counts as slow: about a second of frames. */
export const BACKLOG_MAX = 10;
const QUIET_FRAME_MS = 1_000;

/**
 * Cuts the feed into numbered frames for every console. All live consoles stand at the same place, so a frame is made and encoded once.
 * A console that does not keep up leaves the audience, costs nothing while it is away, and is brought up to date when its connection has
 * drained: nothing is buffered for it, so memory stays bounded, and what it misses it can see.
 */
export class FeedChannel<C extends FeedClient> {
  readonly #options: FeedChannelOptions<C>;
  readonly #live = new Set<C>();
  /** Slow consoles, with the place up to which they were served. */
  readonly #slow = new Map<C, number>();
  /** Place up to which the live audience was served. */
  #cursor = 0;
  #lastFrameMs = 0;

  constructor(options: FeedChannelOptions<C>) {
    this.#options = options;
  }

  /** Starts or restarts a console's feed: from `since` where the ring reaches back to it in this epoch, else from a snapshot. */
  subscribe(client: C, request: Subscribe, nowMs: number): void {
    const { epoch, ring } = this.#options;
    const { since } = request;
    if (request.epoch === epoch && since !== undefined && since <= this.#cursor && ring.reachesBackTo(since))
      this.#catchUp(client, since, nowMs);
    else client.send({ event: 'snapshot', message: this.#snapshot(nowMs) });
    this.#enlist(client);
  }

  unsubscribe(client: C): void {
    this.#live.delete(client);
    this.#slow.delete(client);
    this.#options.audience.remove(client);
  }

  /** Sends what is new since the last call, or the totals alone when a second was quiet. To be called every frame's length. */
  tick(nowMs: number): void {
    this.#setSlowAside();
    const { ring } = this.#options;
    const quiet = ring.head === this.#cursor;
    if (ring.head > 0) metrics.feedFreshness.set(Math.max(0, nowMs - ring.committedAtMs(ring.head)) / 1_000);
    if (!quiet || nowMs - this.#lastFrameMs >= QUIET_FRAME_MS) {
      this.#lastFrameMs = nowMs;
      this.#broadcast(nowMs);
    }
    this.#resumeDrained(nowMs);
  }

  #broadcast(nowMs: number): void {
    const { ring, audience } = this.#options;
    const from = this.#cursor;
    this.#cursor = ring.head;
    metrics.feedFrames.inc({ result: 'skipped' }, this.#slow.size);
    metrics.feedFrames.inc({ result: 'sent' }, this.#live.size);
    if (this.#live.size === 0) return;
    if (!ring.reachesBackTo(from)) {
      audience.broadcast({ event: 'snapshot', message: this.#snapshot(nowMs) });
      return;
    }
    const items = ring.between(from, ring.head);
    for (const { seq } of items) metrics.eventToFrame.observe(Math.max(0, nowMs - ring.committedAtMs(seq)) / 1_000);
    const frame = this.#frame(from, items, { rowsMax: FRAME_ROWS_MAX, nowMs });
    metrics.feedRows.inc({ result: 'sent' }, frame.sent * this.#live.size);
    metrics.feedRows.inc({ result: 'sampled' }, (items.length - frame.sent) * this.#live.size);
    audience.broadcast({ event: 'frame', message: frame });
  }

  #setSlowAside(): void {
    for (const client of this.#live) {
      if (client.backlog() <= BACKLOG_MAX) continue;
      this.#live.delete(client);
      this.#options.audience.remove(client);
      this.#slow.set(client, this.#cursor);
    }
  }

  #resumeDrained(nowMs: number): void {
    for (const [client, cursor] of this.#slow) {
      if (client.backlog() > 0) continue;
      if (this.#options.ring.reachesBackTo(cursor)) this.#catchUp(client, cursor, nowMs);
      else client.send({ event: 'snapshot', message: this.#snapshot(nowMs) });
      this.#enlist(client);
    }
  }

  #enlist(client: C): void {
    this.#slow.delete(client);
    this.#live.add(client);
    this.#options.audience.add(client);
  }

  /** Rows after `since` up to where the audience stands. Sampled like the live feed when they are too many to send them all. */
  #catchUp(client: C, since: number, nowMs: number): void {
    const { ring } = this.#options;
    const rowsMax = this.#cursor - since > CATCH_UP_WHOLE_MAX ? FRAME_ROWS_MAX : CATCH_UP_FRAME;
    for (let from = since; ;) {
      const upTo = Math.min(from + CATCH_UP_FRAME, this.#cursor);
      client.send({ event: 'frame', message: this.#frame(from, ring.between(from, upTo), { rowsMax, nowMs }) });
      from = upTo;
      if (from === this.#cursor) return;
    }
  }

  #frame(from: number, rows: readonly FeedItem[], { rowsMax, nowMs }: { rowsMax: number; nowMs: number }): Frame {
    const items = [...sampleRows(rows, rowsMax)];
    const totals = this.#options.readTotals(nowMs);
    return { epoch: this.#options.epoch, from_seq: from + 1, to_seq: from + rows.length, sent: items.length, items, totals };
  }

  #snapshot(nowMs: number): Snapshot {
    const { epoch, ring, readTotals } = this.#options;
    const oldest = Math.max(0, this.#cursor - SNAPSHOT_ROWS, ring.head - ring.capacity);
    const items = oldest < this.#cursor ? ring.between(oldest, this.#cursor) : [];
    return { epoch, seq: this.#cursor, items, totals: readTotals(nowMs) };
  }
}
