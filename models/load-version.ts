import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import { probabilityOf, scoreOf } from './calibrate-scores.ts';
import { BATCH_ROWS_MAX, CompiledNetwork } from './compile-network.ts';
import { readNetwork } from './read-network.ts';
import { columnsOf, Golden, Manifest, sha256, VersionRefused } from './describe-version.ts';
import { Reference } from './describe-reference.ts';
import { ScoreExplainer } from './explain-score.ts';
import { FEATURE_COUNT, FEATURE_SET } from './features/declare-features.ts';
import { FeatureScorer } from './score-features.ts';
import { NumpyRandom } from './simulator/draw-numpy.ts';
import { transformFeatures } from './transform-features.ts';
import { useWasmBackend } from './use-backend.ts';

/** A model version that has passed its checks. */
export interface ModelVersion {
  readonly manifest: Manifest;
  /** SHA-256 of `manifest.json`, which holds those of the other files. */
  readonly hash: string;
  readonly scorer: FeatureScorer;
  readonly explainer: ScoreExplainer;
  readonly network: CompiledNetwork;
  /** What drift is measured against; null where none has been written. */
  readonly reference: Reference | null;
  /** Frees what it holds outside the garbage collector's reach. It must not score afterwards. */
  dispose(): void;
}

/** How far a probability may be from what the model's own library, or training, gives. */
const TOLERANCE = 1e-5;
const DRAWN_ROWS = 192;

/**
 * Loads the model version in `folder` and compiles it. Throws `VersionRefused` when a file is missing or was changed, when it was made for
 * other features, or when the compiled scorer differs from `model.predict`, or from the golden scores, by 1e-5 or more in probability.
 */
export async function loadVersion(folder: string): Promise<ModelVersion> {
  const manifestBytes = await readPart(folder, 'manifest.json');
  const manifest = parsePart(Manifest, manifestBytes, 'manifest.json');
  if (manifest.feature_set !== FEATURE_SET)
    throw new VersionRefused(`made for the features ${manifest.feature_set}, here are ${FEATURE_SET}`);
  columnsOf(manifest.features);
  const [modelJson, weights, goldenJson] = await Promise.all([
    readChecked(folder, 'model.json', manifest),
    readChecked(folder, 'weights.bin', manifest),
    readChecked(folder, 'golden.json', manifest),
  ]);
  const golden = parsePart(Golden, goldenJson, 'golden.json');
  await useWasmBackend();
  const model = await loadModel(modelJson, weights);
  try {
    const shape = readNetwork(model);
    if (shape.inputs !== manifest.features.length)
      throw new VersionRefused(`the network has ${shape.inputs} inputs, not ${manifest.features.length}`);
    const network = new CompiledNetwork(shape);
    try {
      checkAgainstModel(network, model, manifest, golden);
      const scorer = new FeatureScorer(manifest, network);
      checkGoldenScores(scorer, manifest, golden);
      const explainer = new ScoreExplainer(manifest, network);
      const hash = sha256(manifestBytes);
      const reference = await readReference(folder, hash);
      return { manifest, hash, network, scorer, explainer, reference, dispose: () => network.dispose() };
    } catch (error) {
      network.dispose();
      throw error;
    }
  } finally {
    model.dispose();
  }
}

type PartName = 'manifest.json' | 'reference.json' | keyof Manifest['digests'];

async function readPart(folder: string, name: PartName): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw new VersionRefused(`${name} cannot be read`, { cause: error });
  }
}

/** The one file that a version may do without. */
async function readReference(folder: string, manifestHash: string): Promise<Reference | null> {
  const bytes = await readFile(join(folder, 'reference.json')).catch(() => null);
  if (!bytes) return null;
  const reference = parsePart(Reference, bytes, 'reference.json');
  if (reference.manifest_sha256 === manifestHash) return reference;
  throw new VersionRefused('reference.json belongs to another manifest; write it anew with `npm run model:reference`');
}

async function readChecked(folder: string, name: keyof Manifest['digests'], manifest: Manifest): Promise<Buffer> {
  const bytes = await readPart(folder, name);
  if (sha256(bytes) !== manifest.digests[name]) throw new VersionRefused(`${name} is not the one that the manifest was written for`);
  return bytes;
}

function parsePart<S extends z.ZodType>(schema: S, bytes: Buffer, name: PartName): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new VersionRefused(`${name} is not JSON`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new VersionRefused(`${name}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`);
  return parsed.data;
}

async function loadModel(modelJson: Buffer, weights: Buffer): Promise<tf.LayersModel> {
  try {
    const { modelTopology, weightsManifest } = JSON.parse(modelJson.toString('utf8')) as tf.io.ModelJSON;
    const weightSpecs = weightsManifest.flatMap((group) => group.weights);
    return await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData: Uint8Array.from(weights).buffer }));
  } catch (error) {
    throw new VersionRefused('model.json does not describe a model with those weights', { cause: error });
  }
}

/** Compares on the golden vectors and on drawn inputs that reach to the clips. */
function checkAgainstModel(network: CompiledNetwork, model: tf.LayersModel, manifest: Manifest, golden: Golden): void {
  const goldenRows = Math.min(golden.features.length, BATCH_ROWS_MAX - DRAWN_ROWS);
  const rows = goldenRows + DRAWN_ROWS;
  const inputs = new Float32Array(rows * network.width);
  transformFeatures(manifest.transform, Float64Array.from(golden.features.flat()), goldenRows, inputs);
  const random = new NumpyRandom(0);
  const { clip } = manifest.transform;
  for (let at = goldenRows * network.width; at < inputs.length; at++)
    inputs[at] = Math.max(-clip, Math.min(clip, random.normal(0, clip / 3)));
  const compiled = new Float32Array(rows);
  network.run(inputs, rows, compiled);
  const predicted = tf.tidy(() => (model.predict(tf.tensor2d(inputs, [rows, network.width]), { batchSize: rows }) as tf.Tensor).dataSync());
  compiled.forEach((logit, row) => {
    const gap = Math.abs(probabilityOf(manifest.calibration, logit) - probabilityOf(manifest.calibration, predicted[row] ?? NaN));
    if (!(gap < TOLERANCE)) throw new VersionRefused(`the compiled scorer differs from the model by ${gap} in row ${row}`);
  });
}

function checkGoldenScores(scorer: FeatureScorer, { features: names }: Manifest, golden: Golden): void {
  const columns = columnsOf(names);
  const vector = new Float64Array(FEATURE_COUNT);
  const probability = new Float64Array(1);
  golden.features.forEach((features, row) => {
    columns.forEach((column, index) => (vector[column] = features[index] ?? NaN));
    scorer.score(vector, 1, probability);
    const gap = Math.abs((probability[0] ?? NaN) - (golden.probabilities[row] ?? NaN));
    if (!(gap < TOLERANCE))
      throw new VersionRefused(`golden row ${row} is scored ${scoreOf(probability[0] ?? NaN)}, not ${golden.scores[row]}`);
  });
}
