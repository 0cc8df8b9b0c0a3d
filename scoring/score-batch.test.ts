import { describe, expect, test } from '@jest/globals';
import type { Decision } from '@trancendos/contracts/decision';
import { featureIndex } from '@trancendos/models/features/declare-features';
import { writeSnapshot } from '@trancendos/models/features/snapshot-features';
import { PublishError, type Publisher } from '@trancendos/platform/publish';
import { FeatureState } from './feature-state.ts';
import { FoldedLog } from './folded-log.ts';
import { receivedLabel, receivedTransaction, sampleHistory, sampleLabel, samplePayment } from './sample-messages.ts';
import { BatchScorer } from './score-batch.ts';
import { firstOrders } from './standing-orders.ts';

/** Keeps what is published; refuses everything while `away`. */
class Outbox implements Pick<Publisher, 'publish'> {
  readonly decisions: Decision[] = [];
  away = false;

  publish(topic: string, key: string, message: unknown): Promise<void> {
    if (this.away) return Promise.reject(new PublishError('unavailable'));
    expect(topic).toBe('decisions');
    expect(key).toBe((message as Decision).transaction.payer.account_id);
    this.decisions.push(message as Decision);
    return Promise.resolve();
  }
}

function open(state = new FeatureState()) {
  const outbox = new Outbox();
  const folded = new FoldedLog(state);
  const orders = firstOrders();
  return { outbox, state, folded, scorer: new BatchScorer({ folded, orders: () => orders, publisher: outbox }) };
}

const NOTHING_COMMITTED = new Map<number, bigint>();
const dayOfMarch = (day: number) => `2026-03-${String(day).padStart(2, '0')}T12:00:00.000Z`;
const COUNT = featureIndex('customer_id_nb_tx_30day_window');
const RISK = featureIndex('terminal_id_risk_30day_window');

