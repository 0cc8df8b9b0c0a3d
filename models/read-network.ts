import type * as tf from '@tensorflow/tfjs';
import { VersionRefused } from './describe-version.ts';

export type Activation = 'relu' | 'linear' | 'swish';

/** A fully connected layer: outputs = activation(inputs x kernel + bias). */
export interface DenseLayer {
  readonly inputs: number;
  readonly units: number;
  /** Weight from input i to unit u at `i * units + u`, as the model has it. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly activation: Activation;
}

/**
 * The one shape of network that is served: the mean of equally shaped members, each a chain of dense layers that ends in one linear unit, and
 * a linear shortcut from the inputs beside them.
 */
export interface EnsembleNetwork {
  readonly inputs: number;
  readonly members: readonly (readonly DenseLayer[])[];
  /** A weight for each input that is added to the mean; null: there is no shortcut. */
  readonly skip: Float32Array | null;
}

/**
 * Takes the network out of a LayersModel: one input, then one chain of `Dense` layers or the `Average` of several, then possibly an `Add` with
 * a `Dense` of one linear unit without bias from the input. Throws `VersionRefused`, with the layer, for everything else.
 */
export function readNetwork(model: tf.LayersModel): EnsembleNetwork {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) throw new VersionRefused('the network has not one input and one output');
  const [output] = model.outputs as [tf.SymbolicTensor];
  const { mean, skip } = splitSkip(output);
  const heads = classOf(mean) === 'Average' ? mean.inputs : [mean];
  const members = heads.map(readChain);
  const inputs = model.inputs[0]?.shape[1] ?? 0;
  checkMembers(members, inputs);
  return { inputs, members, skip };
}

function checkMembers(members: readonly (readonly DenseLayer[])[], inputs: number): void {
  const [first] = members;
  if (!first || first[0]?.inputs !== inputs) throw new VersionRefused('the network does not begin at its input');
  const shape = shapeOf(first);
  if (members.some((member) => shapeOf(member) !== shape)) throw new VersionRefused('the members of the network differ in shape');
  const last = first.at(-1);
  if (last?.units !== 1 || last.activation !== 'linear') throw new VersionRefused('the network does not end in one linear unit');
}

function splitSkip(output: tf.SymbolicTensor): { mean: tf.SymbolicTensor; skip: Float32Array | null } {
  if (classOf(output) !== 'Add') return { mean: output, skip: null };
  const [skipped, ...rest] = output.inputs.filter(isSkip);
  const mean = output.inputs.find((part) => !isSkip(part));
  if (output.inputs.length !== 2 || !skipped || rest.length > 0 || !mean) {
    throw new VersionRefused(`layer ${output.sourceLayer.name} does not add one linear shortcut to one network`);
  }
  const [kernel] = skipped.sourceLayer.getWeights();
  return { mean, skip: Float32Array.from(kernel?.dataSync() ?? []) };
}

/** Whether it is a dense layer of one linear unit without a bias, right at the input. */
function isSkip(tensor: tf.SymbolicTensor): boolean {
  if (classOf(tensor) !== 'Dense') return false;
  const { units, useBias, activation } = tensor.sourceLayer.getConfig();
  return (
    units === 1 &&
    useBias === false &&
    activation === 'linear' &&
    tensor.inputs[0] !== undefined &&
    classOf(tensor.inputs[0]) === 'InputLayer'
  );
}

/** The dense layers from the input to `head`. */
function readChain(head: tf.SymbolicTensor): DenseLayer[] {
  const layers: DenseLayer[] = [];
  let tensor: tf.SymbolicTensor | undefined = head;
  while (tensor && classOf(tensor) !== 'InputLayer') {
    if (tensor.inputs.length !== 1) throw new VersionRefused(`layer ${tensor.sourceLayer.name} has several inputs`);
    layers.unshift(readDense(tensor.sourceLayer));
    tensor = tensor.inputs[0];
  }
  if (layers.length === 0) throw new VersionRefused('the network has no layers');
  return layers;
}

function readDense(layer: tf.layers.Layer): DenseLayer {
  const [kernel, bias] = layer.getWeights();
  const activation: unknown = layer.getConfig()['activation'];
  if (layer.getClassName() !== 'Dense' || !kernel || !bias) throw new VersionRefused(`layer ${layer.name} is not dense with a bias`);
  if (activation !== 'relu' && activation !== 'linear' && activation !== 'swish')
    throw new VersionRefused(`layer ${layer.name} has an activation that is not known`);
  const [inputs = 0, units = 0] = kernel.shape;
  return { inputs, units, kernel: Float32Array.from(kernel.dataSync()), bias: Float32Array.from(bias.dataSync()), activation };
}

function classOf(tensor: tf.SymbolicTensor): string {
  return tensor.sourceLayer.getClassName();
}

function shapeOf(member: readonly DenseLayer[]): string {
  return member.map(({ inputs, units, activation }) => `${inputs}-${units}-${activation}`).join();
}
