import * as tf from '@tensorflow/tfjs';
import type { Activation, DenseLayer, EnsembleNetwork } from './read-network.ts';

/** Most rows that are run in one go; memory is reserved for as many. */
export const BATCH_ROWS_MAX = 256;

/**
 * Rows from which TensorFlow.js's WebAssembly kernels are faster than plain loops, by `npm run bench:score`: a call of theirs costs some
 * twenty microseconds whatever it does, and a row then a tenth of what it costs in loops.
 */
const KERNEL_ROWS_LEAST = 4;

/** All members side by side as one layer: of the first the kernels are joined, of the others they form blocks on the diagonal. */
interface JoinedLayer {
  /** Inputs and units of one member. */
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
  /** Per member, weight from input i to unit u at `u * inputs + i`: unit by unit for the loops. */
  readonly kernels: readonly Float32Array[];
  readonly biases: readonly Float32Array[];
}

/** Weights on the backend. They live as long as the network. */
interface LayerTensors {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly units: number;
  readonly activation: Activation;
}

const round = Math.fround;

/**
 * A network in a form that is quick for few rows and for many: plain loops over memory that is reserved once, and the WebAssembly kernels of
 * TensorFlow.js for batches. Both add up 32-bit products in the same order, so a row gets the same bits whatever it is scored with; where a
 * machine does not keep that, which is tried at the start, the loops do everything.
 *
 * One instance is for one caller at a time.
 */
export class CompiledNetwork {
  readonly width: number;
  readonly members: number;
  /** Whether batches go to the kernels. */
  readonly usesKernels: boolean;
  readonly #skip: Float32Array | null;
  readonly #hidden: readonly JoinedLayer[];
  readonly #last: readonly { readonly kernel: Float32Array; readonly bias: number }[];
  readonly #tensors: readonly LayerTensors[];
  readonly #buffers: readonly Float32Array[];
  readonly #row: Float32Array;

  /** The WebAssembly backend has to be in use. */
  constructor(network: EnsembleNetwork) {
    this.width = network.inputs;
    this.members = network.members.length;
    this.#skip = network.skip;
    const depth = network.members[0]?.length ?? 0;
    this.#hidden = Array.from({ length: depth - 1 }, (_, index) =>
      joinLayers(network.members.map((member) => member[index] as DenseLayer)),
    );
    this.#last = network.members.map((member) => {
      const { kernel, bias } = member.at(-1) as DenseLayer;
      return { kernel, bias: bias[0] ?? NaN };
    });
    this.#buffers = this.#hidden.map(({ units }) => new Float32Array(units));
    this.#row = new Float32Array(network.inputs);
    this.#tensors = this.#hidden.map((layer, index) => toTensors(layer, index === 0));
    this.usesKernels = this.#hidden.length > 0 && this.#kernelsAgree();
  }

  /** Writes the logits of `rows` rows of `width` inputs. */
  run(inputs: Float32Array, rows: number, logits: Float32Array): void {
    if (rows > BATCH_ROWS_MAX) throw new RangeError(`${rows} rows, at most ${BATCH_ROWS_MAX}`);
    if (this.usesKernels && rows >= KERNEL_ROWS_LEAST) this.runKernels(inputs, rows, logits);
    else this.runLoops(inputs, rows, logits);
  }

  /** As `run`, by plain loops. */
  runLoops(inputs: Float32Array, rows: number, logits: Float32Array): void {
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < this.width; i++) this.#row[i] = inputs[row * this.width + i] as number;
      let sum = 0;
      for (let member = 0; member < this.members; member++) {
        let values = this.#row;
        for (let index = 0; index < this.#hidden.length; index++) {
          const outputs = this.#buffers[index] as Float32Array;
          runLayer(this.#hidden[index] as JoinedLayer, member, values, outputs);
          values = outputs;
        }
        sum += this.#finish(member, values, 0);
      }
      logits[row] = sum / this.members + this.#skipOf(inputs, row);
    }
  }

  /** As `run`, by the kernels of the backend. */
  runKernels(inputs: Float32Array, rows: number, logits: Float32Array): void {
    const values = this.#runTensors(inputs.subarray(0, rows * this.width), rows);
    const units = this.#hidden.at(-1)?.units ?? 0;
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let member = 0; member < this.members; member++) sum += this.#finish(member, values, (row * this.members + member) * units);
      logits[row] = sum / this.members + this.#skipOf(inputs, row);
    }
  }

  /** Frees the weights on the backend. */
  dispose(): void {
    for (const { kernel, bias } of this.#tensors) tf.dispose([kernel, bias]);
  }

  /** The activations of the last hidden layer of all members, row by row. */
  #runTensors(inputs: Float32Array, rows: number): Float32Array {
    let values = inputs;
    let width = this.width;
    let held: tf.Tensor2D | undefined;
    for (const { kernel, bias, units, activation } of this.#tensors) {
      const a = held ?? tf.tensor2d(values, [rows, width]);
      const product = tf.fused.matMul({ a, b: kernel, bias, activation: activation === 'relu' ? 'relu' : 'linear' }) as tf.Tensor2D;
      a.dispose();
      held = product;
      width = units;
      // The backend's exponential is not JavaScript's: to get the same bits as the loops it is taken here.
      if (activation !== 'swish') continue;
      values = product.dataSync<'float32'>();
      product.dispose();
      held = undefined;
      applySwish(values);
    }
    if (!held) return values;
    values = held.dataSync<'float32'>();
    held.dispose();
    return values;
  }

  #finish(member: number, values: Float32Array, offset: number): number {
    const { kernel, bias } = this.#last[member] as { kernel: Float32Array; bias: number };
    let sum = bias;
    for (let i = 0; i < kernel.length; i++) sum += (values[offset + i] as number) * (kernel[i] as number);
    return sum;
  }

  #skipOf(inputs: Float32Array, row: number): number {
    const skip = this.#skip;
    if (!skip) return 0;
    let sum = 0;
    for (let i = 0; i < skip.length; i++) sum += (inputs[row * this.width + i] as number) * (skip[i] as number);
    return sum;
  }

  /** Whether kernels and loops give the same bits on inputs of every size. */
  #kernelsAgree(): boolean {
    const rows = 67; // no multiple of what kernels work on at a time
    const inputs = Float32Array.from({ length: rows * this.width }, (_, at) => 8 * Math.sin(at * 12.9898 + at * at * 0.013));
    const byLoops = new Float32Array(rows);
    const byKernels = new Float32Array(rows);
    this.runLoops(inputs, rows, byLoops);
    this.runKernels(inputs, rows, byKernels);
    return byLoops.every((logit, row) => logit === byKernels[row]);
  }
}

