import type { FeedTotals, Frame, Pace, Snapshot } from '@trancendos/contracts/socket';
import { metrics } from '@trancendos/platform/metrics';
import { isBlocked, nextPace, type ConnectionLoad, type PaceState } from './client-pace.ts';
import type { FeedAudience, FeedClient } from './feed-client.ts';
import type { RingEntry } from './feed-ring.ts';
import type { FeedRoom } from './feed-room.ts';

/** Rows in a frame, those that have to be seen excepted. */
export const FRAME_ROWS_MAX = 50;
/** Rows in a snapshot: some screens full. */
export const SNAPSHOT_ROWS = 300;
/** Rows that a console gets of what it has missed, those that have to be seen excepted. */
export const CATCH_UP_ROWS_MAX = 2_000;
/** A frame is cut as often. */
export const FRAME_MS = 100;
/** Rows that frames before have not used and a fuller one may hold: what comes late or all at once is not too much for that. */
const SPARE_ROWS_MAX = 4 * FRAME_ROWS_MAX;
const QUIET_FRAME_MS = 1_000;
/** The slow are served, and everybody's pace is looked at, every fifth frame. */
export const SLOW_EVERY_FRAMES = 5;
const SNAPSHOT_EVERY_MS = 2_000;

interface Member {
  state: PaceState;
  /** Newest frame that the client has acknowledged. */
  acknowledged: number;
  /** Place up to which it was sent rows; kept only while it is in no group. */
  place: number;
  /** The frame that its last snapshot stood for, and when it was sent. */
  snapshot: { readonly frame: number; readonly atMs: number } | undefined;
}

/**
 * The consoles in one room. Those of the same pace stand at the same place, so a frame is cut and encoded once for all of them. A console
 * that takes nothing in belongs to no group: nothing is buffered for it, and what it misses it is told.
 */
export class RoomAudience<C extends FeedClient> {
  readonly room: FeedRoom;
  readonly #audience: FeedAudience<C>;
  readonly #readTotals: (nowMs: number, hasSeries: boolean) => FeedTotals;
  readonly #members = new Map<C, Member>();
  /** Places up to which the two groups were served. */
  #fullPlace: number;
  #slowPlace: number;
  #fullFrameMs = 0;
  /** Rows that the next full frame may hold, as of `#servedMs`. */
  #spareRows = FRAME_ROWS_MAX;
  #servedMs: number | undefined;
  #slowFrameMs = 0;
  /** Since when nobody is here. */
  emptySinceMs: number | undefined;

  constructor(room: FeedRoom, audience: FeedAudience<C>, readTotals: (nowMs: number, hasSeries: boolean) => FeedTotals) {
    this.room = room;
    this.#audience = audience;
    this.#readTotals = readTotals;
    this.#fullPlace = room.seq;
    this.#slowPlace = room.seq;
  }

  get size(): number {
    return this.#members.size;
  }

