import { describe, expect, test } from '@jest/globals';
import { BACKLOG_MAX } from './client-pace.ts';
import { ROOM_LINGERS_MS, ROOMS_A_CLIENT_MAX, ROOMS_MAX } from './feed-rooms.ts';
import { ROOM_ROWS } from './feed-room.ts';
import { FRAME_ROWS_MAX, SNAPSHOT_ROWS } from './room-audience.ts';
import { sampleOutcome } from './sample-outcome.ts';
import { SimulatedConsole, SimulatedFeed } from './simulate-feed.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const places = (console_: SimulatedConsole) => console_.frames().map(({ from_seq, to_seq }) => [from_seq, to_seq]);
const merchant = (id: string) => ({ transaction: { ...sampleOutcome(1).transaction, merchant_id: id } });
const merchants = (...ids: string[]) => ({ kind: 'merchants', ids: new Set(ids) }) as const;

describe('a console that connects', () => {
  test('gets the newest rows and then every row after them, under the numbers of its room', () => {
    const feed = new SimulatedFeed();
    feed.read(1_000);
    feed.tick();
    const console_ = feed.open();
    feed.read(7);
    feed.tick();
    expect(console_.snapshots()).toMatchObject([{ from_seq: 1_001 - SNAPSHOT_ROWS, seq: 1_000, counts: { approve: 1_000 } }]);
    expect(places(console_)).toEqual([[1_001, 1_007]]);
    expect(console_.shown).toEqual(range(1_001 - SNAPSHOT_ROWS, 1_007));
  });

  test('gets only what fits its filter, numbered without gaps', () => {
    const feed = new SimulatedFeed();
    const console_ = feed.open({ filter: 'action:decline' });
    for (let tick = 0; tick < 5; tick++) {
      feed.read(9);
      feed.read(1, { action: 'decline' });
      feed.tick();
    }
    expect(console_.shown).toEqual([10, 20, 30, 40, 50]);
    expect(places(console_)).toEqual([1, 2, 3, 4, 5].map((seq) => [seq, seq]));
    expect(console_.frames().at(-1)).toMatchObject({ counts: { approve: 0, review: 0, decline: 5 } });
  });

  test('shares a room with whoever asks for the same in other words', () => {
    const feed = new SimulatedFeed();
    const [one, other] = ['action:held,declined score>=300', 'score>=300.0 action:decline,review'].map((filter) => {
      const console_ = new SimulatedConsole();
      feed.rooms.subscribe(console_, { kind: 'everything' }, { filter }, 0);
      return console_;
    });
    expect(one!.snapshots()[0]!.room).toBe(other!.snapshots()[0]!.room);
    expect(one!.snapshots()[0]!.filter).toBe('action:decline,review score>=300');
  });

  test.each([
    ['is not understood', { filter: 'score>=high' }, 'filter_not_understood'],
    ['its session may not see', { scope: { kind: 'nothing' } as const }, 'not_permitted'],
  ])('is told so where a filter %s', (_, request, code) => {
    expect(new SimulatedFeed().open(request).received).toMatchObject([{ event: 'refused', message: { code } }]);
  });

  test('cannot follow more filters than it may, nor can all consoles together', () => {
    const feed = new SimulatedFeed();
    const ask = (console_: SimulatedConsole, filter: string) => {
      feed.rooms.subscribe(console_, { kind: 'everything' }, { filter }, feed.nowMs);
      return console_.received.at(-1);
    };
    const one = new SimulatedConsole();
    for (let room = 0; room < ROOMS_A_CLIENT_MAX; room++) expect(ask(one, `merchant=m-${room}`)?.event).toBe('snapshot');
    expect(ask(one, 'merchant=m-more')).toMatchObject({ message: { code: 'rooms_of_client' } });
    expect(ask(one, 'merchant=m-0')?.event).toBe('snapshot');
    const others = range(1, ROOMS_MAX - ROOMS_A_CLIENT_MAX).map((each) => {
      const console_ = new SimulatedConsole();
      expect(ask(console_, `merchant=o-${each}`)?.event).toBe('snapshot');
      return console_;
    });
    expect(ask(new SimulatedConsole(), 'merchant=late')).toMatchObject({ message: { code: 'rooms_of_gateway' } });
    others[0]!.feed = feed;
    others[0]!.disconnect();
    expect(ask(new SimulatedConsole(), 'merchant=late')?.event).toBe('snapshot'); // an empty room makes way
  });
});

