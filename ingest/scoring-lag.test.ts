import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Decision } from '@trancendos/contracts/decision';
import type { Payer } from '@trancendos/contracts/transaction';
import { toInstant } from '@trancendos/platform/clock';
import { samplePayment } from './sample-outcome.ts';
import { ScoringLag } from './scoring-lag.ts';

let now: number;
let lag: ScoringLag;
let told: string[];

beforeEach(() => {
  now = 1_764_219_600_000;
  told = [];
  const log = { warn: () => told.push('behind'), info: () => told.push('in time') };
  lag = new ScoringLag({ log, clock: () => now });
});

const decided = (actor: Decision['actor'], arrivedAtMs: number, payer: Partial<Payer> = {}) => {
  const payment = samplePayment();
  lag.note({ actor, transaction: { ...payment, payer: { ...payment.payer, ...payer }, received_at: toInstant(arrivedAtMs) } });
};
/** Whether waiting is in vain for two requests at once: the first may be the one that waits all the same. */
const inVain = (deadlineMs = 250) => [lag.isInVain(deadlineMs), lag.isInVain(deadlineMs)];

const at = (ms: number) => (now += ms);

describe('waiting for scoring', () => {
  test('is worth it while nothing is known, and while scoring decides', () => {
    expect(inVain()).toEqual([false, false]);
    at(10_000);
    decided('luminous', now - 400);
    decided('policy', now);
    expect(inVain()).toEqual([false, false]);
    expect(told).toEqual([]);
  });

  test('is in vain when the policy has decided payments that came later, but for one request every quarter of a second', () => {
    decided('luminous', now);
    decided('policy', at(501));
    expect(inVain()).toEqual([false, true]);
    at(249);
    expect(inVain()).toEqual([true, true]);
    at(1);
    expect(inVain()).toEqual([false, true]);
    expect(told).toEqual(['behind']);
  });

  test('is worth it for whoever has more patience than scoring is behind', () => {
    decided('luminous', now);
    decided('policy', at(3_000));
    expect([inVain(1_500), inVain(1_499)]).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  test('is worth it again with the first payment that scoring has decided in time', () => {
    decided('luminous', now);
    decided('policy', at(5_000));
    decided('luminous', now - 250);
    expect(inVain()).toEqual([false, false]);
    expect(told).toEqual([]);
    decided('policy', at(5_000));
    inVain();
    decided('luminous', now);
    inVain();
    expect(told).toEqual(['behind', 'in time']);
  });

  test('is worth it where nothing was answered of late: a ledger that is away does not speak against scoring', () => {
    decided('luminous', now);
    decided('policy', at(5_000));
    at(1_001);
    expect(inVain()).toEqual([false, false]);
  });

  test('is not judged by outcomes that the sandbox was asked for, nor by those that it was asked to let time out', () => {
    decided('sandbox', at(5_000));
    decided('policy', now, { card_token: 'tok_test_timeout' });
    expect(inVain()).toEqual([false, false]);
    decided('policy', now);
    decided('sandbox', now);
    expect(inVain()).toEqual([false, true]);
  });
});

describe('adding lots to what waits for scoring', () => {
  const taken = (arrivedAtMs: number) => lag.noteTaken({ ...samplePayment(), received_at: toInstant(arrivedAtMs) });

  test('is fine while scoring keeps up, and for half a minute of what it has not come to', () => {
    decided('luminous', now);
    taken(at(30_000));
    expect(lag.isFarBehind()).toBe(false);
    taken(at(1));
    expect(lag.isFarBehind()).toBe(false); // the first in a while: nothing has been waiting
    decided('luminous', now);
    for (let second = 0; second < 30; second++) taken(at(1_000));
    expect(lag.isFarBehind()).toBe(false);
    taken(at(1_000));
    expect(lag.isFarBehind()).toBe(true);
    decided('luminous', now - 30_000);
    expect(lag.isFarBehind()).toBe(false);
  });

  test('is not held up by what the policy has decided', () => {
    decided('luminous', now);
    for (let second = 0; second < 32; second++) taken(at(1_000));
    decided('policy', now);
    expect(lag.isFarBehind()).toBe(true);
  });

  test('is tried after some seconds without a payment, so that nobody waits for ever', () => {
    for (let second = 0; second < 32; second++) taken(at(1_000));
    expect(lag.isFarBehind()).toBe(true);
    at(5_001);
    expect(lag.isFarBehind()).toBe(false);
    taken(now);
    expect(lag.isFarBehind()).toBe(true);
  });

  test('does not look at the sandbox', () => {
    decided('luminous', now);
    for (let second = 0; second < 40; second++) {
      at(1_000);
      lag.noteTaken({ payer: { card_token: 'tok_test_timeout' }, received_at: toInstant(now) });
    }
    expect(lag.isFarBehind()).toBe(false);
  });
});
