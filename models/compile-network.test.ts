import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { BATCH_ROWS_MAX, CompiledNetwork } from './compile-network.ts';
import { VersionRefused } from './describe-version.ts';
import { drawNetwork, type DrawnVersion } from './draw-version.ts';
import { readNetwork } from './read-network.ts';
import { useWasmBackend } from './use-backend.ts';

const INPUTS = 25;

beforeAll(() => useWasmBackend());

function drawInputs(rows: number, width = INPUTS): Float32Array {
  return Float32Array.from({ length: rows * width }, (_, at) => 8 * Math.sin(at * 1.7 + (at % 13) * 0.31));
}

function predict(model: tf.LayersModel, inputs: Float32Array): Float32Array {
  return tf.tidy(() => (model.predict(tf.tensor2d(inputs, [inputs.length / INPUTS, INPUTS])) as tf.Tensor).dataSync<'float32'>());
}

const shapes: [string, Omit<DrawnVersion, 'name' | 'seed'>][] = [
  ['eight members of 32-16 with a shortcut', { members: 8, hidden: [32, 16] }],
  ['members with SiLU', { members: 4, hidden: [32, 16], activation: 'swish' }],
  ['one chain', { members: 1, hidden: [33, 7], skip: false }],
  ['members of one layer', { members: 3, hidden: [5], skip: false }],
  ['members of three layers', { members: 2, hidden: [9, 6, 3] }],
];

describe.each(shapes)('a compiled network of %s', (_, shape) => {
  let model: tf.LayersModel;
  let network: CompiledNetwork;
  beforeAll(() => {
    model = drawNetwork(INPUTS, { seed: 3, ...shape });
    network = new CompiledNetwork(readNetwork(model));
  });

  test('gives what model.predict gives', () => {
    const inputs = drawInputs(BATCH_ROWS_MAX);
    const logits = new Float32Array(BATCH_ROWS_MAX);
    network.run(inputs, BATCH_ROWS_MAX, logits);
    predict(model, inputs).forEach((logit, row) => expect(Math.abs(logit - (logits[row] ?? NaN))).toBeLessThan(1e-5));
  });

  test('gives a row the same bits by loops and by kernels, alone and in any batch', () => {
    expect(network.usesKernels).toBe(true);
    const inputs = drawInputs(BATCH_ROWS_MAX);
    const whole = new Float32Array(BATCH_ROWS_MAX);
    network.run(inputs, BATCH_ROWS_MAX, whole);
    for (const rows of [1, 2, 3, 4, 5, 31, 64, 255]) {
      const byLoops = new Float32Array(rows);
      const byKernels = new Float32Array(rows);
      network.runLoops(inputs, rows, byLoops);
      network.runKernels(inputs, rows, byKernels);
      expect([...byLoops]).toEqual([...whole.subarray(0, rows)]);
      expect([...byKernels]).toEqual([...whole.subarray(0, rows)]);
    }
  });

  test('leaves nothing behind on the backend', () => {
    const before = tf.memory().numTensors;
    network.run(drawInputs(64), 64, new Float32Array(64));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a network', () => {
  test('gives back what it holds on the backend', () => {
    const model = drawNetwork(INPUTS, { seed: 1 });
    const before = tf.memory().numTensors;
    const network = new CompiledNetwork(readNetwork(model));
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('takes no more rows than it has room for', () => {
    const network = new CompiledNetwork(readNetwork(drawNetwork(INPUTS, { seed: 1 })));
    expect(() => network.run(drawInputs(257), 257, new Float32Array(257))).toThrow(RangeError);
  });

  const dense = (units: number, more: object = {}) => tf.layers.dense({ units, ...more });
  const input = () => tf.input({ shape: [INPUTS] });
  const modelOf = (build: (from: tf.SymbolicTensor) => tf.SymbolicTensor): tf.LayersModel => {
    const from = input();
    return tf.model({ inputs: from, outputs: build(from) });
  };
  const apply = (layer: tf.layers.Layer, ...on: tf.SymbolicTensor[]) =>
    layer.apply(on.length > 1 ? on : (on[0] as tf.SymbolicTensor)) as tf.SymbolicTensor;

  test.each<[string, () => tf.LayersModel, string]>([
    [
      'an activation that is not known',
      () => modelOf((from) => apply(dense(1), apply(dense(4, { activation: 'tanh' }), from))),
      'activation',
    ],
    ['another layer than dense ones', () => modelOf((from) => apply(dense(1), apply(tf.layers.batchNormalization(), from))), 'not dense'],
    [
      'a layer without a bias',
      () => modelOf((from) => apply(dense(1), apply(dense(4, { useBias: false }), from))),
      'not dense with a bias',
    ],
    ['two units at its end', () => modelOf((from) => apply(dense(2), from)), 'one linear unit'],
    ['an end that is not linear', () => modelOf((from) => apply(dense(1, { activation: 'relu' }), from)), 'one linear unit'],
    [
      'members that differ in shape',
      () =>
        modelOf((from) =>
          apply(tf.layers.average(), apply(dense(1), from), apply(dense(1), apply(dense(3, { activation: 'relu' }), from))),
        ),
      'differ in shape',
    ],
    [
      'a sum of two networks',
      () => modelOf((from) => apply(tf.layers.add(), apply(dense(1), from), apply(dense(1), from))),
      'does not add one linear shortcut',
    ],
    [
      'several inputs in a chain',
      () => modelOf((from) => apply(dense(1), apply(tf.layers.multiply(), apply(dense(3), from), apply(dense(3), from)))),
      'several inputs',
    ],
  ])('is refused for %s', (_, build, words) => {
    expect(() => readNetwork(build())).toThrow(VersionRefused);
    expect(() => readNetwork(build())).toThrow(words);
  });
});
