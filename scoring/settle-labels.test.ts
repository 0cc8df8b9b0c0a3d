import { describe, expect, test } from '@jest/globals';
import type { Received } from '@trancendos/platform/consume';
import { metrics } from '@trancendos/platform/metrics';
import fc from 'fast-check';
import { LABEL_SETTLE_MS, SettlingLabels } from './settle-labels.ts';

const label = (partition: number, offset: number, sentAtMs: number) =>
  ({ topic: 'labels', partition, offset: BigInt(offset), sentAtMs }) as unknown as Received<'labels'>;
const nameOf = ({ partition, offset }: Received<'labels'>) => `${partition}/${offset}`;

/** What had its turn by each of the transactions, when each lane of labels is read up to the given share of it between two transactions. */
function turns(lanes: readonly (readonly Received<'labels'>[])[], transactions: readonly number[], ahead: () => number): string[][] {
  const settling = new SettlingLabels();
  const left = lanes.map((lane) => [...lane]);
  return transactions.map((sentAtMs) => {
    for (const lane of left) {
      const due = lane.filter((each) => each.sentAtMs + LABEL_SETTLE_MS <= sentAtMs).length;
      for (const each of lane.splice(0, due + ahead())) settling.add(each);
    }
    const taken: string[] = [];
    for (let each; (each = settling.takeUpTo(sentAtMs));) taken.push(nameOf(each));
    return taken;
  });
}

const times = fc.array(fc.nat({ max: 20_000 }), { maxLength: 20 }).map((list) => list.sort((a, b) => a - b));

describe('labels that settle', () => {
  test('have their turn at the same transaction, in the same order, however early they are read', () => {
    fc.assert(
      fc.property(fc.tuple(times, times), times, fc.infiniteStream(fc.nat({ max: 5 })), (sent, transactions, stream) => {
        const lanes = sent.map((list, partition) => list.map((sentAtMs, offset) => label(partition, offset, sentAtMs)));
        const ahead = () => (stream.next().value as number | undefined) ?? 0;
        expect(turns(lanes, transactions, ahead)).toEqual(turns(lanes, transactions, () => 0));
      }),
    );
  });

  test('have it with the first transaction that was sent late enough, and not before', () => {
    const settling = new SettlingLabels();
    settling.add(label(0, 7, 1_000));
    expect(settling.takeUpTo(1_000 + LABEL_SETTLE_MS - 1)).toBeUndefined();
    expect(settling.takeUpTo(1_000 + LABEL_SETTLE_MS)?.offset).toBe(7n);
    expect(settling.takeUpTo(Infinity)).toBeUndefined();
    expect(settling.next(0)).toBe(8n);
  });

  test('keep the order of their partition where its clocks disagree', () => {
    const settling = new SettlingLabels();
    for (const [offset, sentAtMs] of [5_000, 1_000, 6_000].entries()) settling.add(label(0, offset, sentAtMs));
    const taken = [settling.takeUpTo(7_000), settling.takeUpTo(7_000), settling.takeUpTo(7_000)];
    expect(taken.map((each) => each?.offset)).toEqual([0n, 1n, undefined]);
  });

  test('are counted when they come after their turn, and have it with the next transaction', async () => {
    const late = async () => (await metrics.lateLabels.get()).values[0]?.value ?? 0;
    const before = await late();
    const settling = new SettlingLabels();
    settling.takeUpTo(50_000);
    settling.add(label(0, 1, 1_000));
    settling.add(label(0, 2, 49_000));
    expect((await late()) - before).toBe(1);
    expect(settling.takeUpTo(50_001)?.offset).toBe(1n);
    expect(settling.takeUpTo(50_001)).toBeUndefined();
  });
});
