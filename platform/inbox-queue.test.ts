import { describe, expect, test } from '@jest/globals';
import { InboxQueue, type Entry } from './inbox-queue.ts';

const entry = (offset: number): Entry<number> => ({
  kind: 'message',
  message: offset,
  origin: {
    topic: 'labels',
    partition: 0,
    offset: BigInt(offset),
    key: null,
    correlationId: '',
    sentAtMs: offset,
    payload: () => Buffer.alloc(0),
  },
});
const offsets = (entries: Entry<number>[] | undefined) => entries?.map(({ origin }) => Number(origin.offset));

describe('the inbox', () => {
  test('gives what has come since, in order and not more than asked for', async () => {
    const inbox = new InboxQueue<number>(10);
    for (const offset of [1, 2, 3]) inbox.push(entry(offset));
    expect(offsets(await inbox.take(2))).toEqual([1, 2]);
    inbox.push(entry(4));
    expect(offsets(await inbox.take(5))).toEqual([3, 4]);
  });

  test('makes the taker wait until something comes', async () => {
    const inbox = new InboxQueue<number>(10);
    const taking = inbox.take(5);
    inbox.push(entry(7));
    expect(offsets(await taking)).toEqual([7]);
  });

  test('holds fetchers back while it is full and lets them go on when there is room', async () => {
    const inbox = new InboxQueue<number>(2);
    inbox.push(entry(1));
    inbox.push(entry(2));
    expect(inbox.full()).toBe(true);
    let released = false;
    const waiting = inbox.drained().then(() => (released = true));
    await Promise.resolve();
    expect(released).toBe(false);
    await inbox.take(1);
    await waiting;
    expect(inbox.full()).toBe(false);
  });

  test('knows the age of the oldest message that is not done, taken or not', async () => {
    const inbox = new InboxQueue<number>(5);
    inbox.push(entry(10));
    inbox.push(entry(20));
    await inbox.take(1);
    expect(inbox.oldestSentAtMs()).toBe(10);
    inbox.settle();
    expect(inbox.oldestSentAtMs()).toBe(20);
  });

  test('ends the taker when it is closed', async () => {
    const inbox = new InboxQueue<number>(5);
    const taking = inbox.take(1);
    inbox.close();
    expect(await taking).toBeUndefined();
  });
});
