import * as tf from '@tensorflow/tfjs';
import type { MemberWeights, NetworkRecipe } from './network-recipe.ts';

interface DenseFacts {
  readonly name: string;
  readonly units: number;
  readonly activation: 'linear' | 'relu' | 'swish';
  readonly weights: tf.Tensor[];
}

/**
 * Trained members as one LayersModel: every member a chain of dense layers, their mean, and what reaches the logit directly, which is the mean
 * of what it is for the members. Layers are named, because generated names count up within a process and would differ from run to run.
 */
export function exportNetwork(members: readonly MemberWeights[], { activation }: Pick<NetworkRecipe, 'activation'>): tf.LayersModel {
  const width = members[0]?.kernels[0]?.shape[0] ?? 0;
  const input = tf.input({ shape: [width], name: 'features' });
  const settings: [tf.layers.Layer, tf.Tensor[]][] = [];
  const dense = (from: tf.SymbolicTensor, { name, units, activation, weights }: DenseFacts): tf.SymbolicTensor => {
    const layer = tf.layers.dense({ name, units, activation, useBias: weights.length > 1 });
    settings.push([layer, weights]);
    return layer.apply(from) as tf.SymbolicTensor;
  };
  const logits = members.map(({ kernels, biases }, member) =>
    kernels.reduce<tf.SymbolicTensor>((from, kernel, layer) => {
      const last = layer === kernels.length - 1;
      const name = `member-${member + 1}-${last ? 'logit' : `hidden-${layer + 1}`}`;
      const weights = [kernel, biases[layer] as tf.Tensor];
      return dense(from, { name, units: kernel.shape[1], activation: last ? 'linear' : activation, weights });
    }, input),
  );
  let output =
    logits.length > 1 ? (tf.layers.average({ name: 'mean' }).apply(logits) as tf.SymbolicTensor) : (logits[0] as tf.SymbolicTensor);
  const skip = meanSkip(members);
  if (skip) {
    const direct = dense(input, { name: 'skip', units: 1, activation: 'linear', weights: [skip] });
    output = tf.layers.add({ name: 'logit' }).apply([output, direct]) as tf.SymbolicTensor;
  }
  const model = tf.model({ name: 'luminous', inputs: input, outputs: output });
  for (const [layer, weights] of settings) layer.setWeights(weights);
  skip?.dispose();
  return model;
}

function meanSkip(members: readonly MemberWeights[]): tf.Tensor | null {
  const skips = members.flatMap(({ skip }) => (skip ? [skip] : []));
  return skips.length === 0 ? null : tf.tidy(() => tf.div(tf.addN(skips), skips.length));
}
