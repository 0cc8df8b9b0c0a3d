import type * as tf from '@tensorflow/tfjs';

/** How a network is built and trained: together with the data and the backend it decides every weight. */
export interface NetworkRecipe {
  /** Networks that are trained side by side and averaged. */
  readonly members: number;
  readonly hiddenUnits: readonly number[];
  readonly activation: 'relu' | 'swish';
  /** Whether the inputs also reach the logit directly, by weights of their own. */
  readonly skip: boolean;
  /** Two columns in log-odds: an untrained network says how likely either is, the rest is learned on top of it. Needs `relu` and `skip`. */
  readonly startFrom: readonly [string, string] | null;
  /** Share of hidden units that are left out of a training step. */
  readonly dropout: number;
  /** Weight of the squares of the kernels in the loss. */
  readonly weightDecay: number;
  readonly epochs: number;
  readonly batchRows: number;
  /** Rises over the first 200 steps at most, then falls to 0 along half a cosine. */
  readonly learningRate: number;
}

/** The variables of one member. */
export interface MemberWeights {
  /** Per layer [inputs, units]. */
  readonly kernels: readonly tf.Variable<tf.Rank.R2>[];
  readonly biases: readonly tf.Variable<tf.Rank.R1>[];
  /** [inputs, 1] */
  readonly skip: tf.Variable<tf.Rank.R2> | null;
}
