import { describe, expect, test } from '@jest/globals';
import { RoomFollower, type RoomNews } from './follow-room.ts';
import type { FeedItem, Frame, Snapshot } from './socket.ts';

const item = (seq: number, decision = seq): FeedItem => ({ seq, decision_id: `dec-${decision}` }) as FeedItem;
const items = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => item(from + index));
const frame = (from: number, to: number, rows = items(from, to)): Frame =>
  ({ room: 'a/1', from_seq: from, to_seq: to, items: rows, sampled: rows.length < to - from + 1 ? 2 : 1, position: `0:${to}` }) as Frame;
const snapshot = (from: number, seq: number, changes: Partial<Snapshot> = {}): Snapshot => ({
  ...frame(from, seq),
  filter: '',
  seq,
  missed: null,
  ...changes,
});

/** What a client shows of the news: places of decisions, gaps by their size. */
const shown = (news: RoomNews) =>
  news.kind === 'taken'
    ? [...(news.gap ? [`gap ${news.gap.missed ?? '?'}`] : []), ...news.items.map(({ decision_id }) => decision_id.slice(4))]
    : news.kind;

function followerAt(seq: number): RoomFollower {
  const follower = new RoomFollower();
  follower.receiveSnapshot(snapshot(1, seq));
  return follower;
}

describe('a follower of a room', () => {
  test('takes every row once, however often a frame comes again', () => {
    const follower = followerAt(2);
    expect(shown(follower.receiveFrame(frame(3, 4), 0))).toEqual(['3', '4']);
    expect(shown(follower.receiveFrame(frame(3, 5), 0))).toEqual(['5']);
    expect(follower.subscription).toEqual({ filter: '', resume: { room: 'a/1', since: 5, position: '0:5' } });
    expect(follower.matched).toBe(5);
  });

  test('asks for what is missing, holds later frames off, and declares no gap once it is filled', () => {
    const follower = followerAt(3);
    expect(shown(follower.receiveFrame(frame(6, 7), 100))).toBe('ask');
    expect(shown(follower.receiveFrame(frame(8, 8), 200))).toBe('waiting');
    expect(follower.subscription.resume).toMatchObject({ since: 3 });
    expect(shown(follower.receiveFrame(frame(4, 8), 300))).toEqual(['4', '5', '6', '7', '8']);
    expect(shown(follower.receiveFrame(frame(9, 9), 400))).toEqual(['9']);
  });

  test('declares a gap when two requests for the missing rows brought nothing', () => {
    const follower = followerAt(3);
    const answers = [0, 500, 1_000, 1_900, 2_000].map((nowMs) => shown(follower.receiveFrame(frame(6, 7), nowMs)));
    expect(answers).toEqual(['ask', 'waiting', 'ask', 'waiting', ['gap 2', '6', '7']]);
    expect(follower.matched).toBe(7);
  });

  test('declares a gap when its room answers with a snapshot that begins later', () => {
    const follower = followerAt(3);
    expect(shown(follower.receiveSnapshot(snapshot(10, 12)))).toEqual(['gap 6', '10', '11', '12']);
    expect(shown(followerAt(3).receiveSnapshot(snapshot(2, 5)))).toEqual(['4', '5']);
  });

  test('goes on in another room of its filter: with what was missed, without what it has, or with a gap', () => {
    const other = { room: 'b/1' };
    const from = (rows: FeedItem[], changes: Partial<Snapshot>) => {
      const follower = followerAt(30);
      const news = follower.receiveSnapshot({ ...snapshot(91, 90 + rows.length), items: rows, ...other, ...changes });
      return [shown(news), follower.toSeq, follower.matched];
    };
    const rows = [item(91, 29), item(92, 30), item(93, 31)];
    expect(from([item(91, 31), item(92, 32)], { missed: 0 })).toEqual([['31', '32'], 92, 32]);
    expect(from(rows, { missed: null })).toEqual([['31'], 93, 31]);
    expect(from(rows, { missed: null, sampled: 3 })).toEqual([['gap ?', '31'], 93, 31]);
    expect(from([item(91, 40)], { missed: null })).toEqual([['gap ?', '40'], 91, 31]);
    expect(from([item(91, 40)], { missed: 9 })).toEqual([['gap 9', '40'], 91, 40]);
  });

  test('leaves the room of a filter that is no longer asked for', () => {
    const follower = followerAt(3);
    follower.chooseFilter('action:decline');
    expect([follower.isAwaitingRoom, follower.subscription]).toEqual([true, { filter: 'action:decline' }]);
    expect(shown(follower.receiveFrame(frame(4, 4), 0))).toEqual(['4']); // until the other room has answered
    expect(shown(follower.receiveSnapshot(snapshot(1, 9, { filter: 'books' })))).toBe('foreign');
    expect(follower.receiveSnapshot(snapshot(1, 2, { filter: 'action:decline', room: 'a/2' }))).toMatchObject({ isNewRoom: true });
    expect(shown(follower.receiveFrame(frame(5, 5), 0))).toBe('foreign');
    expect([follower.isAwaitingRoom, follower.matched]).toEqual([false, 2]);
  });

  test('shows no gap between sampled rows, and counts them all', () => {
    const follower = followerAt(1);
    expect(shown(follower.receiveFrame(frame(2, 41, [item(5), item(30)]), 0))).toEqual(['5', '30']);
    expect(shown(follower.receiveFrame(frame(42, 42), 0))).toEqual(['42']);
    expect(follower.matched).toBe(42);
  });
});