  countOf(pace: Pace['pace']): number {
    let count = 0;
    for (const { state } of this.#members.values()) count += Number(state.pace === pace);
    return count;
  }

  /** Takes in a console that has just been sent everything up to the room's present place, at full pace. */
  enter(client: C): void {
    this.leave(client);
    this.emptySinceMs = undefined;
    const state: PaceState = { pace: 'full', keepsUpSinceMs: undefined };
    this.#members.set(client, { state, acknowledged: this.room.frame, place: this.room.seq, snapshot: undefined });
    this.#audience.join(client, this.#group('full'));
  }

  leave(client: C): void {
    const member = this.#members.get(client);
    if (!member) return;
    this.#members.delete(client);
    this.#quitGroup(client, member);
  }

  acknowledge(client: C, frame: number): void {
    const member = this.#members.get(client);
    if (member) member.acknowledged = Math.max(member.acknowledged, Math.min(frame, this.room.frame));
  }

  /** Sends what is new, after the room has advanced; the totals alone when a second was quiet. `isSlowTurn` serves the slow as well. */
  serve(nowMs: number, isSlowTurn: boolean): void {
    const hasNews = this.#fullPlace < this.room.seq;
    const sinceMs = nowMs - (this.#servedMs ?? nowMs);
    this.#servedMs = nowMs;
    this.#spareRows = Math.min(SPARE_ROWS_MAX, this.#spareRows + (sinceMs / FRAME_MS) * FRAME_ROWS_MAX);
    if (hasNews || nowMs - this.#fullFrameMs >= QUIET_FRAME_MS) {
      this.#fullFrameMs = nowMs;
      this.room.beginFrame();
      const rowsMax = Math.max(FRAME_ROWS_MAX, Math.floor(this.#spareRows));
      const rows = this.#broadcast('full', { place: this.#fullPlace, rowsMax }, nowMs);
      this.#spareRows = Math.max(0, this.#spareRows - rows);
    }
    this.#fullPlace = this.room.seq;
    if (!isSlowTurn) return;
    if (this.#slowPlace < this.room.seq || nowMs - this.#slowFrameMs >= QUIET_FRAME_MS) {
      this.#slowFrameMs = nowMs;
      this.#broadcast('slow', { place: this.#slowPlace, rowsMax: FRAME_ROWS_MAX }, nowMs);
    }
    this.#slowPlace = this.room.seq;
    // Both groups stand at the same place now, so a console may change from one to the other and misses nothing.
    for (const [client, member] of this.#members) this.#adjust(client, member, nowMs);
  }

  /** Takes consoles whose connection takes nothing out of their group, before more is sent. */
  setBlockedAside(): void {
    for (const [client, member] of this.#members) {
      if (member.state.pace === 'snapshots' || !isBlocked(this.#loadOf(client, member))) continue;
      member.place = member.state.pace === 'full' ? this.#fullPlace : this.#slowPlace;
      this.#change(client, member, { pace: 'snapshots', keepsUpSinceMs: undefined });
    }
  }

  /** The rows after `place` in a frame of their own. They must be at hand. */
  frameAfter(place: number, rowsMax: number, nowMs: number): Frame {
    return { ...this.#common(nowMs), ...this.room.itemsAfter(place, rowsMax), from_seq: place + 1, to_seq: this.room.seq };
  }

  /** The newest rows as a snapshot. */
  snapshot(missed: number | null, nowMs: number): Snapshot {
    const place = this.room.placeBeforeNewest(SNAPSHOT_ROWS);
    const { filter, seq } = this.room;
    return { ...this.#common(nowMs, true), ...this.room.itemsAfter(place, SNAPSHOT_ROWS), filter, from_seq: place + 1, seq, missed };
  }

  /** `entries`, the newest of the room, as a snapshot for a console that has everything before them. */
  continuation(entries: readonly RingEntry[], nowMs: number): Snapshot {
    const { filter, seq } = this.room;
    const from_seq = seq - entries.length + 1;
    return { ...this.#common(nowMs, true), ...this.room.number(entries, CATCH_UP_ROWS_MAX), filter, from_seq, seq, missed: 0 };
  }

  #common(nowMs: number, hasSeries = false) {
    const { id, frame, counts, position } = this.room;
    return { room: id, frame, counts: { ...counts }, totals: this.#readTotals(nowMs, hasSeries), position };
  }

  /** Gives how many rows were sent. */
  #broadcast(pace: 'full' | 'slow', { place, rowsMax }: { place: number; rowsMax: number }, nowMs: number): number {
    const listeners = this.countOf(pace);
    if (pace === 'full') metrics.feedFrames.inc({ result: 'skipped' }, this.size - listeners);
    if (listeners === 0) return 0;
    metrics.feedFrames.inc({ result: 'sent' }, listeners);
    if (!this.room.reachesBackTo(place)) {
      const message = this.snapshot(null, nowMs);
      this.#audience.broadcast(this.#group(pace), { event: 'snapshot', message });
      return message.items.length;
    }
    const message = this.frameAfter(place, rowsMax, nowMs);
    metrics.feedRows.inc({ result: 'sent' }, message.items.length * listeners);
    metrics.feedRows.inc({ result: 'sampled' }, (this.room.seq - place - message.items.length) * listeners);
    this.#audience.broadcast(this.#group(pace), { event: 'frame', message });
    return message.items.length;
  }

  #adjust(client: C, member: Member, nowMs: number): void {
    if (member.state.pace === 'snapshots') {
      this.#tryToReach(client, member, nowMs);
      return;
    }
    const next = nextPace(member.state, this.#loadOf(client, member), nowMs);
    member.place = this.room.seq;
    if (next.pace === member.state.pace) member.state = next;
    else this.#change(client, member, next);
  }

  /** A console that gets snapshots only is sent one when its connection has drained, and comes back when it has acknowledged it. */
  #tryToReach(client: C, member: Member, nowMs: number): void {
    const { snapshot } = member;
    if (client.backlog() > 0) return;
    const hasTakenIt = snapshot !== undefined && member.acknowledged >= snapshot.frame;
    if (snapshot && !hasTakenIt && nowMs - snapshot.atMs < SNAPSHOT_EVERY_MS) return;
    if (!snapshot || member.place < this.room.seq) this.#bringUpToDate(client, member, nowMs);
    if (hasTakenIt) this.#change(client, member, { pace: 'slow', keepsUpSinceMs: undefined });
    else member.snapshot = { frame: this.room.frame, atMs: nowMs };
  }

  #bringUpToDate(client: C, member: Member, nowMs: number): void {
    if (this.room.reachesBackTo(member.place))
      client.send({ event: 'frame', message: this.frameAfter(member.place, SNAPSHOT_ROWS, nowMs) });
    else client.send({ event: 'snapshot', message: this.snapshot(this.room.placeBeforeNewest(SNAPSHOT_ROWS) - member.place, nowMs) });
    member.place = this.room.seq;
  }

  #change(client: C, member: Member, state: PaceState): void {
    this.#quitGroup(client, member);
    member.state = state;
    member.snapshot = undefined;
    if (state.pace !== 'snapshots') this.#audience.join(client, this.#group(state.pace));
    client.send({ event: 'pace', message: { room: this.room.id, pace: state.pace } });
  }

  #quitGroup(client: C, { state }: Member): void {
    if (state.pace !== 'snapshots') this.#audience.leave(client, this.#group(state.pace));
  }

  #loadOf(client: C, member: Member): ConnectionLoad {
    const unacknowledged = this.room.frame - member.acknowledged;
    return { backlog: client.backlog(), bufferedBytes: client.bufferedBytes(), unacknowledged };
  }

  #group(pace: 'full' | 'slow'): string {
    return `feed ${this.room.id} ${pace}`;
  }
}
