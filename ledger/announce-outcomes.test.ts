import { beforeEach, describe, expect, test } from '@jest/globals';
import { readAnnouncement } from '@trancendos/contracts/announcement';
import { OutcomeAnnouncer } from './announce-outcomes.ts';
import { applyBatch } from './apply-batch.ts';
import { emptyJournal } from './empty-journal.ts';
import { emptyState } from './ledger-state.ts';
import { TEST_POLICY } from './open-test-ledger.ts';
import { SAMPLE_AT_MS, sampleEntry } from './sample-decision.ts';
import { sealBatch } from './seal-batch.ts';

/** A batch with the decisions of so many transactions. */
function batchOf(count: number) {
  const state = emptyState({ decidedMax: 100 });
  const entries = Array.from({ length: count }, (_, index) => sampleEntry({ transactionId: `t-${index}` }, index));
  const effects = applyBatch(state, { entries, committedAtMs: SAMPLE_AT_MS, takenAtMs: SAMPLE_AT_MS }, TEST_POLICY);
  return sealBatch(emptyJournal(), entries, effects, state);
}

let published: string[];
let answer: () => Promise<number>;
let warnings: number;
let now: number;
let announcer: OutcomeAnnouncer;

beforeEach(() => {
  published = [];
  answer = () => Promise.resolve(1);
  warnings = 0;
  now = 0;
  announcer = new OutcomeAnnouncer({
    client: { publish: (_channel, message) => (published.push(message), answer()) },
    log: { warn: () => (warnings += 1) },
    clock: () => now,
  });
});

const settle = () => new Promise(setImmediate);

describe('committed outcomes', () => {
  test('are announced in the words of the outbox, one announcement a batch', async () => {
    const batch = batchOf(3);
    announcer.announce(batch);
    await settle();
    expect(published.map(readAnnouncement)).toEqual([
      batch.effects.messages.map((message, index) => ({
        merchantId: 'books-01',
        transactionId: `t-${index}`,
        text: JSON.stringify('value' in message && message.value),
      })),
    ]);
    expect(announcer.isHeard()).toBe(true);
  });

  test('that nobody listens to are known not to be heard', async () => {
    answer = () => Promise.resolve(0);
    announcer.announce(batchOf(1));
    await settle();
    expect(announcer.isHeard()).toBe(false);
  });

  test('are tried once a second while Redis is away, with one warning, and heard again when it is back', async () => {
    answer = () => Promise.reject(new Error('away'));
    for (now = 0; now < 2_500; now += 100) {
      announcer.announce(batchOf(1));
      await settle();
    }
    expect([published.length, warnings, announcer.isHeard()]).toEqual([3, 1, false]);
    answer = () => Promise.resolve(1);
    now += 1_000;
    announcer.announce(batchOf(1));
    await settle();
    expect(announcer.isHeard()).toBe(true);
  });

  test('that Redis does not take are not piled up', async () => {
    answer = () => new Promise(() => undefined);
    for (let count = 0; count < 200; count++) announcer.announce(batchOf(1));
    await settle();
    expect([published.length, announcer.isHeard()]).toEqual([64, false]);
  });
});
