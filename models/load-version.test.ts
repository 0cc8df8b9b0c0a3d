import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { scoreOf } from './calibrate-scores.ts';
import { columnsOf, Golden, Manifest, sha256, VersionRefused } from './describe-version.ts';
import { FEATURE_COUNT } from './features/declare-features.ts';
import { loadVersion, type ModelVersion } from './load-version.ts';
import { renderCard } from './render-card.ts';

const VERSIONS = join(import.meta.dirname, 'versions');
const COMMITTED = join(VERSIONS, 'luminous-2');

async function readJson(folder: string, name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, name), 'utf8'));
}

describe.each([
  ['champion', 'luminous-2', 0.74],
  ['fallback', 'luminous-4', 0.74],
])('the committed %s', (_, name, precisionLeast) => {
  let version: ModelVersion;
  let golden: Golden;
  beforeAll(async () => {
    version = await loadVersion(join(VERSIONS, name));
    golden = Golden.parse(await readJson(join(VERSIONS, name), 'golden.json'));
  });
  afterAll(() => version.dispose());

  /** Puts the values of the version's columns where they stand in the whole vector. */
  function vectorOf(values: readonly number[]): Float64Array {
    const vector = new Float64Array(FEATURE_COUNT);
    columnsOf(version.manifest.features).forEach((column, index) => (vector[column] = values[index] ?? NaN));
    return vector;
  }

  function probabilityOf(features: readonly number[]): number {
    const out = new Float64Array(1);
    version.scorer.score(vectorOf(features), 1, out);
    return out[0]!;
  }

  test('loads, and gives its golden scores', () => {
    expect(golden.features.map((features) => scoreOf(probabilityOf(features)))).toEqual(golden.scores);
    expect(Math.max(...golden.scores)).toBeGreaterThanOrEqual(version.manifest.thresholds.decline);
    expect(Math.min(...golden.scores)).toBeLessThan(version.manifest.thresholds.review);
  });

  test('has the card that its manifest makes', async () => {
    expect(await readFile(join(VERSIONS, name, 'card.md'), 'utf8')).toBe(renderCard(version.manifest));
  });

  test('was tested on the fold that the handbook publishes for the week from 2018-08-08', () => {
    expect(version.manifest.data.fit).toMatchObject({ from: '2018-07-04', to: '2018-08-01' });
    expect(version.manifest.data.test).toEqual({ from: '2018-08-08', to: '2018-08-15', rows: 58_264, frauds: 385 });
    expect(version.manifest.metrics.average_precision).toBeGreaterThan(precisionLeast);
  });

  test('scores a batch like its rows one by one', () => {
    const rows = golden.features.length;
    const out = new Float64Array(rows);
    version.scorer.score(Float64Array.from(golden.features.flatMap((features) => [...vectorOf(features)])), rows, out);
    expect([...out]).toEqual(golden.features.map(probabilityOf));
  });

  test('reads beliefs where it is the champion, and nothing that is estimated where it is the fallback', () => {
    expect(version.manifest.beliefs === null).toBe(name === 'luminous-4');
  });

  test('scores NaN as NaN instead of as something', () => {
    const features = [...golden.features[0]!];
    features[4] = NaN;
    expect(probabilityOf(features)).toBeNaN();
  });
});

describe('a version is refused when', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'version-')), 'luminous-1');
    await cp(COMMITTED, folder, { recursive: true });
  });
  const folders: string[] = [];
  beforeEach(() => void folders.push(folder));
  afterAll(() => Promise.all(folders.map((made) => rm(join(made, '..'), { recursive: true }))));

  /** Changes a file and makes the manifest agree, as somebody would who knows of the digests. */
  async function forge(name: 'weights.bin' | 'golden.json' | 'model.json', change: (bytes: Buffer) => Buffer): Promise<void> {
    const bytes = change(await readFile(join(folder, name)));
    await writeFile(join(folder, name), bytes);
    await changeManifest((manifest) => ({ ...manifest, digests: { ...manifest.digests, [name]: sha256(bytes) } }));
  }

  async function changeManifest(change: (manifest: Manifest) => unknown): Promise<void> {
    const manifest = Manifest.parse(await readJson(folder, 'manifest.json'));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(change(manifest)));
  }

  async function refusal(): Promise<string> {
    const error: unknown = await loadVersion(folder).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(VersionRefused);
    return (error as Error).message;
  }

  test('a file is missing', async () => {
    await rm(join(folder, 'weights.bin'));
    expect(await refusal()).toContain('weights.bin cannot be read');
  });

  test('a weight was changed', async () => {
    const weights = await readFile(join(folder, 'weights.bin'));
    weights[100] = weights[100]! ^ 1;
    await writeFile(join(folder, 'weights.bin'), weights);
    expect(await refusal()).toContain('weights.bin is not the one');
  });

  test('its weights do not give its golden scores, though every digest fits', async () => {
    await forge('weights.bin', (weights) => {
      for (let at = 0; at < weights.length; at += 4) weights.writeFloatLE(weights.readFloatLE(at) * 1.01, at);
      return weights;
    });
    expect(await refusal()).toMatch(/golden row \d+ is scored/);
  });

  test('the weights are too few for the model', async () => {
    await forge('weights.bin', (weights) => weights.subarray(0, 400));
    expect(await refusal()).toContain('model.json does not describe');
  });

  test('it was made for other features', async () => {
    await changeManifest((manifest) => ({ ...manifest, feature_set: 'book-15@000000' }));
    expect(await refusal()).toContain('made for the features book-15@000000');
  });

  test('its network has a layer that cannot be compiled', async () => {
    await forge('model.json', (bytes) => Buffer.from(bytes.toString().replace('"activation": "relu"', '"activation": "tanh"')));
    expect(await refusal()).toContain('activation that is not known');
  });

  test('its manifest lacks a part', async () => {
    await changeManifest((manifest) => ({ ...manifest, thresholds: undefined }));
    expect(await refusal()).toContain('thresholds');
  });
});
