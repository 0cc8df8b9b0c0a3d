import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MessageOf, TopicKey } from '@trancendos/contracts/topics';
import { pause } from '@trancendos/platform/clock';
import { PublishError, type Publisher } from '@trancendos/platform/publish';
import { pino } from 'pino';
import { applyBatch } from './apply-batch.ts';
import { emptyJournal } from './empty-journal.ts';
import type { Entry } from './entry.ts';
import { emptyState, type LedgerState } from './ledger-state.ts';
import type { Journal } from './journal.ts';
import type { OutcomeStore, StoredBatch } from './outcome-store.ts';
import { OutcomeRelay } from './relay-outcomes.ts';
import { renderBalance } from './render-balance.ts';
import { commandEntry, sampleCommand } from './sample-command.ts';
import { SAMPLE_AT_MS, sampleEntry } from './sample-decision.ts';
import { sealBatch, type SealedBatch } from './seal-batch.ts';

/** Gathers what is published in one turn of the event loop into one request, and answers it when the test says so. */
class HeldBroker implements Pick<Publisher, 'publish' | 'publishText'> {
  requests: { topic: TopicKey; value: unknown; settle: (error?: PublishError) => void }[][] = [];
  automatic = true;

  publish<K extends TopicKey>(topic: K, _key: string, value: MessageOf<K>): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: PublishError) => (error ? reject(error) : resolve());
      if (!this.#open) {
        this.requests.push((this.#open = []));
        setImmediate(() => {
          const request = this.#open;
          this.#open = undefined;
          if (this.automatic) request?.forEach((message) => message.settle());
        });
      }
      this.#open.push({ topic, value, settle });
    });
  }
  #open: { topic: TopicKey; value: unknown; settle: (error?: PublishError) => void }[] | undefined;

  publishText(topic: TopicKey, key: string, text: string): Promise<void> {
    return this.publish(topic, key, JSON.parse(text) as MessageOf<TopicKey>);
  }

  seqs(request = this.requests.at(-1)): number[] {
    return (request ?? []).filter(({ topic }) => topic === 'outcomes').map(({ value }) => (value as { ledger_seq: number }).ledger_seq);
  }
}

/** The outbox in memory. */
class MemoryStore implements OutcomeStore {
  publishedBatch = 0;
  readonly committed: SealedBatch[] = [];

  readPublishedBatch() {
    return Promise.resolve(this.publishedBatch);
  }
  savePublishedBatch(batch: number) {
    this.publishedBatch = Math.max(this.publishedBatch, batch);
    return Promise.resolve();
  }
  readBatches(afterBatch: number, lastBatch: number): Promise<StoredBatch[]> {
    const batches = this.committed.slice(afterBatch, lastBatch).map(({ effects, after }): StoredBatch => ({
      batchSeq: after.lastBatchSeq,
      messages: effects.messages,
      texts: [],
      lengths: effects.messages.map(() => 1_000),
      balances: [...effects.accounts.values()].map((change) => renderBalance(change.after, effects.committedAt)),
      committedAtMs: effects.committedAtMs,
    }));
    return Promise.resolve(batches);
  }
}

let broker: HeldBroker;
let store: MemoryStore;
let state: LedgerState;
let journal: Journal;
let relay: OutcomeRelay;
let relays: OutcomeRelay[];

const openRelay = (queueMax = 8_000, gatherMs = 0) => {
  const opened = new OutcomeRelay({ publisher: broker, store, log: pino({ level: 'silent' }), queueMax, gatherMs: () => gatherMs });
  relays.push(opened);
  return opened;
};

beforeEach(() => {
  broker = new HeldBroker();
  store = new MemoryStore();
  journal = emptyJournal();
  state = emptyState({ decidedMax: 10_000 });
  relays = [];
  relay = openRelay();
});

afterEach(async () => {
  broker.automatic = true;
  for (const request of broker.requests) for (const { settle } of request) settle();
  await Promise.all(relays.map((one) => one.stop()));
});

/** Commits the next `count` transactions of one payer, whose messages have the given length. */
function commit(count: number, length = 1_000): SealedBatch {
  const entries = Array.from({ length: count }, (_, index) =>
    sampleEntry({ transactionId: `t-${state.lastSeq + index}`, amountMinor: 1 }, state.lastSeq + index),
  );
  return commitEntries(entries, length);
}

