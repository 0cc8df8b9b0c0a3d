import { describe, expect, test } from '@jest/globals';
import type { Received } from '@trancendos/platform/consume';
import fc from 'fast-check';
import { ReplayLanes } from './replay-lanes.ts';

type Message = Received<'transactions' | 'labels'>;
const message = (topic: Message['topic'], partition: number, offset: number, sentAtMs: number): Message =>
  ({ topic, partition, offset: BigInt(offset), sentAtMs }) as unknown as Message;

/** Sending times of three partitions, each in order. */
const times = fc.array(
  fc.array(fc.nat({ max: 1_000 }), { maxLength: 20 }).map((list) => list.sort((a, b) => a - b)),
  { minLength: 3, maxLength: 3 },
);

describe('a replay of several partitions', () => {
  test('hands out in the order of sending, whatever the broker hands out first', () => {
    fc.assert(
      fc.property(times, fc.infiniteStream(fc.nat({ max: 2 })), (lists, choices) => {
        const handled: Message[] = [];
        const ranges = lists.map((list, partition) => ({ topic: 'transactions' as const, partition, from: 0n, to: BigInt(list.length) }));
        const lanes = new ReplayLanes<Message['topic']>(ranges, (received) => handled.push(received));
        const left = lists.map((list, partition) => list.map((sentAtMs, offset) => message('transactions', partition, offset, sentAtMs)));
        for (const choice of choices) {
          const queue = left[choice]?.length ? left[choice] : left.find(({ length }) => length > 0);
          if (!queue) break;
          for (const next of queue.splice(0, 3)) lanes.push(next.topic, next.partition, next.offset, () => next);
          lanes.drain();
        }
        expect(lanes.done()).toBe(true);
        expect(handled.map(({ sentAtMs }) => sentAtMs)).toEqual(lists.flat().sort((a, b) => a - b));
      }),
    );
  });

  test('keeps the order of a partition where its clocks disagree', () => {
    const handled: bigint[] = [];
    const lanes = new ReplayLanes<'transactions'>([{ topic: 'transactions', partition: 0, from: 0n, to: 3n }], ({ offset }) =>
      handled.push(offset),
    );
    [30, 10, 20].forEach((sentAtMs, offset) => {
      const next = message('transactions', 0, offset, sentAtMs) as Received<'transactions'>;
      lanes.push('transactions', 0, next.offset, () => next);
    });
    lanes.drain();
    expect(handled).toEqual([0n, 1n, 2n]);
  });

  test('waits for no message that cannot be read, and takes none twice or beyond its end', () => {
    const handled: bigint[] = [];
    const lanes = new ReplayLanes<'labels'>([{ topic: 'labels', partition: 0, from: 1n, to: 3n }], ({ offset }) => handled.push(offset));
    for (const offset of [0, 1, 1, 2, 3]) {
      const next = message('labels', 0, offset, offset) as Received<'labels'>;
      lanes.push('labels', 0, next.offset, () => (offset === 2 ? undefined : next));
    }
    lanes.drain();
    expect(handled).toEqual([1n]);
    expect(lanes.done()).toBe(true);
  });
});
