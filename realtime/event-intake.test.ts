import { describe, expect, test } from '@jest/globals';
import type { Balance } from '@trancendos/contracts/balance';
import type { Received } from '@trancendos/platform/consume';
import { BalanceBoard } from './balance-board.ts';
import { BalanceRelay } from './balance-relay.ts';
import { EventIntake } from './event-intake.ts';
import { FeedRing } from './feed-ring.ts';
import { LogPosition } from './log-position.ts';
import { RecentIds } from './recent-ids.ts';
import { sampleOutcome } from './sample-outcome.ts';
import { ScopeTotals } from './scope-totals.ts';

const envelope = { partition: 0, key: 'ACC-1', correlationId: 'req', sentAtMs: 0, receivedAtMs: 0 };
const outcome = (offset: number, ledgerSeq: number): Received<'outcomes'> => {
  return { ...envelope, topic: 'outcomes', offset: BigInt(offset), value: sampleOutcome(ledgerSeq) };
};
const balance = (accountId: string, version: number): Received<'balances'> => {
  const counters = {
    debits_posted: '0',
    credits_posted: '0',
    debits_pending: '0',
    credits_pending: '0',
    available: '0',
    overdraft: '0',
    status: 'open' as const,
  };
  const value: Balance = {
    account_id: accountId,
    kind: 'customer',
    currency: 'EUR',
    ...counters,
    version,
    ledger_seq: 1,
    committed_at: '',
  };
  return { ...envelope, topic: 'balances', offset: BigInt(version), value };
};

function openIntake(followed: string[] = []) {
  const told: string[] = [];
  const ring = new FeedRing(100);
  const intake = new EventIntake({
    ring,
    totals: new ScopeTotals({ ring, ledgerSummary: () => null }),
    board: new BalanceBoard(10),
    relay: new BalanceRelay(({ account_id, version }) => told.push(`${account_id} ${version}`)),
    position: new LogPosition({}),
    isFollowed: (accountId) => followed.includes(accountId),
  });
  return { ring, intake, told };
}

describe('what a gateway reads', () => {
  test('gives one row to an outcome that the ledger has published twice', () => {
    const { ring, intake } = openIntake();
    const verdicts = intake.take([outcome(0, 7), outcome(1, 8), outcome(2, 7), outcome(3, 8), outcome(4, 9)], 0);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['ok', 'ok', 'drop', 'drop', 'ok']);
    expect([1, 2, 3].map((number) => ring.at(number).row.ledger_seq)).toEqual([7, 8, 9]);
  });

  test('gives a row to every outcome of a ledger that was set up afresh and counts from 1 again', () => {
    const { ring, intake } = openIntake();
    const afresh = { ...outcome(1, 1), value: { ...sampleOutcome(1), decision_id: 'dec_of_the_new_ledger' } };
    expect(intake.take([outcome(0, 900), afresh], 0).map(({ kind }) => kind)).toEqual(['ok', 'ok']);
    expect(ring.head).toBe(2);
  });

  test('remembers only so many outcomes', () => {
    const recent = new RecentIds(2);
    expect(['a', 'b', 'a', 'c', 'b', 'a'].map((id) => recent.add(id))).toEqual([true, true, false, true, false, true]);
  });

  test('tells of the accounts that a console follows, and of no others', () => {
    const { intake, told } = openIntake(['customer:A:EUR']);
    intake.take([balance('customer:A:EUR', 1), balance('customer:B:EUR', 1)], 0);
    expect(told).toEqual(['customer:A:EUR 1']);
  });
});

describe('the place in the log', () => {
  const bounds = new Map([[0, { low: 100n, high: 1_000n, recent: 990n }]]);

  test('is so many messages before the end at the start, and never before the first one kept', () => {
    expect(new LogPosition({ outcomes: { least: 200, most: 800 } }).startAt('outcomes', bounds)).toEqual(new Map([[0, 800n]]));
    expect(new LogPosition({ outcomes: { least: 5_000, most: 8_000 } }).startAt('outcomes', bounds)).toEqual(new Map([[0, 100n]]));
    expect(new LogPosition({ outcomes: { least: 200, most: 800 } }).startAt('balances', bounds)).toEqual(new Map([[0, 1_000n]]));
  });

  test('goes back to what is recent where that is more, as far as it is kept, but not in a topic of which only what comes is wanted', () => {
    const busy = new Map([[0, { low: 100n, high: 1_000n, recent: 300n }]]);
    const busier = new Map([[0, { low: 100n, high: 1_000n, recent: 150n }]]);
    expect(new LogPosition({ outcomes: { least: 200, most: 800 } }).startAt('outcomes', busier)).toEqual(new Map([[0, 200n]]));
    expect(new LogPosition({ outcomes: { least: 200, most: 800 } }).startAt('outcomes', busy)).toEqual(new Map([[0, 300n]]));
    expect(new LogPosition({ outcomes: { least: 200, most: 800 } }).startAt('balances', busy)).toEqual(new Map([[0, 1_000n]]));
  });

  test('is shared out over the partitions of a topic', () => {
    const several = new Map([0, 1, 2, 3].map((partition) => [partition, { low: 0n, high: 100n, recent: 100n }] as const));
    expect([...new LogPosition({ outcomes: { least: 200, most: 800 } }).startAt('outcomes', several).values()]).toEqual([
      50n,
      50n,
      50n,
      50n,
    ]);
  });

  test('is where it was after a lost connection, even when nothing was handled yet', () => {
    const position = new LogPosition({ outcomes: { least: 200, most: 800 } });
    position.startAt('outcomes', bounds);
    position.startAt('balances', bounds);
    position.pass({ topic: 'outcomes', partition: 0, offset: 850n });
    const later = new Map([[0, { low: 100n, high: 2_000n, recent: 2_000n }]]);
    expect(position.startAt('outcomes', later)).toEqual(new Map([[0, 851n]]));
    expect(position.startAt('balances', later)).toEqual(new Map([[0, 1_000n]]));
  });

  test('has caught up when all that was there at the start is handled', () => {
    const position = new LogPosition({ outcomes: { least: 200, most: 800 } });
    position.startAt('outcomes', bounds);
    expect(position.caughtUp()).toBe(false);
    position.pass({ topic: 'outcomes', partition: 0, offset: 998n });
    expect(position.caughtUp()).toBe(false);
    position.pass({ topic: 'outcomes', partition: 0, offset: 999n });
    expect(position.caughtUp()).toBe(true);
  });
});
