const NEWTON_STEPS_MAX = 50;
const CONVERGED = 1e-8;

/** Weights of standardised columns, and the intercept behind them. */
export type LogisticWeights = Float64Array;

/**
 * Logistic regression with half the sum of squared weights as penalty (scikit-learn's default, C = 1; the intercept is not penalised), by
 * Newton's method. `inputs` holds `width` standardised values a row, `fraud` a 0 or 1.
 */
export function fitLogisticRegression(inputs: Float32Array, fraud: Uint8Array, width: number): LogisticWeights {
  const size = width + 1;
  const weights = new Float64Array(size);
  for (let step = 0; step < NEWTON_STEPS_MAX; step++) {
    const { gradient, hessian } = derivatives(inputs, fraud, weights);
    const change = solve(hessian, gradient, size);
    let moved = 0;
    for (let index = 0; index < size; index++) {
      weights[index] = (weights[index] ?? 0) - (change[index] ?? 0);
      moved = Math.max(moved, Math.abs(change[index] ?? 0));
    }
    if (moved < CONVERGED) break;
  }
  return weights;
}

/** Log-odds of every row. */
export function logisticLogits(weights: LogisticWeights, inputs: Float32Array): Float64Array {
  const width = weights.length - 1;
  return Float64Array.from({ length: inputs.length / width }, (_, row) => {
    let logit = weights[width] as number;
    for (let column = 0; column < width; column++) logit += (weights[column] as number) * (inputs[row * width + column] as number);
    return logit;
  });
}

function derivatives(inputs: Float32Array, fraud: Uint8Array, weights: LogisticWeights): { gradient: Float64Array; hessian: Float64Array } {
  const size = weights.length;
  const width = size - 1;
  const gradient = Float64Array.from(weights, (weight, index) => (index < width ? weight : 0));
  const hessian = new Float64Array(size * size);
  for (let index = 0; index < width; index++) hessian[index * size + index] = 1;
  const row = new Float64Array(size).fill(1);
  logisticLogits(weights, inputs).forEach((logit, at) => {
    const probability = 1 / (1 + Math.exp(-logit));
    const curvature = probability * (1 - probability);
    for (let column = 0; column < width; column++) row[column] = inputs[at * width + column] as number;
    for (let i = 0; i < size; i++) {
      const value = row[i] as number;
      gradient[i] = (gradient[i] as number) + (probability - (fraud[at] as number)) * value;
      for (let j = 0; j <= i; j++) hessian[i * size + j] = (hessian[i * size + j] as number) + curvature * value * (row[j] as number);
    }
  });
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) hessian[i * size + j] = hessian[j * size + i] as number;
  return { gradient, hessian };
}

/** Gaussian elimination with pivoting. */
function solve(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const a = matrix.slice();
  const b = right.slice();
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(a[row * size + column] as number) > Math.abs(a[pivot * size + column] as number)) pivot = row;
    swapRows(a, b, size, [column, pivot]);
    for (let row = column + 1; row < size; row++) {
      const factor = (a[row * size + column] as number) / (a[column * size + column] as number);
      for (let k = column; k < size; k++) a[row * size + k] = (a[row * size + k] as number) - factor * (a[column * size + k] as number);
      b[row] = (b[row] as number) - factor * (b[column] as number);
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = b[row] as number;
    for (let k = row + 1; k < size; k++) sum -= (a[row * size + k] as number) * (b[k] as number);
    b[row] = sum / (a[row * size + row] as number);
  }
  return b;
}

function swapRows(a: Float64Array, b: Float64Array, size: number, [one, other]: readonly [number, number]): void {
  if (one === other) return;
  for (let k = 0; k < size; k++) {
    const kept = a[one * size + k] as number;
    a[one * size + k] = a[other * size + k] as number;
    a[other * size + k] = kept;
  }
  const kept = b[one] as number;
  b[one] = b[other] as number;
  b[other] = kept;
}
