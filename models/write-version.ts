import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { sha256, type Golden, type Manifest } from './describe-version.ts';
import { renderCard } from './render-card.ts';

/** A trained version before its files have digests. */
export interface TrainedVersion {
  readonly model: tf.LayersModel;
  readonly manifest: Omit<Manifest, 'digests'>;
  readonly golden: Golden;
}

/**
 * Writes a version into `folder`: `model.json` and `weights.bin` (TensorFlow.js LayersModel), `golden.json`, `manifest.json`, `card.md`.
 * Equal versions give equal bytes. The folder is replaced as a whole, so a reader never meets half of one.
 */
export async function writeVersion(folder: string, version: TrainedVersion): Promise<Manifest> {
  const { modelJson, weights } = await serialiseModel(version.model);
  const goldenJson = toJson(version.golden);
  const digests = { 'model.json': sha256(modelJson), 'weights.bin': sha256(weights), 'golden.json': sha256(goldenJson) };
  const manifest: Manifest = { ...version.manifest, digests };
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await Promise.all([
    writeFile(join(fresh, 'model.json'), modelJson),
    writeFile(join(fresh, 'weights.bin'), weights),
    writeFile(join(fresh, 'golden.json'), goldenJson),
    writeFile(join(fresh, 'manifest.json'), toJson(manifest)),
    writeFile(join(fresh, 'card.md'), renderCard(manifest)),
  ]);
  await mkdir(dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  return manifest;
}

async function serialiseModel(model: tf.LayersModel): Promise<{ modelJson: string; weights: Uint8Array }> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler((saved) => {
    artifacts = saved;
    // The date is part of the library's answer and of no file.
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
  });
  await model.save(handler);
  if (!artifacts?.weightSpecs || !artifacts.weightData) throw new Error('the model was saved without weights');
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData));
  const modelJson = toJson({
    format: 'layers-model',
    generatedBy: `TensorFlow.js ${tf.version_core}`,
    convertedBy: null,
    modelTopology: artifacts.modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: artifacts.weightSpecs }],
  });
  return { modelJson, weights };
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 1) + '\n';
}
