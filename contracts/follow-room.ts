import type { FeedItem, Frame, Snapshot, Subscribe } from './socket.ts';

/**
 * What a message of a room comes to. `taken`: `items` are new rows, oldest first, after a gap where there is one; `isNewRoom` says that the
 * rows before belong to another filter. `ask`: rows before it are missing, so `subscription` is to be sent again. `waiting`: that has been
 * asked already. `foreign`: it is of another room than the one that is followed, which can be left.
 */
export type RoomNews =
  | { readonly kind: 'taken'; readonly items: readonly FeedItem[]; readonly gap: RoomGap | undefined; readonly isNewRoom: boolean }
  | { readonly kind: 'ask' | 'waiting' | 'foreign' };
/** How many rows were missed; undefined where nobody knows. */
export interface RoomGap {
  readonly missed: number | undefined;
}

/** A request to fill a gap is repeated after so long, so often; then the gap is declared. */
const FILL_WAIT_MS = 1_000;
const FILL_ASKS_MAX = 2;
/** Decisions that are remembered: as many as any gateway sends again. */
const KNOWN_MAX = 10_000;

/**
 * Follows the room of one filter as a client: every row once and in order, through lost connections, other gateways and their restarts.
 * What was missed is asked for again, and what cannot be had is declared as a gap; never is anything missing silently.
 */
export class RoomFollower {
  #filter = '';
  #room: string | undefined;
  #roomFilter: string | undefined;
  #toSeq = 0;
  #position = '';
  #matched = 0;
  readonly #known = new Set<string>();
  #fill: { readonly asks: number; readonly askedAtMs: number } | undefined;

  /** What to ask the gateway for: the room of the filter, and where to go on in it after a reconnection. */
  get subscription(): Subscribe {
    if (this.#room === undefined || this.isAwaitingRoom) return { filter: this.#filter };
    return { filter: this.#filter, resume: { room: this.#room, since: this.#toSeq, position: this.#position } };
  }

  /** The room that rows come from; undefined before the first snapshot. */
  get room(): string | undefined {
    return this.#room;
  }

  /** Place in the room. */
  get toSeq(): number {
    return this.#toSeq;
  }

  /** Rows that have fitted the filter since it is followed, whether or not they were sent; those of a gap of unknown size are not in it. */
  get matched(): number {
    return this.#matched;
  }

  /** True while the room is that of another filter than the one that is asked for. */
  get isAwaitingRoom(): boolean {
    return this.#roomFilter !== this.#filter;
  }

  /** Asks for the room of another filter, in its canonical form; `subscription` is then to be sent. */
  chooseFilter(filter: string): void {
    this.#filter = filter;
    this.#fill = undefined;
  }

  receiveSnapshot(snapshot: Snapshot): RoomNews {
    if (snapshot.filter !== this.#filter) return { kind: 'foreign' };
    this.#fill = undefined;
    const isNewRoom = this.#roomFilter !== snapshot.filter;
    const gap = isNewRoom ? undefined : this.#gapBefore(snapshot);
    if (isNewRoom) {
      this.#known.clear();
      this.#matched = 0;
    }
    if (snapshot.room !== this.#room) this.#toSeq = snapshot.from_seq - 1;
    this.#room = snapshot.room;
    this.#roomFilter = snapshot.filter;
    return this.#take(snapshot, { toSeq: snapshot.seq, gap, isNewRoom });
  }

  receiveFrame(frame: Frame, nowMs: number): RoomNews {
    if (frame.room !== this.#room) return { kind: 'foreign' };
    let gap: RoomGap | undefined;
    if (frame.from_seq > this.#toSeq + 1) {
      if (this.#isToBeAsked(nowMs)) return { kind: 'ask' };
      if (!this.#isFillGivenUp(nowMs)) return { kind: 'waiting' };
      gap = { missed: frame.from_seq - this.#toSeq - 1 };
    }
    this.#fill = undefined;
    return this.#take(frame, { toSeq: frame.to_seq, gap, isNewRoom: false });
  }

  #gapBefore({ room, from_seq: fromSeq, missed, sampled, items }: Snapshot): RoomGap | undefined {
    if (room === this.#room) return fromSeq > this.#toSeq + 1 ? { missed: fromSeq - this.#toSeq - 1 } : undefined;
    // The same filter at another gateway, or at the same one after a restart. Where a row of it is known, it begins before our end.
    if (missed === 0 || (sampled === 1 && items.some(({ decision_id }) => this.#known.has(decision_id)))) return undefined;
    return { missed: missed ?? undefined };
  }

  #take(message: Snapshot | Frame, { toSeq, gap, isNewRoom }: { toSeq: number; gap: RoomGap | undefined; isNewRoom: boolean }): RoomNews {
    const later = message.items.filter(({ seq }) => seq > this.#toSeq);
    const items = later.filter(({ decision_id }) => !this.#known.has(decision_id));
    for (const { decision_id } of items) this.#remember(decision_id);
    const places = toSeq - Math.max(message.from_seq - 1, this.#toSeq) - (later.length - items.length);
    this.#matched += (gap?.missed ?? 0) + Math.max(0, places);
    this.#toSeq = Math.max(this.#toSeq, toSeq);
    this.#position = message.position;
    return { kind: 'taken', items, gap, isNewRoom };
  }

  #remember(decisionId: string): void {
    this.#known.add(decisionId);
    if (this.#known.size <= KNOWN_MAX) return;
    const [oldest] = this.#known;
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  #isToBeAsked(nowMs: number): boolean {
    const { asks, askedAtMs } = this.#fill ?? { asks: 0, askedAtMs: Number.NEGATIVE_INFINITY };
    if (asks >= FILL_ASKS_MAX || nowMs - askedAtMs < FILL_WAIT_MS) return false;
    this.#fill = { asks: asks + 1, askedAtMs: nowMs };
    return true;
  }

  #isFillGivenUp(nowMs: number): boolean {
    return this.#fill !== undefined && this.#fill.asks >= FILL_ASKS_MAX && nowMs - this.#fill.askedAtMs >= FILL_WAIT_MS;
  }
}
