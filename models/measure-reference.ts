import { scoreOf } from './calibrate-scores.ts';
import { BATCH_ROWS_MAX } from './compile-network.ts';
import { measureWatched, type Reference } from './describe-reference.ts';
import { VersionRefused } from './describe-version.ts';
import { FEATURE_COUNT, findFeature } from './features/declare-features.ts';
import type { ModelVersion } from './load-version.ts';

/** The days `from` up to `to`, excluding, at midnight UTC. */
export interface ReferenceDays {
  readonly from: string;
  readonly to: string;
}

/**
 * How features and scores are spread over whole feature vectors that lie one behind the other in `vectors`, in the order of time: what drift of
 * the version is measured against. Throws `VersionRefused` where there is none.
 */
export function measureReference(version: ModelVersion, vectors: Float64Array, { from, to }: ReferenceDays): Reference {
  const rows = vectors.length / FEATURE_COUNT;
  if (rows === 0) throw new VersionRefused(`the data hold no payment from ${from} to ${to}`);
  const features = version.manifest.features.map((name) => {
    const column = findFeature(name) ?? NaN;
    return [name, measureWatched(Float64Array.from({ length: rows }, (_, row) => vectors[row * FEATURE_COUNT + column] ?? NaN))] as const;
  });
  return {
    manifest_sha256: version.hash,
    from,
    to,
    rows,
    features: Object.fromEntries(features),
    score: measureWatched(scoreAll(version, vectors, rows)),
  };
}

function scoreAll({ scorer }: ModelVersion, vectors: Float64Array, rows: number): Float64Array {
  const scores = new Float64Array(rows);
  const probabilities = new Float64Array(BATCH_ROWS_MAX);
  for (let start = 0; start < rows; start += BATCH_ROWS_MAX) {
    const count = Math.min(BATCH_ROWS_MAX, rows - start);
    scorer.score(vectors.subarray(start * FEATURE_COUNT), count, probabilities);
    for (let row = 0; row < count; row++) scores[start + row] = scoreOf(probabilities[row] ?? NaN);
  }
  return scores;
}