describe('a console that comes back', () => {
  test('goes on in its room, with every row, without a snapshot', () => {
    const feed = new SimulatedFeed();
    const console_ = feed.open();
    feed.read(100);
    feed.tick();
    console_.disconnect();
    feed.read(900);
    feed.tick(100);
    console_.connect(feed);
    expect(console_.shown).toEqual([...range(1, 50).map((half) => half * 2), ...range(101, 1_000)]);
    expect(console_.snapshots()).toHaveLength(1);
  });

  test('of a rare filter finds its rows long after the ring has moved on', () => {
    const feed = new SimulatedFeed({ capacity: 100 });
    const console_ = feed.open({ filter: 'action:decline' });
    feed.tick();
    console_.disconnect();
    for (let tick = 0; tick < 200; tick++) {
      feed.read(1, { action: 'decline' });
      feed.read(80);
      feed.tick();
    }
    console_.connect(feed);
    expect(console_.shown).toEqual(range(0, 199).map((tick) => tick * 81 + 1));
  });

  test('goes on at another gateway after the same place in the log, without a gap and without doubling a row', () => {
    const [one, other] = [new SimulatedFeed(), new SimulatedFeed({ epoch: 'epoch_2', from: 21 })];
    const console_ = one.open();
    one.read(40);
    one.tick();
    console_.disconnect();
    other.read(70);
    other.tick();
    console_.connect(other);
    other.read(5);
    other.tick();
    expect(console_.shown).toEqual([...range(1, 40), ...range(41, 95)]);
    expect(console_.snapshots().at(-1)).toMatchObject({ missed: 0 });
  });

  test('at a gateway that lags behind waits for what it has seen already, and doubles nothing', () => {
    const [one, other] = [new SimulatedFeed(), new SimulatedFeed({ epoch: 'epoch_2' })];
    const console_ = one.open();
    one.read(40);
    one.tick();
    console_.disconnect();
    other.read(30);
    other.tick();
    console_.connect(other);
    other.read(15);
    other.tick();
    expect(console_.shown).toEqual(range(1, 45));
  });

  test('declares a gap, and its size where that is known, when what it missed is no more', () => {
    const feed = new SimulatedFeed({ capacity: 50 });
    const console_ = feed.open();
    feed.read(10);
    feed.tick();
    console_.disconnect();
    const missed = ROOM_ROWS + 40;
    for (let rows = 0; rows < missed; rows += 40) {
      feed.read(40);
      feed.tick();
    }
    console_.connect(feed);
    expect(console_.shown.slice(0, 11)).toEqual([...range(1, 10), 'gap']);
    expect(console_.follower.matched).toBe(feed.head);
    const restarted = new SimulatedFeed({ epoch: 'epoch_2', from: feed.head + 500 });
    console_.disconnect();
    restarted.read(3);
    restarted.tick();
    console_.connect(restarted);
    expect(console_.shown.slice(-4)).toEqual(['gap', ...range(feed.head + 500, feed.head + 502)]);
  });

  test('after its room has closed goes on in a new one', () => {
    const feed = new SimulatedFeed();
    const console_ = feed.open();
    feed.read(20);
    feed.tick();
    const { room } = console_.follower;
    console_.disconnect();
    feed.tick(ROOM_LINGERS_MS / 100 + 1);
    feed.read(5);
    console_.connect(feed);
    expect(console_.follower.room).not.toBe(room);
    expect(console_.shown).toEqual(range(1, 25));
  });
});

