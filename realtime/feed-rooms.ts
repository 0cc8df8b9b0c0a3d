import { canonicalFilter, compileFilter, parseFilter } from '@trancendos/contracts/feed-filter';
import type { FeedRow, Refused, Subscribe, WatchedEntity } from '@trancendos/contracts/socket';
import { metrics } from '@trancendos/platform/metrics';
import { entriesAfter } from './entries-after.ts';
import type { FeedAudience, FeedClient } from './feed-client.ts';
import type { FeedRing } from './feed-ring.ts';
import { FeedRoom } from './feed-room.ts';
import { readLogToken, writeLogToken } from './log-token.ts';
import { CATCH_UP_ROWS_MAX, RoomAudience, SLOW_EVERY_FRAMES, SNAPSHOT_ROWS } from './room-audience.ts';
import { covers, scopeKeyOf, type RoomScope } from './room-scope.ts';
import type { ScopeTotals } from './scope-totals.ts';
import { WatchedEntities } from './watched-entities.ts';

export interface FeedRoomsOptions<C extends FeedClient> {
  /** Names this run of the gateway. */
  readonly epoch: string;
  readonly ring: FeedRing;
  /** By partition of the outcomes where reading began and what comes next. */
  readonly log: { readonly first: () => ReadonlyMap<number, bigint>; readonly next: () => ReadonlyMap<number, bigint> };
  readonly totals: ScopeTotals;
  readonly audience: FeedAudience<C>;
  /** The score from which a transaction is held. */
  readonly reviewFrom: () => number;
}

/** A room keeps 4,000 rows of about 1 kB, and most are in several rooms. */
export const ROOMS_MAX = 48;
export const ROOMS_A_CLIENT_MAX = 4;
/** An empty room is kept for so long, for those who come back. */
export const ROOM_LINGERS_MS = 60_000;

interface RoomEntry<C extends FeedClient> {
  readonly key: string;
  readonly audience: RoomAudience<C>;
  readonly watched: WatchedEntities;
}

/** A console with what it has asked for. */
interface Visitor<C extends FeedClient> {
  readonly rooms: Map<string, RoomEntry<C>>;
  entities: readonly WatchedEntity[];
}

/** The rooms of the feed: one for every filter that somebody looks through, within what its session may see. */
export class FeedRooms<C extends FeedClient> {
  readonly #options: FeedRoomsOptions<C>;
  /** By scope and canonical filter. */
  readonly #rooms = new Map<string, RoomEntry<C>>();
  readonly #visitors = new Map<C, Visitor<C>>();
  #opened = 0;
  #ticks = 0;
  #observedUpTo = 0;

  constructor(options: FeedRoomsOptions<C>) {
    this.#options = options;
    options.ring.onHalf = () => this.#takeIn();
  }

  /** Brings a console into the room of a filter: with what came after its place where that is still known, else with a snapshot. */
  subscribe(client: C, scope: RoomScope, request: Subscribe, nowMs: number): void {
    const entry = this.#findRoom(client, scope, request.filter, nowMs);
    if ('code' in entry) {
      client.send({ event: 'refused', message: { filter: request.filter, ...entry } });
      return;
    }
    const visitor = this.#visitorOf(client);
    const { room } = entry.audience;
    this.#bringUpToDate(client, entry.audience, request.resume, nowMs);
    entry.audience.enter(client);
    if (visitor.rooms.has(room.id)) return;
    visitor.rooms.set(room.id, entry);
    entry.watched.add(visitor.entities);
  }

  unsubscribe(client: C, roomId: string, nowMs: number): void {
    const visitor = this.#visitors.get(client);
    const entry = visitor?.rooms.get(roomId);
    if (!visitor || !entry) return;
    visitor.rooms.delete(roomId);
    entry.watched.remove(visitor.entities);
    entry.audience.leave(client);
    if (entry.audience.size === 0) entry.audience.emptySinceMs = nowMs;
  }

