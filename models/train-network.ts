import * as tf from '@tensorflow/tfjs';
import { beginFromOdds, type OddsStart } from './begin-from-odds.ts';
import { exportNetwork } from './export-network.ts';
import type { MemberWeights, NetworkRecipe } from './network-recipe.ts';
import { NumpyRandom } from './simulator/draw-numpy.ts';

export interface TrainingRows {
  /** `width` inputs a row. */
  readonly inputs: Float32Array;
  /** 0 or 1 for every row. */
  readonly fraud: Uint8Array;
  readonly width: number;
  /** What an untrained network says; undefined: that every payment is a usual one. */
  readonly start?: OddsStart | undefined;
}

export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  readonly member: number;
  readonly epoch: number;
  /** Mean log-loss of the member's epoch so far. */
  readonly loss: number;
}

export interface TrainOptions {
  /** Seeds the weights, the order of the rows and the dropout: the same seed, rows and backend give the same weights. */
  readonly seed: number;
  readonly onProgress?: (progress: TrainProgress) => void;
}

/** The mean log-odds that an untrained network starts from: about what a usual card payment has. */
const FIRST_LOGIT = -5;
const WARM_UP_STEPS = 200;

/**
 * Trains multi-layer perceptrons one after the other, each on an order of the rows of its own, with Adam on log-loss, without weights or
 * resampling, so that their mean logit gives probabilities. The caller disposes the model.
 */