/** Commits a command of the payer's, which takes a place in the order too. */
function commitCommand(): SealedBatch {
  const sides = { debit_account_id: 'customer:ACC-1:EUR', credit_account_id: 'merchant:books-01:EUR', currency: 'EUR' as const };
  return commitEntries([commandEntry(sampleCommand(1, { kind: 'post', ...sides, amount_minor: 1 }))], 1_000);
}

function commitEntries(entries: readonly Entry[], length: number): SealedBatch {
  const policy = { opensAtFirstSight: true, openingCreditMinor: 1_000_000n, customerOverdraftMinor: 0n, holdTtlMs: 1_000 };
  const effects = applyBatch(state, { entries, committedAtMs: SAMPLE_AT_MS, takenAtMs: SAMPLE_AT_MS }, policy);
  const batch = { ...sealBatch(journal, entries, effects, state), lines: effects.messages.map(() => '.'.repeat(length)) };
  journal = batch.after;
  store.committed.push(batch);
  return batch;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < 4_000; waitedMs += 5) {
    await pause(5); // also ends the turn in which the request is still being gathered
    if (holds()) return;
  }
  throw new Error('it did not happen within 4 s');
}

describe('committed outcomes', () => {
  test('that arrive while a request is under way go together into the next one, in commit order', async () => {
    broker.automatic = false;
    relay.push(commit(2));
    await until(() => broker.requests.length === 1);
    relay.push(commit(3));
    relay.push(commit(1));
    await pause(10);
    expect(broker.requests.map((request) => broker.seqs(request))).toEqual([[1, 2]]);
    broker.requests[0]?.forEach(({ settle }) => settle());
    await until(() => broker.requests.length === 2);
    expect(broker.seqs()).toEqual([3, 4, 5, 6]);
  });

  test('carry each account once a request, with its newest version', async () => {
    broker.automatic = false;
    relay.push(commit(1));
    await until(() => broker.requests.length === 1);
    relay.push(commit(2));
    relay.push(commit(2));
    broker.requests[0]?.forEach(({ settle }) => settle());
    await until(() => broker.requests.length === 2);
    const balances = broker.requests[1]?.filter(({ topic }) => topic === 'balances').map(({ value }) => value as MessageOf<'balances'>);
    expect(balances?.map(({ account_id, version }) => [account_id, version])).toEqual([
      ['customer:ACC-1:EUR', 7],
      ['merchant:books-01:EUR', 6],
    ]);
  });

  test('are divided into requests that the broker takes: by number and by size', async () => {
    relay.push(commit(1_200, 10));
    await until(() => broker.requests.length === 3);
    expect(broker.requests.map((request) => broker.seqs(request).length)).toEqual([500, 500, 200]);
    relay.push(commit(100, 30_000));
    await until(() => broker.requests.flatMap((request) => broker.seqs(request)).length === 1_300);
    expect(Math.max(...broker.requests.slice(3).map((request) => broker.seqs(request).length))).toBeLessThanOrEqual(14);
    expect(broker.requests.flatMap((request) => broker.seqs(request))).toEqual(range(1, 1_300));
  });

  test('are gathered for a while after a request where nobody waits for them; what became of a command, and an end, wait for nothing', async () => {
    relay = openRelay(8_000, 1_000);
    relay.push(commit(1));
    await until(() => broker.requests.length === 1);
    relay.push(commit(2));
    await pause(50);
    relay.push(commit(1));
    await pause(50);
    expect(broker.requests.length).toBe(1);
    relay.push(commitCommand());
    await until(() => broker.requests.length === 2);
    expect(broker.seqs()).toEqual([2, 3, 4]);
    relay.push(commit(1));
    await pause(50);
    expect(broker.requests.length).toBe(2);
    await relay.stop();
    expect(broker.seqs()).toEqual([6]);
  });

  test('that are gathered are left to the next owner when the journal has passed to it', async () => {
    relay = openRelay(8_000, 100);
    relay.push(commit(1));
    await until(() => broker.requests.length === 1);
    relay.push(commit(1));
    relay.abandon();
    await pause(200);
    expect(broker.requests.length).toBe(1);
  });

  test('that the broker does not confirm are repeated whole before anything later, and not counted as published', async () => {
    broker.automatic = false;
    relay.push(commit(4));
    await until(() => broker.requests.length === 1);
    relay.push(commit(2));
    broker.requests[0]?.forEach(({ settle }, index) => settle(index === 1 ? new PublishError('unavailable') : undefined));
    await until(() => broker.requests.length === 2);
    expect(broker.seqs()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(store.publishedBatch).toBe(0);
    broker.requests[1]?.forEach(({ settle }) => settle());
    await until(() => store.publishedBatch === 2);
  });

  test('hold the writer up when too many wait, until some are published', async () => {
    relay = openRelay(3);
    broker.automatic = false;
    relay.push(commit(3));
    let free = false;
    const waiting = relay.room(new AbortController().signal).then(() => (free = true));
    await pause(20);
    expect(free).toBe(false);
    broker.requests[0]?.forEach(({ settle }) => settle());
    await waiting;
  });

  test('do not hold up a writer that is being stopped', async () => {
    relay = openRelay(1);
    broker.automatic = false;
    relay.push(commit(1));
    const stop = new AbortController();
    const waiting = relay.room(stop.signal);
    stop.abort(new Error('stopping'));
    await expect(waiting).rejects.toThrow('stopping');
  });
});

describe('a relay', () => {
  test('that is stopped publishes first what is committed', async () => {
    relay.push(commit(700));
    await relay.stop();
    expect(broker.requests.flatMap((request) => broker.seqs(request))).toEqual(range(1, 700));
    expect(store.publishedBatch).toBe(1);
  });

  test('whose journal belongs to another publishes nothing more, neither what waits nor what comes', async () => {
    broker.automatic = false;
    relay.push(commit(2));
    await until(() => broker.requests.length === 1);
    relay.push(commit(3));
    relay.abandon();
    relay.push(commit(1));
    broker.requests[0]?.forEach(({ settle }) => settle());
    await relay.stop();
    expect(broker.requests.flatMap((request) => broker.seqs(request))).toEqual([1, 2]);
  });
});

describe('going on after a crash', () => {
  test('publishes exactly what was committed and not confirmed, before what comes next', async () => {
    for (const count of [2, 3, 4]) commit(count);
    store.publishedBatch = 1;
    await relay.resume(3);
    relay.push(commit(1));
    await until(() => store.publishedBatch === 4);
    expect(broker.requests.flatMap((request) => broker.seqs(request))).toEqual(range(3, 10));
  });

  test('in the middle of a batch begins with the whole batch again, because its balances come last', async () => {
    broker.automatic = false;
    relay.push(commit(600));
    await until(() => broker.requests.length === 1);
    broker.requests[0]?.forEach(({ settle }) => settle());
    await until(() => broker.requests.length === 2);
    relay.abandon();
    expect(store.publishedBatch).toBe(0);
    broker.automatic = true;
    const next = openRelay();
    await next.resume(1);
    await until(() => store.publishedBatch === 1);
    const published = broker.requests.slice(2).flat();
    expect(published.filter(({ topic }) => topic === 'outcomes')).toHaveLength(600);
    expect(published.filter(({ topic }) => topic === 'balances').map(({ value }) => (value as MessageOf<'balances'>).account_id)).toContain(
      'customer:ACC-1:EUR',
    );
  });

  test('in the same process publishes only what memory does not hold: a commit whose answer was lost', async () => {
    relay.push(commit(2));
    commit(3);
    await relay.resume(2);
    await relay.resume(2);
    relay.push(commit(1));
    await until(() => store.publishedBatch === 3);
    expect(broker.requests.flatMap((request) => broker.seqs(request))).toEqual(range(1, 6));
  });

  test('publishes nothing again that another process has published meanwhile', async () => {
    relay.push(commit(2));
    await until(() => store.publishedBatch === 1);
    commit(3);
    store.publishedBatch = 2;
    await relay.resume(2);
    relay.push(commit(1));
    await until(() => store.publishedBatch === 3);
    expect(broker.requests.flatMap((request) => broker.seqs(request))).toEqual([1, 2, 6]);
  });
});
