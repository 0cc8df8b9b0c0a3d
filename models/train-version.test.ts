import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { collectExamples, type Collected } from './collect-examples.ts';
import { DAY_MS } from './features/feature-windows.ts';
import { loadVersion } from './load-version.ts';
import { planWindows } from './plan-windows.ts';
import type { TransactionRow } from './simulator/transaction-file.ts';
import { simulateWorld } from './simulator/simulate-world.ts';
import { DataInsufficient, trainVersion } from './train-version.ts';
import { writeVersion } from './write-version.ts';

const world = simulateWorld({
  customers: 60,
  terminals: 120,
  radius: 20,
  days: 70,
  compromisedTerminalsPerDay: 1,
  compromisedCustomersPerDay: 1,
});
const windows = planWindows(world.options.startMs / DAY_MS + 20);

function* rows(): Generator<TransactionRow> {
  for (let row = 0; row < world.count; row++) {
    const occurredAtMs = world.options.startMs + world.timeS[row]! * 1000;
    const facts = { customerId: world.customer[row]!, terminalId: world.terminal[row]!, amountMinor: world.amountMinor[row]! };
    yield {
      transactionId: row,
      occurredAtMs,
      ...facts,
      fraud: world.scenario[row] !== 0,
      scenario: world.scenario[row]!,
      labelKnownAtMs: null,
    };
  }
}

async function train(folder: string, collected: Collected): Promise<Record<string, string>> {
  const version = await trainVersion(collected, { name: 'luminous-9', source: 'A small world', windows, seed: 4, epochs: 2 });
  await writeVersion(folder, version);
  version.model.dispose();
  const names = await readdir(folder);
  const contents = names.map(async (name) => [name, await readFile(join(folder, name), 'base64')] as const);
  return Object.fromEntries(await Promise.all(contents));
}

describe('training', () => {
  let collected: Collected;
  let parent: string;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'train-'));
    collected = await collectExamples(rows(), { fromMs: windows.fit.from * DAY_MS, toMs: windows.test.to * DAY_MS });
  });
  afterAll(() => rm(parent, { recursive: true }));

  test('gives the same files, byte for byte, on a second run, and the service accepts them', async () => {
    const first = await train(join(parent, 'a', 'luminous-9'), collected);
    const second = await train(join(parent, 'b', 'luminous-9'), collected);
    expect(Object.keys(first).sort()).toEqual(['card.md', 'golden.json', 'manifest.json', 'model.json', 'weights.bin']);
    expect(second).toEqual(first);
    const { manifest } = await loadVersion(join(parent, 'a', 'luminous-9'));
    expect(manifest.data.sha256).toBe(collected.dataDigest);
    expect(manifest.metrics.auc).toBeGreaterThan(0.5);
  });

  test('never looks at the cause of a fraud', async () => {
    const withoutCause = function* () {
      for (const row of rows()) yield { ...row, scenario: 0 };
    };
    const again = await collectExamples(withoutCause(), { fromMs: windows.fit.from * DAY_MS, toMs: windows.test.to * DAY_MS });
    expect(again.dataDigest).toBe(collected.dataDigest);
    expect(Buffer.from(again.examples.features.buffer).equals(Buffer.from(collected.examples.features.buffer))).toBe(true);
  });

  test('sees of a label nothing before it is known', async () => {
    const changedAtMs = windows.calibration.from * DAY_MS;
    const flipped = function* () {
      for (const row of rows()) yield row.occurredAtMs > changedAtMs - 7 * DAY_MS ? { ...row, fraud: !row.fraud } : row;
    };
    const again = await collectExamples(flipped(), { fromMs: windows.fit.from * DAY_MS, toMs: changedAtMs });
    const cells = again.examples.features.length;
    expect(cells).toBeGreaterThan(10_000);
    expect([...again.examples.features]).toEqual([...collected.examples.features.subarray(0, cells)]);
  });

  test('says which days lack frauds', async () => {
    const genuine = function* () {
      for (const row of rows()) yield { ...row, fraud: false };
    };
    const examples = await collectExamples(genuine(), { fromMs: windows.fit.from * DAY_MS, toMs: windows.test.to * DAY_MS });
    const training = trainVersion(examples, { name: 'luminous-9', source: 'x', windows, seed: 4, epochs: 1 });
    await expect(training).rejects.toThrow(DataInsufficient);
    await expect(training).rejects.toThrow('from 2018-04-21 to 2018-05-18; there are 0 and');
  });
});
