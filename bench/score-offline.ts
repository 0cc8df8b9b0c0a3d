import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import { FeatureKernel } from '@trancendos/models/features/feature-kernel';
import type { ModelVersion } from '@trancendos/models/load-version';
import type { TrafficRow } from '@trancendos/local/traffic-rows';

/** What the model says of a payment without any service between. */
export interface OfflineScore {
  readonly id: string;
  readonly probability: number;
  readonly features: Float64Array;
}

/** Folds rows in order, each with its label from when that is known, and scores those from `fromIndex` on, one by one. */
export function scoreOffline(version: ModelVersion, rows: readonly TrafficRow[], fromIndex: number): OfflineScore[] {
  const kernel = new FeatureKernel(version.manifest.beliefs);
  const probability = new Float64Array(1);
  return rows.flatMap((row, index) => {
    const event = {
      subject: String(row.customer),
      terminal: String(row.terminal),
      id: row.id,
      timeMs: row.occurredAtMs,
      amountThousandths: row.amountMinor * 10,
    };
    kernel.fold(event, index < fromIndex ? { fraud: row.fraud, countsFromMs: row.labelKnownAtMs } : undefined);
    if (index < fromIndex) return [];
    const features = new Float64Array(FEATURE_COUNT);
    kernel.read(event, features);
    version.scorer.score(features, 1, probability);
    return [{ id: row.id, probability: probability[0] ?? NaN, features }];
  });
}
