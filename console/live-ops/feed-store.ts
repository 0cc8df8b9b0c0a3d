import type { FeedItem, FeedTotals, Frame, Snapshot, Subscribe } from '@trancendos/contracts/socket';
import { RowRing, type FeedRow } from './row-ring.ts';

/** Rows that the page keeps; older ones are given up. */
export const FEED_ROWS_MAX = 10_000;
/** Points of the throughput's line: two minutes, one a second. */
export const THROUGHPUT_POINTS = 120;
/** A request to fill a gap is repeated after so long, so often; then the gap is shown. */
const FILL_WAIT_MS = 1_000;
const FILL_ASKS_MAX = 2;
const SAMPLED_FOR_MS = 3_000;

/**
 * The live feed as one console has received it. Rows are kept in order of their sequence, each once. What was missed is asked for again;
 * what cannot be had is kept as a gap row, so that nothing is missing without being seen. Knows no socket and no screen.
 */
export class FeedStore {
  readonly #ring = new RowRing(FEED_ROWS_MAX);
  readonly #throughput: number[] = [];
  #epoch: string | undefined;
  #toSeq = 0;
  #totals: FeedTotals | undefined;
  #receivedAtMs = 0;
  #throughputAtMs = Number.NEGATIVE_INFINITY;
  #fill: { asks: number; askedAtMs: number } | undefined;
  #sampled: { ratio: number; atMs: number } | undefined;

  /** Where to go on after a reconnection: nothing on the first connection. */
  get resumePoint(): Subscribe {
    return this.#epoch === undefined ? {} : { epoch: this.#epoch, since: this.#toSeq };
  }

  get toSeq(): number {
    return this.#toSeq;
  }

  get totals(): FeedTotals | undefined {
    return this.#totals;
  }

  /** Epoch ms of the last frame or snapshot; 0 before the first. */
  get receivedAtMs(): number {
    return this.#receivedAtMs;
  }

  /** Outcomes per second, oldest first. */
  get throughput(): readonly number[] {
    return this.#throughput;
  }

  /** One row in how many is sent at the moment; 1 when all are. */
  sampledRatio(nowMs: number): number {
    return this.#sampled && nowMs - this.#sampled.atMs < SAMPLED_FOR_MS ? this.#sampled.ratio : 1;
  }

  rowsNewestFirst(): FeedRow[] {
    return this.#ring.newestFirst();
  }

  receiveSnapshot(snapshot: Snapshot, nowMs: number): void {
    this.#fill = undefined;
    if (snapshot.epoch !== this.#epoch || snapshot.seq < this.#toSeq) this.#restart(snapshot);
    else {
      const first = snapshot.items[0]?.seq ?? snapshot.seq + 1;
      if (first > this.#toSeq + 1) this.#ring.push({ kind: 'gap', fromSeq: this.#toSeq + 1, toSeq: first - 1 });
    }
    this.#append(snapshot.items, snapshot.seq);
    this.#receiveTotals(snapshot.totals, nowMs);
  }

  /** Takes a frame; `ask` means that rows before it are missing, and that the feed should be subscribed again from `resumePoint`. */
  receiveFrame(frame: Frame, nowMs: number): 'taken' | 'ask' | 'waiting' {
    if (frame.epoch !== this.#epoch) return this.#askToFill(nowMs) ? 'ask' : 'waiting';
    this.#receiveTotals(frame.totals, nowMs);
    if (frame.from_seq > this.#toSeq + 1) {
      if (this.#askToFill(nowMs)) return 'ask';
      if (!this.#isFillGivenUp(nowMs)) return 'waiting';
      this.#ring.push({ kind: 'gap', fromSeq: this.#toSeq + 1, toSeq: frame.from_seq - 1 });
    }
    this.#fill = undefined;
    this.#noteSampling(frame, nowMs);
    this.#append(frame.items, frame.to_seq);
    return 'taken';
  }

  #restart(snapshot: Snapshot): void {
    this.#ring.clear();
    this.#epoch = snapshot.epoch;
    this.#toSeq = 0;
    this.#sampled = undefined;
  }

  #append(items: readonly FeedItem[], toSeq: number): void {
    for (const item of items) {
      if (item.seq <= this.#toSeq) continue;
      this.#ring.push({ kind: 'item', item });
      this.#toSeq = item.seq;
    }
    this.#toSeq = Math.max(this.#toSeq, toSeq);
  }

  #receiveTotals(totals: FeedTotals, nowMs: number): void {
    this.#totals = totals;
    this.#receivedAtMs = nowMs;
    if (nowMs - this.#throughputAtMs < 1_000) return;
    this.#throughputAtMs = nowMs;
    this.#throughput.push(totals.per_second);
    if (this.#throughput.length > THROUGHPUT_POINTS) this.#throughput.shift();
  }

  #noteSampling(frame: Frame, nowMs: number): void {
    const rows = frame.to_seq - frame.from_seq + 1;
    if (frame.sent < rows) this.#sampled = { ratio: Math.max(2, Math.round(rows / Math.max(1, frame.sent))), atMs: nowMs };
  }

  #askToFill(nowMs: number): boolean {
    const { asks, askedAtMs } = this.#fill ?? { asks: 0, askedAtMs: Number.NEGATIVE_INFINITY };
    if (asks >= FILL_ASKS_MAX || nowMs - askedAtMs < FILL_WAIT_MS) return false;
    this.#fill = { asks: asks + 1, askedAtMs: nowMs };
    return true;
  }

  #isFillGivenUp(nowMs: number): boolean {
    return this.#fill !== undefined && this.#fill.asks >= FILL_ASKS_MAX && nowMs - this.#fill.askedAtMs >= FILL_WAIT_MS;
  }
}
