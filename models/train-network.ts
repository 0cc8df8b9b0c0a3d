import * as tf from '@tensorflow/tfjs';
import { NumpyRandom } from './simulator/draw-numpy.ts';

export interface TrainOptions {
  /** Seeds the weights and the order of the rows: the same seed, rows and backend give the same weights. */
  readonly seed: number;
  readonly epochs: number;
  readonly batchRows: number;
  /** Falls to 0 along half a cosine. */
  readonly learningRate: number;
  readonly onProgress?: (progress: TrainProgress) => void;
}

export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  /** Mean log-loss of the epoch so far. */
  readonly loss: number;
}

const HIDDEN_UNITS = [64, 32];
/** The log-odds that an untrained network starts from: about the share of frauds in card payments. */
const FIRST_LOGIT = -4;

/**
 * Trains a multi-layer perceptron (ReLU, one logit) with Adam on log-loss, without weights or resampling, so that its outputs are
 * probabilities. `inputs` holds `width` values a row, `fraud` a 0 or 1. The caller disposes the model.
 */
export function trainNetwork(inputs: Float32Array, fraud: Uint8Array, width: number, options: TrainOptions): tf.LayersModel {
  const model = buildNetwork(width, options.seed);
  const optimizer = tf.train.adam(options.learningRate);
  const stepsPerEpoch = Math.ceil(fraud.length / options.batchRows);
  const steps = stepsPerEpoch * options.epochs;
  const random = new NumpyRandom(options.seed);
  for (let epoch = 0, step = 0; epoch < options.epochs; epoch++) {
    const order = random.permutation(fraud.length);
    let lossSum = 0;
    for (let start = 0; start < order.length; start += options.batchRows, step++) {
      setLearningRate(optimizer, (options.learningRate * (1 + Math.cos((Math.PI * step) / steps))) / 2);
      const rows = order.subarray(start, start + options.batchRows);
      lossSum += trainStep(model, optimizer, gatherBatch(inputs, fraud, width, rows));
      options.onProgress?.({ step: step + 1, steps, epoch: epoch + 1, loss: lossSum / ((step % stepsPerEpoch) + 1) });
    }
  }
  optimizer.dispose();
  return model;
}

/** Logits of all rows, in chunks that keep the memory small. */
export function predictLogits(model: tf.LayersModel, inputs: Float32Array, width: number): Float32Array {
  const rows = inputs.length / width;
  const logits = new Float32Array(rows);
  const chunkRows = 8_192;
  for (let start = 0; start < rows; start += chunkRows) {
    const chunk = inputs.subarray(start * width, Math.min(rows, start + chunkRows) * width);
    const output = tf.tidy(() => {
      const predicted = model.predict(tf.tensor2d(chunk, [chunk.length / width, width]), { batchSize: chunkRows });
      return (predicted as tf.Tensor).dataSync();
    });
    logits.set(output, start);
  }
  return logits;
}

/** Layers are named, because generated names count up within a process and would differ from run to run. */
function buildNetwork(width: number, seed: number): tf.Sequential {
  const hidden = HIDDEN_UNITS.map((units, index) =>
    tf.layers.dense({
      name: `hidden-${index + 1}`,
      units,
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: seed + index + 1 }),
      ...(index === 0 ? { inputShape: [width] } : {}),
    }),
  );
  const logit = tf.layers.dense({
    name: 'logit',
    units: 1,
    kernelInitializer: tf.initializers.glorotUniform({ seed: seed + HIDDEN_UNITS.length + 1 }),
    biasInitializer: tf.initializers.constant({ value: FIRST_LOGIT }),
  });
  return tf.sequential({ name: 'luminous', layers: [...hidden, logit] });
}

interface Batch {
  readonly inputs: Float32Array;
  readonly fraud: Float32Array;
  readonly width: number;
}

function gatherBatch(inputs: Float32Array, fraud: Uint8Array, width: number, rows: Uint32Array): Batch {
  const batch = { inputs: new Float32Array(rows.length * width), fraud: new Float32Array(rows.length), width };
  rows.forEach((row, index) => {
    batch.inputs.set(inputs.subarray(row * width, (row + 1) * width), index * width);
    batch.fraud[index] = fraud[row] ?? 0;
  });
  return batch;
}

/** One step of gradient descent; returns the batch's mean log-loss before it. */
function trainStep(model: tf.LayersModel, optimizer: tf.Optimizer, batch: Batch): number {
  return tf.tidy(() => {
    const inputs = tf.tensor2d(batch.inputs, [batch.fraud.length, batch.width]);
    const fraud = tf.tensor2d(batch.fraud, [batch.fraud.length, 1]);
    const loss = optimizer.minimize(
      () => tf.losses.sigmoidCrossEntropy(fraud, model.apply(inputs, { training: true }) as tf.Tensor2D).asScalar(),
      true,
    );
    return loss?.dataSync()[0] ?? NaN;
  });
}

/** Adam has no schedule in TensorFlow.js; its rate is a protected field. */
function setLearningRate(optimizer: tf.AdamOptimizer, learningRate: number): void {
  (optimizer as unknown as { learningRate: number }).learningRate = learningRate;
}
