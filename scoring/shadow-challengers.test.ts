import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drawVersion } from '@trancendos/models/draw-version';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { metrics } from '@trancendos/platform/metrics';
import { loadModel, type LoadedModel } from './load-model.ts';
import { makeDecision } from './make-decision.ts';
import { opineRows } from './opine-rows.ts';
import { samplePayment } from './sample-messages.ts';
import type { Decided } from './score-batch.ts';
import { ChallengerShadow } from './shadow-challengers.ts';
import { firstOrders, type StandingOrders } from './standing-orders.ts';

let folder: string;
let orders: StandingOrders;

async function load(name: string, seed: number): Promise<LoadedModel> {
  await drawVersion(join(folder, name), { name, seed });
  const loading = await loadModel(folder, name, null);
  if (!loading.ok) throw new Error(loading.refusal.detail);
  return loading.model;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shadow-'));
  const champion = await load('luminous-1', 1);
  orders = { ...firstOrders(), champion, challengers: [champion, await load('luminous-2', 2)] };
});
afterAll(() => rm(folder, { recursive: true }));

function decide(index: number): Decided {
  const features = Float64Array.from({ length: FEATURE_COUNT }, (_, column) => Math.abs(Math.sin(index * 31 + column)) * 30);
  const [opinion] = opineRows(orders, features, 1);
  if (!opinion) throw new Error('no opinion');
  const times = { sentAtMs: 0, receivedAtMs: 0, decidedAtMs: 0 };
  const transaction = samplePayment(`t${index}`);
  return {
    decision: makeDecision({ transaction, features, featuresVersion: 'x', outcome: 'added', opinion, orders, times }),
    features,
    orders,
    partition: 0,
    offset: 0n,
  };
}

describe('challengers', () => {
  test('score what was decided, on the same vector, and are compared with what is in charge', async () => {
    const shadow = new ChallengerShadow(() => orders);
    shadow.offer(Array.from({ length: 150 }, (_, index) => decide(index)));
    await shadow.idle();
    const [self, other] = shadow.comparisons();
    expect(self).toMatchObject({ scored: 150, agreement: 1, meanGap: 0 });
    expect(other).toMatchObject({ challenger: expect.stringMatching(/^luminous-2@/), scored: 150 });
    expect(other?.meanGap).toBeGreaterThan(0);
    await shadow.stop();
  });

  test('never hold more than their queue: the rest is dropped and counted', async () => {
    const shadow = new ChallengerShadow(() => orders);
    const one = decide(1);
    const droppedBefore = (await metrics.challengerDropped.get()).values[0]?.value ?? 0;
    shadow.offer(Array.from({ length: 2_500 }, () => one));
    await shadow.idle();
    expect((await metrics.challengerDropped.get()).values[0]?.value).toBe(droppedBefore + 500);
    expect(shadow.comparisons()[0]?.scored).toBe(2_000);
    await shadow.stop();
  });

  test('cost nothing where there are none', async () => {
    const shadow = new ChallengerShadow(() => ({ ...orders, challengers: [] }));
    shadow.offer([decide(1)]);
    await shadow.idle();
    expect(shadow.comparisons()).toEqual([]);
    await shadow.stop();
  });
});
