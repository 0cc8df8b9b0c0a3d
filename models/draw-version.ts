import * as tf from '@tensorflow/tfjs';
import { probabilityOf, scoreOf } from './calibrate-scores.ts';
import { columnsOf, type Golden, type Manifest } from './describe-version.ts';
import { FEATURE_SET, FEATURES } from './features/declare-features.ts';
import type { BeliefParameters } from './features/describe-beliefs.ts';
import { transformFeatures } from './transform-features.ts';
import { useWasmBackend } from './use-backend.ts';
import { writeVersion } from './write-version.ts';

/** What a drawn version is like. */
export interface DrawnVersion {
  readonly name: string;
  /** What the weights are drawn from. */
  readonly seed: number;
  readonly members?: number;
  readonly hidden?: readonly number[];
  readonly activation?: 'relu' | 'swish';
  readonly skip?: boolean;
  /** The features that it reads; default: all of them. */
  readonly features?: readonly string[];
  readonly beliefs?: BeliefParameters | null;
}

const GOLDEN_ROWS = 16;

/**
 * Writes a version whose weights are drawn instead of trained into `folder`: of the served shape, valid in every respect, and knowing nothing.
 * For tests and measurements of what does not depend on what a model has learned.
 */
export async function drawVersion(folder: string, drawn: DrawnVersion): Promise<Manifest> {
  const backend = await useWasmBackend();
  const features = drawn.features ?? FEATURES.map(({ name }) => name);
  const model = drawNetwork(features.length, drawn);
  const transform = {
    kind: features.map(() => 'log' as const),
    limit: 220,
    mean: features.map(() => 1),
    deviation: features.map(() => 2),
    clip: 8,
  };
  const calibration = { slope: 0.9, intercept: -2 };
  const golden = makeGolden(model, features, transform, calibration);
  const window = { from: '2018-07-25', to: '2018-08-01', rows: 100, frauds: 1 };
  return writeVersion(folder, {
    model,
    golden,
    manifest: {
      format: 2,
      name: drawn.name,
      purpose: 'drawn, to be tried out',
      feature_set: FEATURE_SET,
      features: [...features],
      transform,
      beliefs: drawn.beliefs ?? null,
      calibration,
      thresholds: { review: 200, decline: 800 },
      baseline: features.map(() => 1),
      data: {
        source: 'None: the weights are drawn',
        sha256: '0'.repeat(64),
        rows: 100,
        fit: window,
        thresholds: window,
        test: window,
      },
      training: {
        seed: drawn.seed,
        members: drawn.members ?? 2,
        hidden_units: [...(drawn.hidden ?? [8, 4])],
        activation: drawn.activation ?? 'relu',
        skip: drawn.skip ?? true,
        dropout: 0,
        weight_decay: 0,
        epochs: 1,
        batch_rows: 1,
        learning_rate: 1,
        backend,
        tensorflow: tf.version_core,
      },
      metrics: {
        auc: 0.5,
        average_precision: 0,
        card_precision_100: 0,
        brier: 0,
        log_loss: 0,
        calibration_error: 0,
        held: 0,
        declined: 0,
        held_precision: 0,
        declined_precision: 0,
        recall: 0,
      },
    },
  });
}

/** A network of the served shape, with drawn weights and biases. */
export function drawNetwork(
  inputs: number,
  { seed, members = 2, hidden = [8, 4], activation = 'relu', skip = true }: Omit<DrawnVersion, 'name'>,
): tf.LayersModel {
  let draws = seed * 1_000;
  const normal = (stddev: number) => tf.initializers.randomNormal({ mean: 0, stddev, seed: draws++ });
  const input = tf.input({ shape: [inputs], name: 'features' });
  const heads = Array.from({ length: members }, (_, member) => {
    const top = hidden.reduce(
      (below, units, index) =>
        tf.layers
          .dense({ name: `member-${member}-${index}`, units, activation, kernelInitializer: normal(0.4), biasInitializer: normal(0.2) })
          .apply(below) as tf.SymbolicTensor,
      input,
    );
    const head = tf.layers.dense({
      name: `member-${member}-logit`,
      units: 1,
      kernelInitializer: normal(0.5),
      biasInitializer: normal(0.2),
    });
    return head.apply(top) as tf.SymbolicTensor;
  });
  const mean = heads.length > 1 ? (tf.layers.average({ name: 'mean' }).apply(heads) as tf.SymbolicTensor) : (heads[0] as tf.SymbolicTensor);
  const shortcut = tf.layers.dense({ name: 'skip', units: 1, useBias: false, kernelInitializer: normal(0.2) });
  const output = skip
    ? (tf.layers.add({ name: 'logit' }).apply([mean, shortcut.apply(input) as tf.SymbolicTensor]) as tf.SymbolicTensor)
    : mean;
  return tf.model({ name: 'luminous', inputs: input, outputs: output });
}

function makeGolden(
  model: tf.LayersModel,
  names: readonly string[],
  transform: Manifest['transform'],
  calibration: Manifest['calibration'],
): Golden {
  const columns = columnsOf(names);
  const width = columns.length;
  const features = Array.from({ length: GOLDEN_ROWS }, (_, row) =>
    Array.from(columns, (column) => Math.abs(Math.sin(row * 7 + column)) * 40 * row),
  );
  const inputs = new Float32Array(GOLDEN_ROWS * width);
  transformFeatures(transform, Float64Array.from(features.flat()), GOLDEN_ROWS, inputs);
  const logits = tf.tidy(() => [...(model.predict(tf.tensor2d(inputs, [GOLDEN_ROWS, width])) as tf.Tensor).dataSync()]);
  const probabilities = logits.map((logit) => probabilityOf(calibration, logit));
  return { features, logits, probabilities, scores: probabilities.map(scoreOf) };
}
