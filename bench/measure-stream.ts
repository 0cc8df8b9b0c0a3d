import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { FeatureKernel, type FeatureEvent } from '@trancendos/models/features/feature-kernel';
import { LABEL_DELAY_DAYS, DAY_MS } from '@trancendos/models/features/feature-windows';
import type { BeliefParameters } from '@trancendos/models/features/describe-beliefs';
import { readSnapshot, writeSnapshot } from '@trancendos/models/features/snapshot-features';
import type { ModelVersion } from '@trancendos/models/load-version';
import { simulateWorld } from '@trancendos/models/simulator/simulate-world';
import { SAMPLE_BELIEFS } from '@trancendos/models/features/sample-beliefs';

export interface StreamFigures {
  readonly transactions: number;
  readonly days: number;
  readonly features: number;
  readonly stages: readonly { readonly stage: string; readonly perSecond: number; readonly microseconds: number }[];
  readonly restart: RestartFigures;
  /** Of the last batches, to explain. */
  readonly vectors: Float64Array;
}

/** What a worker needs to begin again with 30 days of state: from a snapshot, and without one by folding them again. */
export interface RestartFigures {
  readonly transactions: number;
  readonly snapshotMb: number;
  readonly readSnapshotMs: number;
  readonly foldAgainMs: number;
}

interface Payment {
  readonly event: FeatureEvent;
  readonly fraud: boolean;
}

const HISTORY_DAYS = 30;
const BATCH_ROWS = 64;
const KEPT_ROWS = 4_096;

/**
 * Runs the simulated stream, labels included, through the feature state of `HISTORY_DAYS` and more days, then scores and explains it in
 * batches of 64: what one core can decide, without the broker. Every stage is measured with the ones before it.
 */
export function measureStream(version: ModelVersion, days: number): StreamFigures {
  const payments = simulatePayments(HISTORY_DAYS + days);
  const [first] = payments;
  const fromMs = (first?.event.timeMs ?? 0) + HISTORY_DAYS * DAY_MS;
  const history = payments.filter(({ event }) => event.timeMs < fromMs);
  const measured = payments.slice(history.length);
  const beliefs = version.manifest.beliefs ?? SAMPLE_BELIEFS;
  const { snapshot, restart } = foldHistory(history, beliefs);
  const vectors = new Float64Array(KEPT_ROWS * FEATURE_COUNT);
  const stages = [
    { stage: 'features', scores: false, explains: false },
    { stage: 'features and scores', scores: true, explains: false },
    { stage: 'features, scores and reasons', scores: true, explains: true },
  ].map(({ stage, scores, explains }) => {
    const kernel = readSnapshot(snapshot, beliefs);
    const seconds = runBatches(
      kernel,
      measured,
      (features, rows, probabilities) => {
        if (scores) version.scorer.score(features, rows, probabilities);
        if (explains) version.explainer.explain(features, rows);
      },
      vectors,
    );
    return { stage, perSecond: Math.round(measured.length / seconds), microseconds: Math.round((seconds * 1e7) / measured.length) / 10 };
  });
  return { transactions: measured.length, days, features: FEATURE_COUNT, stages, restart, vectors };
}

function foldHistory(history: readonly Payment[], beliefs: BeliefParameters): { snapshot: Buffer; restart: RestartFigures } {
  const kernel = new FeatureKernel(beliefs);
  const startedMs = performance.now();
  for (const payment of history) fold(kernel, payment);
  const foldAgainMs = Math.round(performance.now() - startedMs);
  const snapshot = writeSnapshot(kernel);
  const readingMs = performance.now();
  readSnapshot(snapshot, beliefs);
  const readSnapshotMs = Math.round(performance.now() - readingMs);
  return {
    snapshot,
    restart: { transactions: history.length, snapshotMb: Math.round(snapshot.length / 1e5) / 10, readSnapshotMs, foldAgainMs },
  };
}

function fold(kernel: FeatureKernel, { event, fraud }: Payment): void {
  kernel.fold(event, { fraud, countsFromMs: event.timeMs + LABEL_DELAY_DAYS * DAY_MS });
}

/** Seconds that it took. */
function runBatches(
  kernel: FeatureKernel,
  payments: readonly Payment[],
  use: (features: Float64Array, rows: number, probabilities: Float64Array) => void,
  vectors: Float64Array,
): number {
  const features = new Float64Array(BATCH_ROWS * FEATURE_COUNT);
  const probabilities = new Float64Array(BATCH_ROWS);
  const startedMs = performance.now();
  for (let start = 0; start < payments.length; start += BATCH_ROWS) {
    const rows = Math.min(BATCH_ROWS, payments.length - start);
    for (let row = 0; row < rows; row++) {
      const payment = payments[start + row] as Payment;
      fold(kernel, payment);
      kernel.read(payment.event, features, row * FEATURE_COUNT);
    }
    use(features, rows, probabilities);
    vectors.set(features, (start % KEPT_ROWS) * FEATURE_COUNT);
  }
  return (performance.now() - startedMs) / 1_000;
}

function simulatePayments(days: number): Payment[] {
  const world = simulateWorld({ days });
  const startMs = world.options.startMs;
  return Array.from({ length: world.count }, (_, row) => ({
    event: {
      subject: `C-${world.customer[row]}`,
      terminal: `T-${world.terminal[row]}`,
      id: `t-${row}`,
      timeMs: startMs + (world.timeS[row] ?? 0) * 1_000,
      amountThousandths: (world.amountMinor[row] ?? 0) * 10,
    },
    fraud: world.scenario[row] !== 0,
  }));
}
