import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { collectExamples } from './collect-examples.ts';
import { DAY_MS } from './features/feature-windows.ts';
import { DataUnfit, transactionsOf, type Transactions } from './load-transactions.ts';
import { loadVersion } from './load-version.ts';
import { planWindows } from './plan-windows.ts';
import { prepareFolds, type PreparedFold } from './prepare-folds.ts';
import { simulateWorld } from './simulator/simulate-world.ts';
import { trainVersion } from './train-version.ts';
import { loadNativeBackend } from './load-native-backend.ts';
import type { BackendChoice } from './use-backend.ts';
import { VERSION_RECIPES, type VersionRecipe } from './version-recipes.ts';
import { writeVersion } from './write-version.ts';

const world = simulateWorld({
  customers: 60,
  terminals: 120,
  radius: 20,
  days: 70,
  compromisedTerminalsPerDay: 1,
  compromisedCustomersPerDay: 1,
});
const transactions = transactionsOf(world);
const windows = planWindows(world.options.startMs / DAY_MS + 45);
const { champion } = VERSION_RECIPES;
const small: VersionRecipe = { ...champion, network: { ...champion.network, members: 2, hiddenUnits: [8, 4], epochs: 2, batchRows: 256 } };

describe('training', () => {
  let fold: PreparedFold;
  let parent: string;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'train-'));
    fold = prepareFolds(transactions, [windows]);
  });
  afterAll(() => rm(parent, { recursive: true }));

  async function train(folder: string, backend: BackendChoice = 'wasm'): Promise<Record<string, string>> {
    const data = { digest: '0'.repeat(64), rows: fold.rows };
    const options = { name: 'luminous-9', source: 'A small world', windows, beliefs: fold.beliefs, data, seed: 4, backend };
    const version = await trainVersion(fold.examples, small, options);
    await writeVersion(folder, version);
    version.model.dispose();
    const names = await readdir(folder);
    const contents = names.map(async (name) => [name, await readFile(join(folder, name), 'base64')] as const);
    return Object.fromEntries(await Promise.all(contents));
  }

  test('gives the same files, byte for byte, on a second run, and the service accepts them', async () => {
    const first = await train(join(parent, 'a', 'luminous-9'));
    const second = await train(join(parent, 'b', 'luminous-9'));
    expect(Object.keys(first).sort()).toEqual(['card.md', 'golden.json', 'manifest.json', 'model.json', 'weights.bin']);
    expect(second).toEqual(first);
    const version = await loadVersion(join(parent, 'a', 'luminous-9'));
    expect(version.manifest.beliefs).toEqual(fold.beliefs);
    expect(version.manifest.metrics.auc).toBeGreaterThan(0.5);
    version.dispose();
  }, 120_000);

  (loadNativeBackend() ? test : test.skip)(
    'gives the same metrics on the native backend as on WebAssembly (skipped where it is not built)',
    async () => {
      await train(join(parent, 'wasm', 'luminous-9'));
      await train(join(parent, 'native', 'luminous-9'), 'native');
      const [wasm, native] = await Promise.all(['wasm', 'native'].map((name) => loadVersion(join(parent, name, 'luminous-9'))));
      expect(native?.manifest.training.backend).toBe('native');
      expect(native?.manifest.metrics.average_precision).toBeCloseTo(wasm?.manifest.metrics.average_precision ?? NaN, 2);
      expect(native?.manifest.metrics.log_loss).toBeCloseTo(wasm?.manifest.metrics.log_loss ?? NaN, 3);
      wasm?.dispose();
      native?.dispose();
    },
    120_000,
  );

  test('never looks at the cause of a fraud', () => {
    const withoutCause: Transactions = { ...transactions, scenario: new Uint8Array(transactions.count) };
    const again = prepareFolds(withoutCause, [windows]);
    expect(again.beliefs).toEqual(fold.beliefs);
    expect(Buffer.from(again.examples.features.buffer).equals(Buffer.from(fold.examples.features.buffer))).toBe(true);
  });

  test('sees of a label nothing before it is known', () => {
    const changedAtMs = windows.thresholds.from * DAY_MS;
    const fraud = transactions.fraud.map((label, row) => (transactions.timeMs[row]! > changedAtMs - 7 * DAY_MS ? 1 - label : label));
    const again = collectExamples(
      { ...transactions, fraud },
      { beliefs: fold.beliefs, days: { from: windows.fit.from, to: windows.thresholds.from } },
    );
    const cells = again.features.length;
    expect(cells).toBeGreaterThan(10_000);
    expect(Buffer.from(again.features.buffer).equals(Buffer.from(fold.examples.features.slice(0, cells).buffer))).toBe(true);
  });

  test('says which days lack frauds, and which days are not there', async () => {
    const fit = { ...fold.examples, fraud: new Uint8Array(fold.examples.count) };
    const options = { name: 'luminous-9', source: 'x', windows, beliefs: fold.beliefs, data: { digest: '', rows: 1 }, seed: 4 };
    await expect(trainVersion(fit, small, options)).rejects.toThrow(DataUnfit);
    expect(() => prepareFolds(transactions, [planWindows(windows.start + 30)])).toThrow(
      /needs 2018-.* the data hold 2018-04-01 to 2018-06-09/,
    );
  });
});
