import { describe, expect, test } from '@jest/globals';
import { readSnapshot } from '@trancendos/models/features/snapshot-features';
import { pause } from '@trancendos/platform/clock';
import { openLog } from '@trancendos/platform/log';
import { FeatureState } from './feature-state.ts';
import { foldTransaction } from './fold-message.ts';
import { SnapshotKeeper } from './keep-snapshots.ts';
import type { TakenSnapshot } from './snapshot-store.ts';
import { receivedTransaction, samplePayment } from './sample-messages.ts';

const log = openLog('scoring', { LOG_LEVEL: 'fatal', LOG_FORMAT: 'json' });

interface Stored {
  readonly customers: number;
  readonly next: bigint | undefined;
}

function open(everyMs: number) {
  const state = new FeatureState();
  const stored: Stored[] = [];
  const database = { away: false };
  const store = ({ chunks, offsets }: TakenSnapshot) => {
    if (database.away) return Promise.reject(new Error('away'));
    stored.push({ customers: readSnapshot(Buffer.concat(chunks)).customers.customers.size, next: offsets.transactions.get(0) });
    return Promise.resolve();
  };
  const keeper = new SnapshotKeeper({ state, store, log, everyMs });
  let offset = 0;
  /** As a batch of `count` payments by new customers. */
  const batch = (count: number) => {
    for (let index = 0; index < count; index++, offset++) {
      foldTransaction(state.kernel, receivedTransaction(samplePayment(`t${offset}`, { payer: { account_id: `ACC-${offset}` } }), offset));
      state.advance('transactions', 0, BigInt(offset + 1));
    }
    keeper.betweenBatches();
  };
  return { keeper, stored, database, batch };
}

describe('snapshots', () => {
  test('are of the moment between two batches, with the offsets of that moment, though batches go on', async () => {
    const { keeper, stored, batch } = open(0);
    batch(500);
    for (let more = 0; more < 5; more++) {
      batch(100);
      await pause(1);
    }
    await keeper.stop();
    expect(stored.length).toBeGreaterThan(1);
    expect(stored[0]).toEqual({ customers: 500, next: 500n });
    for (const { customers, next } of stored) expect(BigInt(customers)).toBe(next);
  });

  test('are taken once more at a stop when something has changed, and not otherwise', async () => {
    const { keeper, stored, batch } = open(1_000_000);
    await keeper.stop();
    expect(stored).toEqual([]);
    batch(3);
    await keeper.stop();
    await keeper.stop();
    expect(stored).toEqual([{ customers: 3, next: 3n }]);
  });

  test('that cannot be stored hinder nothing and are tried again later', async () => {
    const { keeper, stored, database, batch } = open(1_000_000);
    database.away = true;
    batch(3);
    await keeper.stop();
    database.away = false;
    await keeper.stop();
    expect(stored).toEqual([{ customers: 3, next: 3n }]);
  });
});