describe('the live feed', () => {
  test('samples a full frame, and never what a person has to see', () => {
    const feed = new SimulatedFeed();
    const console_ = feed.open();
    feed.rooms.watch(console_, [
      { kind: 'merchant', id: 'watched-1' },
      { kind: 'account', id: 'ACC-77' },
    ]);
    feed.read(400);
    feed.read(20, { action: 'decline' });
    feed.read(10, { score: 500 });
    feed.read(3, merchant('watched-1'));
    feed.read(2, { transaction: { ...sampleOutcome(1).transaction, payer: { account_id: 'ACC-77' } } });
    feed.tick();
    const [frame] = console_.frames();
    expect(frame).toMatchObject({ from_seq: 1, to_seq: 435, sampled: 27, counts: { approve: 415, review: 0, decline: 20 } });
    expect(frame!.items).toHaveLength(FRAME_ROWS_MAX);
    expect(frame!.items.slice(-35).map(({ ledger_seq }) => ledger_seq)).toEqual(range(401, 435));
  });

  test('lets a frame that is cut late hold the rows of those that were not cut', () => {
    const feed = new SimulatedFeed();
    const console_ = feed.open();
    feed.read(1);
    feed.tick();
    feed.nowMs += 200;
    feed.read(150);
    feed.tick();
    const late = console_.frames().at(-1);
    expect([late?.sampled, late?.items.length]).toEqual([1, 150]);
  });

  test('samples a rate that is too high, and not the same rows where they come all at once', () => {
    const feed = new SimulatedFeed();
    const console_ = feed.open();
    for (const rows of [3, 2, 120, 0, 0, 90]) {
      feed.read(rows);
      feed.tick();
    }
    expect(console_.frames().map(({ sampled, items }) => [sampled, items.length])).toEqual([3, 2, 120, 90].map((rows) => [1, rows]));
    for (let frame = 0; frame < 10; frame++) {
      feed.read(80);
      feed.tick();
    }
    expect(console_.frames().at(-1)).toMatchObject({ sampled: 2 });
    expect(console_.frames().at(-1)?.items).toHaveLength(FRAME_ROWS_MAX);
  });

  test('stops minding an entity when nobody watches it any more', () => {
    const feed = new SimulatedFeed();
    const [one, other] = [feed.open(), feed.open()];
    const entities = [{ kind: 'merchant', id: 'watched-1' }] as const;
    const watchedRows = () =>
      one
        .frames()
        .at(-1)!
        .items.filter(({ merchant_id }) => merchant_id === 'watched-1').length;
    feed.rooms.watch(one, entities);
    feed.rooms.watch(other, entities);
    for (const stillThere of [true, true, false]) {
      feed.read(100);
      feed.read(100, merchant('watched-1'));
      feed.tick();
      expect(watchedRows() === 100).toBe(stillThere);
      if (one.follower.toSeq === 200) other.disconnect();
      else feed.rooms.watch(one, []);
    }
  });

  test('sends the figures alone once a second when nothing happens', () => {
    const feed = new SimulatedFeed();
    feed.read(1);
    feed.tick();
    const console_ = feed.open();
    feed.tick(30);
    expect(places(console_)).toEqual([1, 2, 3].map(() => [2, 1]));
  });

  test('shows a session nothing beyond its scope: no row, no count, no figure of the ledger', () => {
    const feed = new SimulatedFeed();
    const [mine, everything] = [feed.open({ scope: merchants('m-1') }), feed.open()];
    feed.read(30, merchant('m-1'));
    feed.read(50, merchant('m-2'));
    feed.tick();
    expect(mine.items.map(({ merchant_id }) => merchant_id)).toEqual(Array.from({ length: 30 }, () => 'm-1'));
    expect(mine.frames().at(-1)).toMatchObject({ to_seq: 30, counts: { approve: 30 }, totals: { outcomes: 30, ledger: null } });
    expect(everything.frames().at(-1)).toMatchObject({ to_seq: 80, totals: { outcomes: 80 } });
    expect(mine.follower.room).not.toBe(everything.follower.room);
  });

  test('says nothing to a console that has left', () => {
    const feed = new SimulatedFeed();
    const console_ = feed.open();
    console_.disconnect();
    feed.read(1);
    feed.tick();
    expect(console_.frames()).toEqual([]);
  });
});

describe('a console that does not keep up', () => {
  test('is sent nothing more once a second of frames waits for it, however long it stalls, and all the rest when it has drained', () => {
    const feed = new SimulatedFeed();
    const console_ = feed.open();
    console_.isStalled = true;
    for (let tick = 0; tick < 300; tick++) {
      feed.read(1);
      feed.tick();
    }
    expect(console_.backlog()).toBe(BACKLOG_MAX + 2); // and the word that it gets snapshots only
    console_.drain();
    feed.tick(5);
    expect(console_.shown).toEqual(range(1, 300));
    expect(console_.paces()).toEqual(['snapshots']);
    feed.tick(5);
    expect(console_.paces()).toEqual(['snapshots', 'slow']);
    feed.tick(60);
    expect(console_.paces()).toEqual(['snapshots', 'slow', 'full']);
  });

  test('that acknowledges nothing gets two frames a second, then snapshots, and recovers', () => {
    const feed = new SimulatedFeed();
    const [hanging, other] = [feed.open(), feed.open()];
    hanging.acknowledges = false;
    const run = (ticks: number) => {
      const before = hanging.received.length;
      for (let tick = 0; tick < ticks; tick++) {
        feed.read(1);
        feed.tick();
      }
      return hanging.received.length - before;
    };
    run(25);
    expect(hanging.paces()).toEqual(['slow']);
    expect(run(20)).toBe(4);
    run(20);
    expect(hanging.paces()).toEqual(['slow', 'snapshots']);
    expect(run(60)).toBe(3);
    expect(hanging.shown).toEqual(other.shown.slice(0, hanging.shown.length));
    hanging.acknowledges = true;
    run(120);
    expect(hanging.paces()).toEqual(['slow', 'snapshots', 'slow', 'full']);
    expect(hanging.shown).toEqual(other.shown);
    expect(other.paces()).toEqual([]);
  });
});