  /** Forgets a console that is gone. */
  remove(client: C, nowMs: number): void {
    for (const roomId of this.#visitors.get(client)?.rooms.keys() ?? []) this.unsubscribe(client, roomId, nowMs);
    this.#visitors.delete(client);
  }

  acknowledge(client: C, roomId: string, frame: number): void {
    this.#visitors.get(client)?.rooms.get(roomId)?.audience.acknowledge(client, frame);
  }

  /** The entities whose rows this console wants to see under all circumstances, instead of those before. */
  watch(client: C, entities: readonly WatchedEntity[]): void {
    const visitor = this.#visitorOf(client);
    for (const { watched } of visitor.rooms.values()) {
      watched.remove(visitor.entities);
      watched.add(entities);
    }
    visitor.entities = entities;
  }

  /** Cuts a frame in every room. To be called every frame's length. */
  tick(nowMs: number): void {
    const { ring, log } = this.#options;
    this.#ticks++;
    this.#observe(nowMs);
    const position = writeLogToken(log.next());
    const isSlowTurn = this.#ticks % SLOW_EVERY_FRAMES === 0;
    for (const { key, audience } of this.#rooms.values()) {
      if (audience.emptySinceMs !== undefined && nowMs - audience.emptySinceMs >= ROOM_LINGERS_MS) {
        this.#close(key);
        continue;
      }
      audience.setBlockedAside();
      audience.room.advance(position);
      audience.serve(nowMs, isSlowTurn);
    }
    if (ring.head > 0) metrics.feedFreshness.set(Math.max(0, nowMs - ring.at(ring.head).committedAtMs) / 1_000);
    if (isSlowTurn) this.#countPaces();
  }

  /** Between two frames, where rows would fall out of the ring before the next one is cut. */
  #takeIn(): void {
    const position = writeLogToken(this.#options.log.next());
    for (const { audience } of this.#rooms.values()) audience.room.advance(position);
  }

  #findRoom(client: C, scope: RoomScope, query: string, nowMs: number): RoomEntry<C> | Omit<Refused, 'filter'> {
    if (scope.kind === 'nothing') return { code: 'not_permitted', detail: 'This account may not see live transactions.' };
    const terms = parseFilter(query);
    const unclear = terms.filter(({ kind }) => kind === 'invalid').length;
    if (unclear > 0)
      return { code: 'filter_not_understood', detail: `${unclear} of its terms cannot be read; for example score>=300 action:review.` };
    const filter = canonicalFilter(terms);
    const key = `${scopeKeyOf(scope)} ${filter}`;
    const known = this.#rooms.get(key);
    const visited = this.#visitorOf(client).rooms;
    if (visited.size >= ROOMS_A_CLIENT_MAX && !(known && visited.has(known.audience.room.id)))
      return { code: 'rooms_of_client', detail: `A console has at most ${ROOMS_A_CLIENT_MAX} filters at a time: leave one of them first.` };
    if (known) return known;
    if (this.#rooms.size >= ROOMS_MAX && !this.#closeLongestEmpty())
      return { code: 'rooms_of_gateway', detail: `The gateway follows ${ROOMS_MAX} filters already: use one that others use.` };
    return this.#open(key, scope, filter, nowMs);
  }

  #open(key: string, scope: RoomScope, filter: string, nowMs: number): RoomEntry<C> {
    const { epoch, ring, log, totals, audience, reviewFrom } = this.#options;
    const compiled = compileFilter(parseFilter(filter));
    const watched = new WatchedEntities();
    const options = {
      id: `${epoch}/${++this.#opened}`,
      filter,
      scope,
      matches: (row: FeedRow) => covers(scope, row) && (compiled === undefined || compiled(row)),
      mustBeSeen: (row: FeedRow) => row.action !== 'approve' || row.score >= reviewFrom() || watched.concern(row),
      ring,
    };
    const room = new FeedRoom(options, writeLogToken(log.next()));
    const entry = { key, watched, audience: new RoomAudience(room, audience, (now, hasSeries) => totals.read(scope, now, hasSeries)) };
    entry.audience.emptySinceMs = nowMs;
    this.#rooms.set(key, entry);
    metrics.feedRooms.set(this.#rooms.size);
    return entry;
  }

  #close(key: string): void {
    const closed = this.#rooms.get(key);
    this.#rooms.delete(key);
    metrics.feedRooms.set(this.#rooms.size);
    if (!closed) return;
    const { scope } = closed.audience.room;
    const isShared = [...this.#rooms.values()].some(({ audience }) => scopeKeyOf(audience.room.scope) === scopeKeyOf(scope));
    if (!isShared) this.#options.totals.forget(scope);
  }

  #closeLongestEmpty(): boolean {
    const empty = [...this.#rooms.values()].filter(({ audience }) => audience.emptySinceMs !== undefined);
    const [oldest] = empty.sort((a, b) => (a.audience.emptySinceMs ?? 0) - (b.audience.emptySinceMs ?? 0));
    if (oldest) this.#close(oldest.key);
    return oldest !== undefined;
  }

  #bringUpToDate(client: C, audience: RoomAudience<C>, resume: Subscribe['resume'], nowMs: number): void {
    const { room } = audience;
    const isSameRoom = resume?.room === room.id && resume.since <= room.seq;
    if (isSameRoom && room.reachesBackTo(resume.since)) {
      client.send({ event: 'frame', message: audience.frameAfter(resume.since, CATCH_UP_ROWS_MAX, nowMs) });
      return;
    }
    const entries = resume && this.#entriesAfter(room, resume.position);
    if (entries) client.send({ event: 'snapshot', message: audience.continuation(entries, nowMs) });
    else {
      const missed = isSameRoom ? room.placeBeforeNewest(SNAPSHOT_ROWS) - resume.since : null;
      client.send({ event: 'snapshot', message: audience.snapshot(missed, nowMs) });
    }
  }

  #entriesAfter(room: FeedRoom, token: string) {
    const { ring, log } = this.#options;
    const reach = { ring, first: log.first(), next: log.next() };
    return entriesAfter(reach, readLogToken(token), room.cursor)?.filter((entry) => room.fits(entry));
  }

  #visitorOf(client: C): Visitor<C> {
    const known = this.#visitors.get(client);
    if (known) return known;
    const visitor: Visitor<C> = { rooms: new Map(), entities: [] };
    this.#visitors.set(client, visitor);
    return visitor;
  }

  #observe(nowMs: number): void {
    const { ring } = this.#options;
    for (let number = Math.max(this.#observedUpTo + 1, ring.oldest); this.#visitors.size > 0 && number <= ring.head; number++)
      metrics.eventToFrame.observe({}, Math.max(0, nowMs - ring.at(number).committedAtMs) / 1_000);
    this.#observedUpTo = ring.head;
  }

  #countPaces(): void {
    for (const pace of ['full', 'slow', 'snapshots'] as const) {
      let count = 0;
      for (const { audience } of this.#rooms.values()) count += audience.countOf(pace);
      metrics.feedPaces.set({ pace }, count);
    }
  }
}
