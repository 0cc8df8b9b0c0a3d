import { describe, expect, test } from '@jest/globals';
import type { FeedTotals } from '@trancendos/contracts/socket';
import { Frame, Snapshot } from '@trancendos/contracts/socket';
import fc from 'fast-check';
import {
  BACKLOG_MAX,
  FeedChannel,
  FRAME_ROWS_MAX,
  SNAPSHOT_ROWS,
  type FeedClient,
  type FeedMessage,
  type LiveAudience,
} from './feed-channel.ts';
import { FeedRing } from './feed-ring.ts';
import { sampleOutcome } from './sample-outcome.ts';

const TOTALS: FeedTotals = { outcomes: 0, per_second: 0, last_5_min: { approve: 0, review: 0, decline: 0 }, answer_ms: null, ledger: null };

/** A console that keeps what it is sent. A stalled one takes nothing in, so that its backlog grows. */
class Console implements FeedClient {
  readonly received: FeedMessage[] = [];
  readonly #pending: FeedMessage[] = [];
  stalled = false;

  send(message: FeedMessage): void {
    (this.stalled ? this.#pending : this.received).push(message);
  }

  backlog(): number {
    return this.#pending.length;
  }

  drain(): void {
    this.stalled = false;
    this.received.push(...this.#pending.splice(0));
  }

  frames(): Frame[] {
    return this.received.flatMap(({ event, message }) => (event === 'frame' ? [message] : []));
  }

  snapshots(): Snapshot[] {
    return this.received.flatMap(({ event, message }) => (event === 'snapshot' ? [message] : []));
  }
}

class Room implements LiveAudience<Console> {
  readonly #members = new Set<Console>();
  add = (client: Console) => void this.#members.add(client);
  remove = (client: Console) => void this.#members.delete(client);
  broadcast = (message: FeedMessage) => this.#members.forEach((member) => member.send(message));
}

class Feed {
  readonly ring: FeedRing;
  readonly channel: FeedChannel<Console>;
  #nowMs = 0;

  constructor(capacity = 5_000) {
    this.ring = new FeedRing(capacity);
    this.channel = new FeedChannel({ epoch: 'epoch_1', ring: this.ring, audience: new Room(), readTotals: () => TOTALS });
  }

  append(rows: number, action: 'approve' | 'decline' = 'approve'): void {
    for (let i = 0; i < rows; i++) this.ring.append(sampleOutcome(this.ring.head + 1, { action }));
  }

  tick(): void {
    this.#nowMs += 100;
    this.channel.tick(this.#nowMs);
  }

  connect(request: { epoch?: string; since?: number } = {}): Console {
    const client = new Console();
    this.channel.subscribe(client, request, this.#nowMs);
    return client;
  }
}

const seqs = (frames: readonly Frame[]) => frames.flatMap(({ items }) => items.map(({ seq }) => seq));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a console that connects', () => {
  test('gets the newest rows and then every row after them', () => {
    const feed = new Feed();
    feed.append(1_000);
    feed.tick();
    feed.append(7);
    const console_ = feed.connect();
    feed.tick();
    expect(console_.snapshots()).toHaveLength(1);
    expect(console_.snapshots()[0]).toMatchObject({ epoch: 'epoch_1', seq: 1_000 });
    expect(console_.snapshots()[0]!.items.map(({ seq }) => seq)).toEqual(range(1_001 - SNAPSHOT_ROWS, 1_000));
    expect(console_.frames().map(({ from_seq, to_seq, sent }) => [from_seq, to_seq, sent])).toEqual([[1_001, 1_007, 7]]);
  });

  test('goes on where it was, with every row, when it was away for a moment', () => {
    const feed = new Feed();
    feed.append(900);
    feed.tick();
    const console_ = feed.connect({ epoch: 'epoch_1', since: 100 });
    expect(console_.snapshots()).toEqual([]);
    expect(seqs(console_.frames())).toEqual(range(101, 900));
  });

  test('gets what it missed sampled, with exact numbers, when that is much', () => {
    const feed = new Feed();
    feed.append(4_000);
    feed.tick();
    const frames = feed.connect({ epoch: 'epoch_1', since: 500 }).frames();
    expect(frames[0]!.from_seq).toBe(501);
    expect(frames.at(-1)!.to_seq).toBe(4_000);
    expect(frames.every(({ sent, items }) => sent === items.length && sent <= FRAME_ROWS_MAX)).toBe(true);
  });

  test.each([
    ['of another epoch', { epoch: 'epoch_0', since: 5 }],
    ['that the ring has no more', { epoch: 'epoch_1', since: 2 }],
    ['that has not come yet', { epoch: 'epoch_1', since: 5_000 }],
    ['of no epoch', { since: 19 }],
  ])('gets a snapshot when it asks to go on from a place %s', (_, request) => {
    const feed = new Feed(10);
    feed.append(20);
    feed.tick();
    const console_ = feed.connect(request);
    expect(console_.frames()).toEqual([]);
    expect(console_.snapshots()[0]!.items.map(({ seq }) => seq)).toEqual(range(11, 20));
  });

  test('that is up to date hears so at once', () => {
    const feed = new Feed();
    feed.append(20);
    feed.tick();
    expect(feed.connect({ epoch: 'epoch_1', since: 20 }).frames()).toMatchObject([{ from_seq: 21, to_seq: 20, sent: 0, items: [] }]);
  });
});

describe('the live feed', () => {
  test('samples approvals of a full frame and never a decline', () => {
    const feed = new Feed();
    const console_ = feed.connect();
    feed.append(300);
    feed.append(60, 'decline');
    feed.tick();
    const [frame] = console_.frames();
    expect(frame).toMatchObject({ from_seq: 1, to_seq: 360, sent: 60 });
    expect(frame!.items.every(({ action }) => action === 'decline')).toBe(true);
  });

  test('sends the totals alone once a second when nothing happens', () => {
    const feed = new Feed();
    feed.append(1);
    feed.tick();
    const console_ = feed.connect();
    for (let i = 0; i < 30; i++) feed.tick();
    expect(console_.frames().map(({ from_seq, to_seq, sent }) => [from_seq, to_seq, sent])).toEqual([
      [2, 1, 0],
      [2, 1, 0],
      [2, 1, 0],
    ]);
  });

  test('begins anew with a snapshot when the gateway itself has fallen behind its ring', () => {
    const feed = new Feed(100);
    const console_ = feed.connect();
    feed.append(250);
    feed.tick();
    expect(console_.snapshots().at(-1)).toMatchObject({ seq: 250 });
    expect(console_.snapshots().at(-1)!.items).toHaveLength(100);
  });

  test('says nothing to a console that has left', () => {
    const feed = new Feed();
    const console_ = feed.connect();
    feed.channel.unsubscribe(console_);
    feed.append(1);
    feed.tick();
    expect(console_.frames()).toEqual([]);
  });
});

describe('a console that does not keep up', () => {
  test('is sent nothing more once a second of frames waits for it, however long it stalls', () => {
    const feed = new Feed();
    const console_ = feed.connect();
    console_.stalled = true;
    for (let i = 0; i < 500; i++) {
      feed.append(1);
      feed.tick();
    }
    expect(console_.backlog()).toBe(BACKLOG_MAX + 1);
  });

  test('gets all the rest when its connection has drained', () => {
    const feed = new Feed();
    const console_ = feed.connect();
    console_.stalled = true;
    for (let i = 0; i < 60; i++) {
      feed.append(5);
      feed.tick();
    }
    console_.drain();
    feed.tick();
    expect(seqs(console_.frames())).toEqual(range(1, 300));
  });

  test('gets a snapshot when the ring has moved on beyond it', () => {
    const feed = new Feed(50);
    const console_ = feed.connect();
    console_.stalled = true;
    for (let i = 0; i < 60; i++) {
      feed.append(5);
      feed.tick();
    }
    console_.drain();
    feed.tick();
    expect(console_.snapshots().at(-1)).toMatchObject({ seq: 300 });
  });
});

describe('coalescing rows into frames', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), rows: fc.integer({ min: 0, max: 120 }) }) },
      { weight: 6, arbitrary: fc.record({ do: fc.constant('tick' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('stall' as const, 'drain' as const, 'reconnect' as const) }) },
    ),
    { maxLength: 120 },
  );

  test('loses nothing and doubles nothing: every place is in a frame or in a snapshot that says so', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const feed = new Feed(400);
        let client = feed.connect();
        const received: FeedMessage[] = [];
        for (const step of given) {
          if (step.do === 'append') feed.append(step.rows);
          else if (step.do === 'tick') feed.tick();
          else if (step.do === 'stall') client.stalled = true;
          else if (step.do === 'drain') client.drain();
          else {
            // What a broken connection had not delivered is gone; the console asks for it again.
            received.push(...client.received);
            feed.channel.unsubscribe(client);
            client = feed.connect({ epoch: 'epoch_1', since: placeAfter(received) });
          }
        }
        client.drain();
        feed.tick();
        feed.tick();
        expect(placeAfter([...received, ...client.received])).toBe(feed.ring.head);
      }),
    );
  });

  /** Walks through what a console got and gives its place in the feed; fails where a place is missing or comes twice. */
  function placeAfter(messages: readonly FeedMessage[]): number {
    let place = 0;
    for (const { event, message } of messages) {
      if (event === 'snapshot') {
        Snapshot.parse(message);
        expect(message.seq).toBeGreaterThanOrEqual(place);
        place = message.seq;
        continue;
      }
      Frame.parse(message);
      expect(message.from_seq).toBe(place + 1);
      expect(message.items.every(({ seq }) => seq >= message.from_seq && seq <= message.to_seq)).toBe(true);
      expect(new Set(message.items.map(({ seq }) => seq)).size).toBe(message.sent);
      place = message.to_seq;
    }
    return place;
  }
});
