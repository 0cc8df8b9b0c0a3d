import { FEATURE_COUNT } from '@trancendos/models/features/declare-features';
import type { FeatureGroup } from '@trancendos/models/features/feature-declaration';
import { BATCH_ROWS_MAX } from '@trancendos/models/compile-network';
import type { LoadedModel } from './load-model.ts';

/** What the models said of a transaction; `unavailable`: there is none; `invalid`: none gave a number. */
export type ModelOpinion =
  | {
      readonly kind: 'scored';
      readonly model: string;
      /** Whether the fallback had to score, because the champion is refused or gave no number. */
      readonly byFallback: boolean;
      readonly probability: number;
      /** Contributions of the feature groups to the log-odds. */
      readonly weights: Readonly<Record<FeatureGroup, number>>;
    }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'invalid'; readonly model: string };

/** The models of the ladder: the fallback scores where the champion does not. */
export interface Ladder {
  readonly champion: LoadedModel | null;
  readonly fallback: LoadedModel | null;
}

const probabilities = new Float64Array(BATCH_ROWS_MAX);

/** What the ladder says of `rows` whole feature vectors that lie one behind the other. */
export function opineRows({ champion, fallback }: Ladder, features: Float64Array, rows: number): ModelOpinion[] {
  const opinions: ModelOpinion[] = [];
  for (let start = 0; start < rows; start += BATCH_ROWS_MAX) {
    const count = Math.min(BATCH_ROWS_MAX, rows - start);
    const chunk = features.subarray(start * FEATURE_COUNT, (start + count) * FEATURE_COUNT);
    opinions.push(...opineChunk({ champion, fallback }, chunk, count));
  }
  return opinions;
}

function opineChunk({ champion, fallback }: Ladder, features: Float64Array, rows: number): ModelOpinion[] {
  const first = champion ?? fallback;
  if (!first) return Array.from({ length: rows }, () => ({ kind: 'unavailable' }));
  const opinions = scoreRows(first, features, rows, first !== champion);
  if (first === fallback || !fallback) return opinions;
  return opinions.map((opinion, row) => {
    if (opinion.kind === 'scored') return opinion;
    const [retried] = scoreRows(fallback, features.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT), 1, true);
    return retried?.kind === 'scored' ? retried : opinion;
  });
}

function scoreRows({ label, version }: LoadedModel, features: Float64Array, rows: number, byFallback: boolean): ModelOpinion[] {
  version.scorer.score(features, rows, probabilities);
  const weights = version.explainer.explain(features, rows);
  return Array.from({ length: rows }, (_, row) => {
    const probability = probabilities[row] as number;
    const contributions = weights[row];
    if (Number.isNaN(probability) || !contributions) return { kind: 'invalid', model: label };
    return { kind: 'scored', model: label, byFallback, probability, weights: contributions };
  });
}