export function trainNetwork(rows: TrainingRows, recipe: NetworkRecipe, options: TrainOptions): tf.LayersModel {
  const members: MemberWeights[] = [];
  for (let member = 0; member < recipe.members; member++) members.push(trainMember(rows, recipe, member, options));
  const model = exportNetwork(members, recipe);
  for (const { kernels, biases, skip } of members) tf.dispose([...kernels, ...biases, ...(skip ? [skip] : [])]);
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

function trainMember(rows: TrainingRows, recipe: NetworkRecipe, member: number, options: TrainOptions): MemberWeights {
  const random = new NumpyRandom(options.seed * 1_000 + member);
  const weights = drawWeights(rows, recipe, random);
  const optimizer = tf.train.adam(recipe.learningRate);
  const stepsPerEpoch = Math.ceil(rows.fraud.length / recipe.batchRows);
  const steps = stepsPerEpoch * recipe.epochs;
  const batch = new Batch(rows, recipe.batchRows);
  for (let epoch = 0, step = 0; epoch < recipe.epochs; epoch++) {
    const order = random.permutation(rows.fraud.length);
    let lossSum = 0;
    for (let start = 0; start < order.length; start += recipe.batchRows, step++) {
      setLearningRate(optimizer, recipe.learningRate * scheduleAt(step, steps));
      batch.gather(order.subarray(start, start + recipe.batchRows));
      const seed = options.seed * 1_000_003 + member * 100_003 + step;
      lossSum += trainStep(weights, optimizer, batch, { recipe, seed });
      const done = member * steps + step + 1;
      const loss = lossSum / ((step % stepsPerEpoch) + 1);
      options.onProgress?.({ step: done, steps: steps * recipe.members, member: member + 1, epoch: epoch + 1, loss });
    }
  }
  optimizer.dispose();
  return weights;
}

/** He's initialisation for hidden layers, zeros for the last one, and what training is to start from. */
function drawWeights({ width, start }: TrainingRows, { hiddenUnits, skip }: NetworkRecipe, random: NumpyRandom): MemberWeights {
  const sizes = [width, ...hiddenUnits, 1];
  const kernels: Float32Array[] = [];
  const biases: Float32Array[] = [];
  for (let layer = 1; layer < sizes.length; layer++) {
    const inputs = sizes[layer - 1] ?? 1;
    const units = sizes[layer] ?? 1;
    const last = layer === sizes.length - 1;
    const deviation = last ? 0 : Math.sqrt(2 / inputs);
    kernels.push(Float32Array.from({ length: inputs * units }, () => random.normal(0, 1) * deviation));
    biases.push(new Float32Array(units).fill(last ? FIRST_LOGIT : 0));
  }
  const direct = new Float32Array(width);
  if (start) beginFromOdds({ kernels, biases, skip: direct }, sizes, start);
  return {
    kernels: kernels.map((kernel, layer) => tf.variable(tf.tensor2d(kernel, [sizes[layer] ?? 1, sizes[layer + 1] ?? 1]))),
    biases: biases.map((bias) => tf.variable(tf.tensor1d(bias))),
    skip: skip ? tf.variable(tf.tensor2d(direct, [width, 1])) : null,
  };
}

/** The rows of one step, in memory that is reserved once: the library copies what it is given. */
class Batch {
  readonly width: number;
  readonly #rows: TrainingRows;
  readonly #inputs: Float32Array;
  readonly #fraud: Float32Array;
  #count = 0;

  constructor(rows: TrainingRows, mostRows: number) {
    this.width = rows.width;
    this.#rows = rows;
    this.#inputs = new Float32Array(mostRows * rows.width);
    this.#fraud = new Float32Array(mostRows);
  }

  gather(chosen: Uint32Array): void {
    const { inputs, fraud, width } = this.#rows;
    this.#count = chosen.length;
    for (let index = 0; index < chosen.length; index++) {
      const from = (chosen[index] as number) * width;
      for (let column = 0; column < width; column++) this.#inputs[index * width + column] = inputs[from + column] as number;
      this.#fraud[index] = fraud[chosen[index] as number] as number;
    }
  }

  toTensors(): { inputs: tf.Tensor2D; fraud: tf.Tensor2D } {
    const count = this.#count;
    return {
      inputs: tf.tensor2d(this.#inputs.subarray(0, count * this.width), [count, this.width]),
      fraud: tf.tensor2d(this.#fraud.subarray(0, count), [count, 1]),
    };
  }
}

/** One step of gradient descent; returns the mean log-loss before it. */
function trainStep(
  weights: MemberWeights,
  optimizer: tf.Optimizer,
  batch: Batch,
  how: { readonly recipe: NetworkRecipe; readonly seed: number },
): number {
  return tf.tidy(() => {
    const { inputs, fraud } = batch.toTensors();
    const lossOf = (): tf.Scalar => {
      const logits = forward(weights, inputs, how);
      // log(1 + e^x) - fraud x, without overflow.
      const softplus = tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
      const loss = tf.mean(tf.sub(softplus, tf.mul(logits, fraud))).asScalar();
      const { weightDecay } = how.recipe;
      if (weightDecay === 0) return loss;
      return tf.add(loss, tf.mul(tf.addN(weights.kernels.map((kernel) => tf.sum(tf.square(kernel)))), weightDecay));
    };
    const loss = optimizer.minimize(lossOf, true);
    return loss?.dataSync()[0] ?? NaN;
  });
}

function forward(
  weights: MemberWeights,
  inputs: tf.Tensor2D,
  { recipe, seed }: { readonly recipe: NetworkRecipe; readonly seed: number },
): tf.Tensor2D {
  let values: tf.Tensor2D = inputs;
  weights.kernels.forEach((kernel, layer) => {
    const product = layer === 0 ? multiplyConstant(values, kernel) : multiply(values, kernel);
    values = tf.add(product, weights.biases[layer] as tf.Tensor1D);
    if (layer === weights.kernels.length - 1) return;
    values = recipe.activation === 'relu' ? tf.relu(values) : tf.mul(values, tf.sigmoid(values));
    if (recipe.dropout > 0) values = tf.dropout(values, recipe.dropout, undefined, seed * 4 + layer) as tf.Tensor2D;
  });
  return weights.skip ? tf.add(values, multiplyConstant(inputs, weights.skip)) : values;
}

/**
 * Matrix product with the transposes of its gradient made explicitly: the WASM backend multiplies ten times faster what is not to be
 * transposed on the way.
 */
function multiply(left: tf.Tensor2D, right: tf.Tensor2D): tf.Tensor2D {
  const product = tf.customGrad((...given) => {
    const [a, b, save] = given as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([a, b]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [left, right] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [tf.matMul(dy, tf.transpose(right)), tf.matMul(tf.transpose(left), dy)];
    };
    return { value: tf.matMul(a, b), gradFunc };
  });
  return product(left, right) as tf.Tensor2D;
}

/** The same where no gradient is asked of the left side. */
function multiplyConstant(left: tf.Tensor2D, right: tf.Tensor2D): tf.Tensor2D {
  const product = tf.customGrad((b) => ({
    value: tf.matMul(left, b as tf.Tensor2D),
    gradFunc: (dy: tf.Tensor) => tf.matMul(tf.transpose(left), dy),
  }));
  return product(right) as tf.Tensor2D;
}

/** Rises over the first steps, then falls along half a cosine. */
function scheduleAt(step: number, steps: number): number {
  const warmUp = Math.min(WARM_UP_STEPS, Math.floor(steps / 4));
  if (step < warmUp) return (step + 1) / (warmUp + 1);
  return (1 + Math.cos((Math.PI * (step - warmUp)) / (steps - warmUp))) / 2;
}

/** Adam has no schedule in TensorFlow.js; its rate is a protected field. */
function setLearningRate(optimizer: tf.AdamOptimizer, learningRate: number): void {
  (optimizer as unknown as { learningRate: number }).learningRate = learningRate;
}
