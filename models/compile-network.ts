import type * as tf from '@tensorflow/tfjs';
import { VersionRefused } from './describe-version.ts';

/** A fully connected layer: outputs = activation(inputs x kernel + bias). */
export interface DenseLayer {
  readonly inputs: number;
  readonly units: number;
  /** Weight from input i to unit u at `u * inputs + i`. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly relu: boolean;
}

/** Takes the layers out of a model. Throws `VersionRefused` for anything that is not a chain of dense layers with ReLU or no activation. */
export function denseLayersOf(model: tf.LayersModel): DenseLayer[] {
  return model.layers
    .filter((layer) => layer.getClassName() !== 'InputLayer')
    .map((layer) => {
      const [kernel, bias] = layer.getWeights();
      const activation: unknown = layer.getConfig()['activation'];
      if (layer.getClassName() !== 'Dense' || !kernel || !bias) throw new VersionRefused(`layer ${layer.name} is not dense with a bias`);
      if (activation !== 'relu' && activation !== 'linear')
        throw new VersionRefused(`layer ${layer.name} has an activation that is not known`);
      const [inputs = 0, units = 0] = kernel.shape;
      return {
        inputs,
        units,
        kernel: transposed(kernel.dataSync(), inputs, units),
        bias: Float32Array.from(bias.dataSync()),
        relu: activation === 'relu',
      };
    });
}

/**
 * A network of dense layers as plain loops over memory that is reserved once: for small networks faster than a tensor library up to some
 * hundred rows, and nothing is left to collect.
 */
export class CompiledNetwork {
  readonly width: number;
  readonly #layers: readonly DenseLayer[];
  readonly #buffers: readonly Float32Array[];

  constructor(layers: readonly DenseLayer[]) {
    this.#layers = layers;
    this.width = layers[0]?.inputs ?? 0;
    this.#buffers = layers.map(({ units }) => new Float32Array(units));
    if (layers.at(-1)?.units !== 1) throw new VersionRefused('the network does not end in one unit');
  }

  /** Writes the logits of `rows` rows of `width` inputs. */
  run(inputs: Float32Array, rows: number, logits: Float32Array): void {
    for (let row = 0; row < rows; row++) {
      let values: Float32Array = inputs;
      let offset = row * this.width;
      for (let index = 0; index < this.#layers.length; index++) {
        const outputs = this.#buffers[index] as Float32Array;
        runLayer(this.#layers[index] as DenseLayer, values, offset, outputs);
        values = outputs;
        offset = 0;
      }
      logits[row] = values[0] as number;
    }
  }
}

/** Four units at a time: each input is loaded once for four independent sums. */
function runLayer(layer: DenseLayer, values: Float32Array, offset: number, outputs: Float32Array): void {
  const { inputs, units, kernel, bias, relu } = layer;
  let unit = 0;
  for (; unit + 3 < units; unit += 4) {
    let a = bias[unit] as number;
    let b = bias[unit + 1] as number;
    let c = bias[unit + 2] as number;
    let d = bias[unit + 3] as number;
    const at = unit * inputs;
    for (let i = 0; i < inputs; i++) {
      const value = values[offset + i] as number;
      a += value * (kernel[at + i] as number);
      b += value * (kernel[at + inputs + i] as number);
      c += value * (kernel[at + 2 * inputs + i] as number);
      d += value * (kernel[at + 3 * inputs + i] as number);
    }
    outputs[unit] = a;
    outputs[unit + 1] = b;
    outputs[unit + 2] = c;
    outputs[unit + 3] = d;
  }
  for (; unit < units; unit++) {
    let sum = bias[unit] as number;
    for (let i = 0; i < inputs; i++) sum += (values[offset + i] as number) * (kernel[unit * inputs + i] as number);
    outputs[unit] = sum;
  }
  if (relu) clipNegative(outputs);
}

function clipNegative(values: Float32Array): void {
  for (let index = 0; index < values.length; index++) if ((values[index] as number) < 0) values[index] = 0;
}

function transposed(kernel: ArrayLike<number>, inputs: number, units: number): Float32Array {
  return Float32Array.from({ length: inputs * units }, (_, at) => kernel[(at % inputs) * units + Math.floor(at / inputs)] ?? NaN);
}