function joinLayers(layers: readonly DenseLayer[]): JoinedLayer {
  const { inputs, units, activation } = layers[0] as DenseLayer;
  const kernels = layers.map(({ kernel }) =>
    Float32Array.from({ length: inputs * units }, (_, at) => kernel[(at % inputs) * units + Math.floor(at / inputs)] ?? NaN),
  );
  return { inputs, units, activation, kernels, biases: layers.map(({ bias }) => bias) };
}

/** `shared`: all members read the same inputs; otherwise each reads the units of its own in the layer before. */
function toTensors({ inputs, units, activation, kernels, biases }: JoinedLayer, shared: boolean): LayerTensors {
  const members = kernels.length;
  const width = members * units;
  const kernel = new Float32Array((shared ? inputs : members * inputs) * width);
  kernels.forEach((own, member) => {
    for (let i = 0; i < inputs; i++) {
      const row = shared ? i : member * inputs + i;
      for (let u = 0; u < units; u++) kernel[row * width + member * units + u] = own[u * inputs + i] ?? NaN;
    }
  });
  const bias = Float32Array.from({ length: width }, (_, at) => biases[Math.floor(at / units)]?.[at % units] ?? NaN);
  return { kernel: tf.tensor2d(kernel, [kernel.length / width, width]), bias: tf.tensor1d(bias), units: width, activation };
}

/** Four units at a time: each input is loaded once for four independent sums, rounded to 32 bits at every step as the kernels do. */
function runLayer(layer: JoinedLayer, member: number, values: Float32Array, outputs: Float32Array): void {
  const { inputs, units, activation } = layer;
  const kernel = layer.kernels[member] as Float32Array;
  const bias = layer.biases[member] as Float32Array;
  let unit = 0;
  for (; unit + 3 < units; unit += 4) {
    let a = bias[unit] as number;
    let b = bias[unit + 1] as number;
    let c = bias[unit + 2] as number;
    let d = bias[unit + 3] as number;
    const at = unit * inputs;
    for (let i = 0; i < inputs; i++) {
      const value = values[i] as number;
      a = round(a + round(value * (kernel[at + i] as number)));
      b = round(b + round(value * (kernel[at + inputs + i] as number)));
      c = round(c + round(value * (kernel[at + 2 * inputs + i] as number)));
      d = round(d + round(value * (kernel[at + 3 * inputs + i] as number)));
    }
    outputs[unit] = a;
    outputs[unit + 1] = b;
    outputs[unit + 2] = c;
    outputs[unit + 3] = d;
  }
  for (; unit < units; unit++) {
    let sum = bias[unit] as number;
    for (let i = 0; i < inputs; i++) sum = round(sum + round((values[i] as number) * (kernel[unit * inputs + i] as number)));
    outputs[unit] = sum;
  }
  if (activation === 'relu') clipNegative(outputs);
  else if (activation === 'swish') applySwish(outputs);
}

function clipNegative(values: Float32Array): void {
  for (let index = 0; index < values.length; index++) if ((values[index] as number) < 0) values[index] = 0;
}

function applySwish(values: Float32Array): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    values[index] = value / (1 + Math.exp(-value));
  }
}
