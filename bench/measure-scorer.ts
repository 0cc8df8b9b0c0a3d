import * as tf from '@tensorflow/tfjs';
import { BATCH_ROWS_MAX } from '@trancendos/models/compile-network';
import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import type { ModelVersion } from '@trancendos/models/load-version';

/** What one version does at one batch size. */
export interface BatchFigures {
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** The network alone, by plain loops and by kernels. */
  readonly loopsPerSecond: number;
  readonly kernelsPerSecond: number;
}

export interface ScorerFigures {
  readonly model: string;
  readonly inputs: number;
  readonly members: number;
  readonly batches: readonly BatchFigures[];
  /** The smallest batch measured at which kernels are faster; null: none. */
  readonly crossoverRows: number | null;
}

const BATCHES = [1, 2, 3, 4, 6, 8, 16, 32, 64, 128, 256];
const WARM_UP_ROWS = 20_000;
const MEASURED_MS = 700;

/** Measures whole scoring (transform, network, calibration) call by call, and the network's two ways beside each other. */
export function measureScorer(version: ModelVersion): ScorerFigures {
  const { manifest, network, scorer } = version;
  const features = drawVectors(BATCH_ROWS_MAX);
  const probabilities = new Float64Array(BATCH_ROWS_MAX);
  const inputs = Float32Array.from({ length: BATCH_ROWS_MAX * network.width }, (_, at) => 3 * Math.sin(at));
  const logits = new Float32Array(BATCH_ROWS_MAX);
  const batches = BATCHES.map((rows) => {
    const calls = timeCalls(() => scorer.score(features, rows, probabilities), rows);
    const loops = timeCalls(() => network.runLoops(inputs, rows, logits), rows);
    const kernels = timeCalls(() => network.runKernels(inputs, rows, logits), rows);
    return {
      rows,
      rowsPerSecond: rateOf(calls, rows),
      p50Us: percentile(calls, 0.5),
      p99Us: percentile(calls, 0.99),
      loopsPerSecond: rateOf(loops, rows),
      kernelsPerSecond: rateOf(kernels, rows),
    };
  });
  const crossover = batches.find(({ loopsPerSecond, kernelsPerSecond }) => kernelsPerSecond > loopsPerSecond);
  return { model: manifest.name, inputs: network.width, members: network.members, batches, crossoverRows: crossover?.rows ?? null };
}

/** Scores without a pause and says how much memory has grown between the end of the first tenth and the end. */
export async function soakScorer(
  version: ModelVersion,
  durationMs: number,
): Promise<{
  seconds: number;
  rows: number;
  heapGrowthMb: number;
  residentGrowthMb: number;
  tensorGrowth: number;
}> {
  const features = drawVectors(BATCH_ROWS_MAX);
  const probabilities = new Float64Array(BATCH_ROWS_MAX);
  let rows = 0;
  const scoreFor = async (milliseconds: number) => {
    for (const endMs = performance.now() + milliseconds; performance.now() < endMs;) {
      for (const size of [1, 3, 17, 64, 256]) {
        version.scorer.score(features, size, probabilities);
        rows += size;
      }
      version.explainer.explain(features, 5);
      await new Promise(setImmediate);
    }
    return { ...process.memoryUsage(), tensors: tf.memory().numTensors };
  };
  const early = await scoreFor(durationMs / 10);
  const late = await scoreFor((durationMs * 9) / 10);
  const megabytes = (bytes: number) => Math.round(bytes / 104_857.6) / 10;
  return {
    seconds: durationMs / 1_000,
    rows,
    heapGrowthMb: megabytes(late.heapUsed - early.heapUsed),
    residentGrowthMb: megabytes(late.rss - early.rss),
    tensorGrowth: late.tensors - early.tensors,
  };
}

function drawVectors(rows: number): Float64Array {
  return Float64Array.from({ length: rows * FEATURE_COUNT }, (_, at) => Math.abs(Math.sin(at * 1.1)) * 50);
}

/** Microseconds of every call within the measured time. */
function timeCalls(call: () => void, rows: number): Float64Array {
  for (let done = 0; done < WARM_UP_ROWS; done += rows) call();
  const times: number[] = [];
  for (const endMs = performance.now() + MEASURED_MS; performance.now() < endMs;) {
    const startedMs = performance.now();
    call();
    times.push((performance.now() - startedMs) * 1_000);
  }
  return Float64Array.from(times).sort();
}

function rateOf(calls: Float64Array, rows: number): number {
  const sumUs = calls.reduce((sum, time) => sum + time, 0);
  return Math.round((calls.length * rows * 1e6) / sumUs);
}

function percentile(sorted: Float64Array, share: number): number {
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN) * 10) / 10;
}