describe('a batch', () => {
  test('is decided payment by payment, each with the features of its own place in the order', async () => {
    const { scorer, outbox } = open();
    const batch = ['a', 'b', 'c'].map((id, offset) => receivedTransaction(samplePayment(id), offset));
    expect(await scorer.handle(batch)).toEqual([{ kind: 'ok' }, { kind: 'ok' }, { kind: 'ok' }]);
    expect(outbox.decisions.map(({ transaction, features }) => [transaction.transaction_id, features[COUNT]])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });

  test('decides nothing on imported history, but counts it, and its label from when it was known', async () => {
    const { scorer, outbox } = open();
    const label = { fraud: true, known_at: dayOfMarch(12) };
    const old = receivedTransaction(sampleHistory('old', { occurred_at: dayOfMarch(2), label }), 0);
    const before = receivedTransaction(samplePayment('before', { occurred_at: dayOfMarch(10), received_at: dayOfMarch(20) }), 1);
    const after = receivedTransaction(samplePayment('after', { occurred_at: dayOfMarch(12), received_at: dayOfMarch(20) }), 2);
    await scorer.handle([old, before, after]);
    expect(outbox.decisions.map(({ features }) => [features[COUNT], features[RISK]])).toEqual([
      [2, 0],
      [3, 1],
    ]);
  });

  test('lets a label count for what is sent after it has settled, wherever it lies in the batch', async () => {
    const { scorer, outbox } = open();
    const fraud = samplePayment('fraud');
    const onDay12 = (seconds: number) => ({ received_at: `2026-03-12T12:00:0${seconds}.000Z` });
    const labelled = (isFraud: boolean, seconds: number) => ({ ...sampleLabel(fraud, isFraud), ...onDay12(seconds) });
    const later = (id: string, seconds: number) => samplePayment(id, { occurred_at: dayOfMarch(12), ...onDay12(seconds) });
    await scorer.handle([
      receivedTransaction(fraud, 0),
      receivedTransaction(later('before', 0), 1),
      receivedTransaction(later('settling', 2), 2),
      receivedTransaction(later('after', 3), 3),
      receivedTransaction(later('corrected', 7), 4),
      receivedLabel(labelled(true, 1), 0),
      receivedLabel(labelled(false, 5), 1),
    ]);
    expect(outbox.decisions.slice(1).map(({ features }) => features[RISK])).toEqual([0, 0, 1, 0]);
  });

  test('that could not be published comes again, is folded once and decided as before', async () => {
    const { scorer, outbox, state } = open();
    const batch = [receivedTransaction(samplePayment('a'), 0), receivedTransaction(samplePayment('b'), 1)];
    outbox.away = true;
    await expect(scorer.handle(batch)).rejects.toThrow(PublishError);
    expect(scorer.resume('transactions', [0], NOTHING_COMMITTED)).toEqual(new Map([[0, 0n]]));
    const folded = writeSnapshot(state.kernel);
    outbox.away = false;
    await scorer.handle(batch);
    expect(writeSnapshot(state.kernel).equals(folded)).toBe(true);
    expect(outbox.decisions.map(({ features }) => features[COUNT])).toEqual([1, 2]);
    expect(scorer.resume('transactions', [0], NOTHING_COMMITTED)).toEqual(new Map([[0, 2n]]));
  });

  test('is only folded where it lies before the offsets that are committed', async () => {
    const { scorer, outbox } = open();
    scorer.resume('transactions', [0], new Map([[0, 2n]]));
    await scorer.handle(['a', 'b', 'c'].map((id, offset) => receivedTransaction(samplePayment(id), offset)));
    expect(outbox.decisions.map(({ transaction, features }) => [transaction.transaction_id, features[COUNT]])).toEqual([['c', 3]]);
  });

  test('sets a payment from the future aside, and decides on the next one without it', async () => {
    const { scorer, outbox } = open();
    const future = samplePayment('future', { occurred_at: '2099-01-01T00:00:00.000Z' });
    const verdicts = await scorer.handle([receivedTransaction(future, 0), receivedTransaction(samplePayment('now'), 1)]);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['reject', 'ok']);
    expect(outbox.decisions.map(({ features }) => features[COUNT])).toEqual([1]);
  });

  test('drops a copy of imported history', async () => {
    const { scorer } = open();
    const history = sampleHistory('old');
    const verdicts = await scorer.handle([receivedTransaction(history, 0), receivedTransaction(history, 1)]);
    expect(verdicts).toEqual([{ kind: 'ok' }, { kind: 'drop', reason: 'duplicate' }]);
  });

  test('is decided on what was folded, however many payments of the same payer another worker has folded since', async () => {
    const { scorer, outbox, folded } = open();
    const batch = ['a', 'b', 'c'].map((id, offset) => receivedTransaction(samplePayment(id), offset));
    for (const received of batch) folded.take(received);
    expect(scorer.resume('transactions', [0], new Map([[0, 1n]]))).toEqual(new Map([[0, 1n]]));
    await scorer.handle(batch.slice(1));
    expect(outbox.decisions.map(({ transaction, features }) => [transaction.transaction_id, features[COUNT]])).toEqual([
      ['b', 2],
      ['c', 3],
    ]);
  });

  test('on a partition that moved here begins with what is still to be folded, and decides from the committed offset on', async () => {
    const { scorer, outbox } = open();
    expect(scorer.resume('transactions', [0], new Map([[0, 2n]]))).toEqual(new Map([[0, 0n]]));
    await scorer.handle(['a', 'b', 'c'].map((id, offset) => receivedTransaction(samplePayment(id), offset)));
    expect(outbox.decisions.map(({ transaction }) => transaction.transaction_id)).toEqual(['c']);
  });

  test('says of a payment from before what is kept that its history is missing', async () => {
    const { scorer, outbox } = open();
    const old = samplePayment('old', { occurred_at: '2026-01-02T12:00:00.000Z' });
    await scorer.handle([receivedTransaction(samplePayment('now'), 0), receivedTransaction(old, 1)]);
    expect(outbox.decisions[1]).toMatchObject({ degraded: true });
    expect(outbox.decisions[1]?.degraded_causes).toContain('history_too_old');
  });
});
